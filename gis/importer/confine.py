"""The walls of the child process: no network, little memory, little time, no new programs.

Owns: the namespace in front of the child (parent's side) and limits plus system-call filter
(child's side). Promises: `lock` returns what holds, after trying it; when neither a network
namespace nor the filter can be had it raises, so a foreign file is never read with the network
open. Needs no root: the filter and, on most systems, a user namespace work for anybody. Must not
know: what is read inside.
"""

import ctypes
import errno
import platform
import resource
import shutil
import socket
import struct
import subprocess
from functools import cache

from .limits import Limits, Refused

# per machine: the audit name of the architecture and the numbers of the system calls to refuse:
# socket, connect, bind, listen, socketpair, execve, execveat, ptrace, io_uring_setup
_CALLS = {
    "x86_64": (0xC000003E, (41, 42, 49, 50, 53, 59, 322, 101, 425)),
    "aarch64": (0xC00000B7, (198, 203, 200, 201, 199, 221, 281, 117, 425)),
}
_SET_NO_NEW_PRIVS, _SET_SECCOMP, _FILTER = 38, 22, 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_X32 = 0x40000000  # the other ABI of x86_64 has numbers of its own from here


@cache
def namespace() -> tuple[str, ...]:
    """The command in front of the child that takes the network away; () where none works."""
    if (program := shutil.which("unshare")) is None:
        return ()
    for command in ((program, "-n"), (program, "-r", "-n")):
        try:
            done = subprocess.run([*command, "true"], capture_output=True, timeout=10, check=False)
        except (OSError, subprocess.TimeoutExpired):
            continue
        if done.returncode == 0:
            return command
    return ()


def lock(limits: Limits, *, in_namespace: bool) -> list[str]:
    """Close the walls around this process and say which of them hold."""
    for kind, value in (
        (resource.RLIMIT_AS, limits.space_bytes),
        (resource.RLIMIT_DATA, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.result_bytes),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))
    walls = ["limits"]
    if in_namespace:
        walls.append("network namespace")
    if _filter_calls() and not _can_open_socket():
        walls.append("system-call filter")
    if len(walls) == 1:
        raise Refused("not_confined")
    return walls


def _filter_calls() -> bool:
    """Refuse the listed system calls to this process from now on; False where it cannot be."""
    architecture, calls = _CALLS.get(platform.machine(), (0, ()))
    if not calls:
        return False
    steps = [
        _step(_LOAD, 4),  # the architecture
        _step(_EQUAL, architecture, 1, 0),
        _step(_RETURN, _REFUSE),
        _step(_LOAD, 0),  # the number of the call
        _step(_AT_LEAST, _X32, 0, 1),
        _step(_RETURN, _REFUSE),
    ]
    for call in calls:
        steps += [_step(_EQUAL, call, 0, 1), _step(_RETURN, _REFUSE)]
    steps.append(_step(_RETURN, _ALLOW))
    code = ctypes.create_string_buffer(b"".join(steps))
    program = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = [ctypes.c_int, ctypes.c_ulong, ctypes.c_char_p, ctypes.c_ulong, ctypes.c_ulong]
    if prctl(_SET_NO_NEW_PRIVS, 1, None, 0, 0) != 0:
        return False
    return prctl(_SET_SECCOMP, _FILTER, program, 0, 0) == 0


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


def _can_open_socket() -> bool:
    try:
        socket.socket().close()
    except OSError:
        return False
    return True

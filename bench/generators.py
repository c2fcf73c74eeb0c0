"""Starting generators and talking to them: crowds of sockets, writers over HTTP.

Owns: their processes. Promises: each is ended here, by its end of input or by its own id; what
it says goes to its caller. Must not know: figures and what they mean.
"""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from bench import machine
from tests import servers


class Generator:
    """One child that answers a JSON line with a JSON line."""

    def __init__(self, process: subprocess.Popen, plan: Mapping[str, Any]):
        self.process = process
        self._write(plan)
        self.first = self._read()

    @property
    def pid(self) -> int:
        """The process."""
        return self.process.pid

    def begin(self, do: str, **command: Any) -> None:
        """Start a command without waiting for its end."""
        self._write({"do": do} | command)

    def answer(self) -> dict[str, Any]:
        """Wait for the end of the command that was begun."""
        return self._read()

    def ask(self, do: str, **command: Any) -> dict[str, Any]:
        """One command and its answer."""
        self.begin(do, **command)
        return self.answer()

    def _write(self, value: Mapping[str, Any]) -> None:
        self.process.stdin.write(json.dumps(value) + "\n")
        self.process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"a generator ended with exit code {self.process.wait(20)}")
        return json.loads(line)


@contextlib.contextmanager
def generator(
    module: str, plan: Mapping[str, Any], *, env: Mapping[str, str] | None = None
) -> Iterator[Generator]:
    """`python -m <module>` on the generator's core, with this plan."""
    with machine.on_cores(machine.cores()[1]):
        process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=servers.ROOT,
            env=os.environ | (env or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
    try:
        yield Generator(process, plan)
    finally:
        process.stdin.close()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

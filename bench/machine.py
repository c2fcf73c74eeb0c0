"""The machine under the figures: facts, cores, and what processes cost.

Owns: reading /proc (Linux) and the fsync probe. Promises: nothing here changes the machine;
`on_cores` gives what is started inside of it these cores and puts its caller's back. Must not
know: what is measured.
"""

import contextlib
import os
import platform
import statistics
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TICKS = os.sysconf("SC_CLK_TCK")


def cores() -> tuple[set[int], set[int]]:
    """Cores for the server and for the generator; the same one where there is only one."""
    every = sorted(os.sched_getaffinity(0))
    return {every[0]}, {every[1] if len(every) > 1 else every[0]}


@contextlib.contextmanager
def on_cores(wanted: set[int]) -> Iterator[None]:
    """Processes started inside run on these cores alone."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, wanted)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cpu_seconds(pid: int) -> float:
    """Processor time of a process so far, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_mb(pid: int) -> float:
    """Memory that a process holds now."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def unsent_mb(port: int) -> float:
    """What the kernel holds for the readers of a local port: sent by the server, not yet read."""
    total = 0
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if int(fields[1].rpartition(":")[2], 16) == port:
            total += int(fields[4].partition(":")[0], 16)
    return total / 2**20


@dataclass
class Meter:
    """Processor time of some processes since `start`."""

    pids: dict[str, int]

    def __post_init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Count from here."""
        self._from = {name: cpu_seconds(pid) for name, pid in self.pids.items()}

    def seconds(self) -> dict[str, float]:
        """Seconds of each process since the start."""
        return {name: cpu_seconds(pid) - self._from[name] for name, pid in self.pids.items()}


def fsync_ms(folder: Path, times: int = 200) -> list[float]:
    """How long the disk under this folder takes to keep 4 KiB for certain."""
    path = folder / "fsync.probe"
    taken = []
    with path.open("wb", buffering=0) as file:
        for _time in range(times):
            file.write(os.urandom(4096))
            started = time.perf_counter()
            os.fsync(file.fileno())
            taken.append((time.perf_counter() - started) * 1000)
    path.unlink()
    return taken


def facts(folder: Path) -> dict[str, Any]:
    """What somebody needs to know to compare with another machine."""
    probe = sorted(fsync_ms(folder))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(memory, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
        "file_system": _file_system(folder),
        "fsync_ms_median": round(statistics.median(probe), 2),
        "fsync_ms_p95": round(probe[int(len(probe) * 0.95)], 2),
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _file_system(folder: Path) -> str:
    command = ["stat", "--file-system", "--format=%T", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()

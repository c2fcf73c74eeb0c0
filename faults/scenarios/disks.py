"""Disks that are full, and power that is cut: what was acknowledged is there afterwards.

Owns: the mounts, each in a folder of the run, taken away again. Promises: without root or without
loop devices the scenario says so and does nothing. A cut of power is a copy of the image of a file
system while its writer stands still: only what was brought to disk is in it.
"""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg

from faults.checks import check
from faults.federation import Template, federation
from faults.load import OK, History, writers, written
from faults.nodes import CITY, YANTA, Node, wait_until
from faults.report import Outcome
from tests import servers

IMAGE_MB = 512


@contextlib.contextmanager
def mounted(folder: Path, *words: str | Path) -> Iterator[Path]:
    """Something mounted on this folder."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", *map(str, words), str(folder)], check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True, capture_output=True)


def why_not() -> str:
    """Why nothing can be mounted here; empty where it can."""
    if os.geteuid() != 0:
        return "needs root for mounts"
    with tempfile.TemporaryDirectory() as folder:
        try:
            image = _image(Path(folder) / "image", 8)
            with mounted(Path(folder) / "m", "-o", "loop", image):
                return ""
        except (OSError, subprocess.CalledProcessError) as error:
            return f"no loop devices: {error}"


def _image(path: Path, megabytes: int) -> Path:
    with path.open("wb") as file:
        file.truncate(megabytes * 2**20)
    subprocess.run(["mkfs.ext4", "-q", str(path)], check=True, capture_output=True)
    return path


def disk_full(
    folder: Path, *, updates: int = 600, rate: float = 30.0, full: float = 10.0
) -> Outcome:
    """The disk of the city fills while all write, and is emptied again."""
    outcome = Outcome("disk full", "nothing acknowledged that is not stored; recovers by itself")
    if reason := why_not():
        outcome.asked += f" ({reason})"
        return outcome
    if "BELLTOWER_DATABASE_URL" in os.environ:
        outcome.asked += " (SQLite only)"
        return outcome
    with mounted(folder / "f" / CITY, "-t", "tmpfs", "-o", "size=48m", "none") as disk:
        with federation(Template(folder / "t"), folder / "f", lower=[YANTA]) as made:
            history = History.of(made)
            writing = writers(made, history, count=updates, rate=rate)
            threading.Event().wait(2)
            _fill(disk / "filler")
            ended = time.monotonic() + full
            unwell = 0
            while time.monotonic() < ended:
                unwell += not servers.is_healthy(made.city.port)
                threading.Event().wait(0.5)
            failed = len([op for op in history.ops if op.outcome != OK])
            (disk / "filler").unlink()
            begun = time.monotonic()
            wait_until(lambda: _takes(made.city), within=60, what="the city writes again")
            outcome.measured["writes again after s"] = time.monotonic() - begun
            written(writing, within=120)
            history.before |= {one["id"] for one in _probes(made.city)}
            found = check(made, history, within=120)
    outcome.wrong += found.wrong
    outcome.require(failed > 0, "the disk was never full")
    outcome.measured |= {"failed while full": failed, "unwell": unwell, **found.figures}
    return outcome


PROBE = "is there room again"


def _takes(node: Node) -> bool:
    try:
        node.report(PROBE)
    except (RuntimeError, OSError):
        return False
    return True


def _probes(node: Node) -> list[dict]:
    return node.get("/incidents", state="all", q=PROBE)["items"]


def _fill(path: Path) -> None:
    """Leave no room on the disk of this file."""
    with contextlib.suppress(OSError), path.open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 65536)
    with contextlib.suppress(OSError), path.open("ab", buffering=0) as file:
        while True:
            file.write(b"x" * 512)


@dataclass
class Rig:
    """A node whose data lie on an image of their own."""

    image: Path
    node: Node
    pids: list[int]  # who stands still during a cut

    def cut(self, copy: Path) -> None:
        """Copy the image while nobody writes."""
        for pid in self.pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            shutil.copyfile(self.image, copy)
        finally:
            for pid in reversed(self.pids):
                os.kill(pid, signal.SIGCONT)


def power_cuts(folder: Path, *, cuts: int = 20, rate: float = 60.0) -> Outcome:
    """Copies of a disk at moments between two writes, on SQLite or on PostgreSQL."""
    is_postgres = "BELLTOWER_DATABASE_URL" in os.environ
    title = f"power cut, {'PostgreSQL' if is_postgres else 'SQLite'}"
    outcome = Outcome(title, f"{cuts} cuts, 0 acknowledged commits lost")
    if reason := why_not():
        outcome.asked += f" ({reason})"
        return outcome
    folder.mkdir(exist_ok=True)
    folder.chmod(0o711)
    image = _image(folder / "image", IMAGE_MB)
    acknowledged = 0
    with contextlib.ExitStack() as stack:
        disk = stack.enter_context(mounted(folder / "f" / CITY, "-o", "loop", image))
        disk.chmod(0o755)
        url = stack.enter_context(_postgres_on(disk)) if is_postgres else ""
        template = Template(folder / "t", url=url)
        made = stack.enter_context(federation(template, folder / "f", lower=[]))
        pids = [*made.city.pids().values(), *(_postgres_pids(disk) if is_postgres else [])]
        rig, history = Rig(image, made.city, pids), History.of(made)
        writing = writers(made, history, count=int(cuts * rate * 60), rate=rate)
        for number in range(cuts):
            threading.Event().wait(0.5 + number % 4 / 3)
            if is_postgres:
                rig.pids = [*made.city.pids().values(), *_postgres_pids(disk)]
            done = {op.id for op in history.done("report", "entry")}
            rig.cut(folder / "copy")
            acknowledged = len(done)
            with mounted(folder / "copied" / CITY, "-o", "loop", folder / "copy") as copied:
                copied.chmod(0o755)  # the node closed it to others, its PostgreSQL among them
                lost = done - _ids(copied, made.city)
                outcome.require(not lost, f"cut {number}: {len(lost)} of {len(done)} are lost")
                if not is_postgres:
                    copy = replace(made.city, var=folder / "copied", env=_env(made.city, folder))
                    outcome.require(copy.log_is_whole(), f"cut {number}: verifylog found something")
            (folder / "copy").unlink()
        for one in writing:
            one.stop.set()
        written(writing, within=60)
    outcome.measured = {"cuts": cuts, "acknowledged": acknowledged}
    return outcome


def _env(node: Node, folder: Path) -> dict[str, str]:
    return node.env | {"BELLTOWER_VAR": str(folder / "copied")}


@contextlib.contextmanager
def _postgres_on(disk: Path) -> Iterator[str]:
    """A durable PostgreSQL in a folder of this disk."""
    before, tempfile.tempdir = tempfile.tempdir, str(disk)
    try:
        with servers.postgres(durable=True) as url:
            tempfile.tempdir = before
            yield url
    finally:
        tempfile.tempdir = before


def _postgres_pids(disk: Path) -> list[int]:
    """The processes of the cluster on this disk, its first one last."""
    (pidfile,) = disk.glob("belltower-pg-*/data/postmaster.pid")
    first = int(pidfile.read_text().split()[0])
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    return [*map(int, children), first]


def _ids(disk: Path, node: Node) -> set[str]:
    """Ids of incidents and entries in the database on the copy, opened as after a crash."""
    words = "SELECT id FROM emergency_incident UNION SELECT id FROM emergency_entry"
    found = list(disk.glob("belltower-pg-*"))
    if not found:
        with contextlib.closing(sqlite3.connect(disk / "db" / "node.sqlite3")) as connection:
            return {str(uuid.UUID(row[0])) for row in connection.execute(words)}
    (folder,) = found
    for held in ("data/postmaster.pid", ".s.PGSQL.5432.lock"):  # of the server on the original
        (folder / held).unlink(missing_ok=True)
    name = node.env["BELLTOWER_DATABASE_URL"].rpartition("/")[2]
    with servers.postgres_in(folder, folder.owner(), durable=True) as (root, _process):
        with psycopg.connect(f"{root.rpartition('/')[0]}/{name}") as connection:
            return {str(row[0]) for row in connection.execute(words)}

"""The node under test: the demo city, seeded once for a run and copied for each benchmark.

Owns: its folder (under var/, on the disk a node would use), its processes and tokens. Promises:
every benchmark starts from the same fresh city; the demo of somebody who works in this folder is
never touched; all is removed afterwards. Must not know: what is measured.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import machine
from tests import servers


@dataclass(frozen=True)
class City:
    """A seeded folder with the environment that points to it."""

    var: Path
    env: dict[str, str]
    issued: list[str] = field(default_factory=list)

    def inside(self, module: str, *arguments: str) -> Any:
        """Run `bench.inside.<module>` with the node's settings; what it printed as JSON."""
        command = [sys.executable, "-m", f"bench.inside.{module}", *arguments]
        done = subprocess.run(
            command,
            cwd=servers.ROOT,
            env=os.environ | self.env,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    def tokens(self, count: int) -> list[str]:
        """So many bearer tokens of officers who may see every incident, made once."""
        if missing := max(0, count - len(self.issued)):
            self.issued.extend(self.inside("tokens", str(missing)))
        return self.issued[:count]

    def said(self, text: str) -> int:
        """How often the node's output holds this text."""
        return sum(path.read_text(errors="replace").count(text) for path in self.var.glob("*.log"))


@dataclass(frozen=True)
class Served:
    """A process that listens."""

    pid: int
    port: int


class Cities:
    """Makes cities; the first one of each database takes its time."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._made = 0

    @contextlib.contextmanager
    def fresh(self, **env: str) -> Iterator[City]:
        """A freshly seeded city; `env` are BELLTOWER_ values without that prefix."""
        self._made += 1
        var = self.folder / f"city-{self._made}"
        values = {f"BELLTOWER_{name}": value for name, value in env.items()}
        if "DATABASE_URL" in env:
            city = self._seed(var, values)
        else:
            shutil.copytree(self._seeded(), var)
            city = _city(var, values)
        try:
            yield city
        finally:
            shutil.rmtree(var, ignore_errors=True)

    def _seeded(self) -> Path:
        var = self.folder / "seeded"
        if not var.exists():
            print("seeding the demo city once ...", flush=True)
            self._seed(var, {})
        return var

    def _seed(self, var: Path, values: Mapping[str, str]) -> City:
        var.mkdir()
        city = _city(var, values)
        servers.manage("seeddemo", env=city.env)
        return city


def _city(var: Path, values: Mapping[str, str]) -> City:
    own = {"BELLTOWER_VAR": str(var), "DJANGO_SETTINGS_MODULE": "config.settings"}
    return City(var, dict(values) | own)


@contextlib.contextmanager
def cities() -> Iterator[Cities]:
    """A folder for one run, on the disk of this project."""
    parent = servers.ROOT / "var"
    parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=parent) as folder:
        yield Cities(Path(folder))


@contextlib.contextmanager
def node(city: City, *, cores: set[int] | None = None) -> Iterator[Served]:
    """The city's node, as `manage.py runnode` starts it."""
    port = servers.free_port()
    with contextlib.ExitStack() as stack:
        with machine.on_cores(cores or os.sched_getaffinity(0)):
            process = stack.enter_context(servers.node(city.env, port, var=city.var))
        yield Served(process.pid, port)


@contextlib.contextmanager
def program(
    command: Sequence[str], *, port: int, env: Mapping[str, str], log: Path, cores: set[int] | None
) -> Iterator[Served]:
    """Another server of a benchmark, handed over when its port takes connections."""
    words = [sys.executable, *command]
    with contextlib.ExitStack() as stack:
        with machine.on_cores(cores or os.sched_getaffinity(0)):
            process = stack.enter_context(servers.running(words, log=log, env=os.environ | env))
        servers.wait_for(lambda: listens(port), what=words[-1], process=process, log=log)
        yield Served(process.pid, port)


def listens(port: int) -> bool:
    """Whether somebody takes connections on this port."""
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
    except OSError:
        return False
    return True

"""One real node as processes, and a Redis, that can be killed and started again.

Owns: their processes and the way to their API. Promises: processes end with the thread that started
them, so it has to be the one that uses them. Must not know: pairing, faults, writers, checks.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from faults import inside
from tests import servers

CITY, YANTA, CHANGAN = "xian", "xian-yanta", "xian-changan"
HONEST, SPARE, REVOKED, WAITING = LIARS = "xian-liar", "xian-spare", "xian-revoked", "xian-waiting"
LOWER = {YANTA: "610113", CHANGAN: "610116"}  # and the organisation that runs it


def wait_until(holds: Callable[[], Any], *, within: float, what: str, every: float = 0.1) -> float:
    """Wait for a condition; the seconds it took. Raises TimeoutError that says what was missing."""
    started, pause = time.monotonic(), threading.Event()
    while not holds():
        if time.monotonic() - started > within:
            raise TimeoutError(f"not within {within:.0f} s: {what}")
        pause.wait(every)
    return time.monotonic() - started


@dataclass(eq=False)
class Node:
    """One node: its environment, its ports and its processes."""

    name: str
    organisation: str
    var: Path
    env: dict[str, str]
    ports: list[int]
    token: str = ""
    running: dict[str, tuple[subprocess.Popen, contextlib.ExitStack]] = field(default_factory=dict)

    @property
    def port(self) -> int:
        """The port that lines lead to."""
        return self.ports[0]

    @property
    def folder(self) -> Path:
        """Where its keys and its log file are."""
        return self.var / self.name

    @property
    def log(self) -> Path:
        """What its processes say."""
        return self.var / f"{self.name}.log"

    @property
    def is_service(self) -> bool:
        return bool(self.env.get("BELLTOWER_REDIS_URL"))

    def commands(self, *commands: Sequence[str]) -> list[str]:
        """Run management commands, one after the other; what each printed."""
        return inside.run(self.env, self.log, *commands)

    # processes

    def start(self, *, wait: bool = True) -> None:
        """Start what does not run."""
        for port in self.ports:
            self._start(f"web-{port}", "runnode", "--port", str(port))
        if self.is_service:
            self._start("timers", "runtimers")
            if self.name != CITY:  # nobody is above the city
                self._start("links", "runlink")
        if wait:
            self.await_ready()

    def _start(self, title: str, *words: str) -> None:
        if title in self.running and self.running[title][0].poll() is None:
            return
        stack = contextlib.ExitStack()
        command = [sys.executable, "manage.py", *words]
        env = os.environ | self.env | {"PYTHONUNBUFFERED": "1"}
        process = stack.enter_context(servers.running(command, log=self.log, env=env))
        self.running[title] = process, stack

    def await_ready(self) -> None:
        """Return once every web process answers."""
        for port in self.ports:
            process, _stack = self.running[f"web-{port}"]
            servers.wait_for(
                lambda port=port: servers.is_healthy(port),
                what=self.name,
                process=process,
                log=self.log,
            )

    def kill(self, *titles: str) -> None:
        """SIGKILL, to all processes or to those whose title begins so."""
        self._end(signal.SIGKILL, titles)

    def stop(self) -> None:
        """SIGTERM, to all processes."""
        self._end(signal.SIGTERM, ())

    def _end(self, number: signal.Signals, titles: tuple[str, ...]) -> None:
        chosen = [one for one in self.running if not titles or one.startswith(titles)]
        ending = [self.running.pop(title) for title in chosen]
        for process, _stack in ending:
            if process.poll() is None:
                process.send_signal(number)
        for _process, stack in ending:
            stack.close()

    def pids(self) -> dict[str, int]:
        """The processes that run, by title."""
        return {title: process.pid for title, (process, _stack) in self.running.items()}

    # API

    def client(self, timeout: float = 30.0) -> httpx.Client:
        """A client of the duty officer."""
        return httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}/api",
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=timeout,
            trust_env=False,
        )

    def get(self, path: str, **query: Any) -> Any:
        """One answer; None where there is none. Raises httpx errors of the network."""
        with self.client() as client:
            answer = client.get(path, params=query)
        return answer.json() if answer.status_code == 200 else None

    def peers(self) -> dict[str, dict[str, Any]]:
        """How its links stand, by peer."""
        return {peer["node"]: peer for peer in self.get("/peers")}

    def report(self, title: str, **fields: Any) -> str:
        """Report an incident; its id."""
        given = {"id": str(uuid.uuid4()), "title": title, "type_code": "12D02"} | fields
        with self.client() as client:
            answer = client.post("/incidents", json=given)
        if answer.status_code != 201:
            raise RuntimeError(f"{self.name} did not take a report: {answer.text[:300]}")
        return answer.json()["id"]

    def titles(self, text: str = "") -> set[str]:
        """The titles of all its incidents, or of those with this text."""
        found = self.get("/incidents", state="all", q=text)
        return {one["title"] for one in found["items"]}

    def log_is_whole(self) -> bool:
        """`manage.py verifylog` finds nothing."""
        with contextlib.suppress(RuntimeError):
            return "rows verified" in self.commands(["verifylog"])[0]
        return False


class Redis:
    """A Redis that can be killed and comes back on the same port."""

    def __init__(self, folder: Path):
        self.port = servers.free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._log = folder / "redis.log"
        self._stack = contextlib.ExitStack()
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        command = [shutil.which("redis-server"), "--bind", "127.0.0.1", "--port", str(self.port)]
        command += ["--save", "", "--appendonly", "no", "--dir", self._log.parent]
        self.process = self._stack.enter_context(servers.running(command, log=self._log))
        servers.wait_for(
            lambda: servers.answers_ping(self.url),
            what="Redis",
            process=self.process,
            log=self._log,
        )

    def kill(self) -> None:
        """SIGKILL."""
        if self.process is not None:
            self.process.kill()
        self._stack.close()

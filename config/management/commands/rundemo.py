"""`manage.py rundemo`: the demo city and two of its districts, seeded, linked and served.

Owns: the processes it starts and the table it prints. Promises: every node has a folder, a port
and accounts of its own; a port in use is named before anything is started; districts are paired
with the city once, by the same codes that administrators use; when a node ends the others go on
and Enter starts it again; Ctrl-C ends all. Must not know: what a node does.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

MANAGE = settings.BASE_DIR / "manage.py"
STOP_WITHIN = 20  # seconds


@dataclass(frozen=True)
class Node:
    """One node of the demo."""

    name: str
    title: str
    title_en: str
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def folder(self) -> Path:
        return settings.VAR_DIR / self.name

    @property
    def env(self) -> dict[str, str]:
        own = {"NODE": self.name, "PORT": str(self.port)}
        own |= {"NODE_NAME": self.title, "NODE_NAME_EN": self.title_en}
        return os.environ | {f"BELLTOWER_{key}": value for key, value in own.items()}

    def manage(self, *words: str) -> str:
        """Run a management command of this node to its end; what it printed."""
        done = subprocess.run(
            [sys.executable, MANAGE, *words], env=self.env, check=True, stdout=subprocess.PIPE
        )
        return done.stdout.decode()


CITY = Node("xian", "西安市", "Xi'an", settings.PORT)
DISTRICTS = [
    Node("xian-yanta", "雁塔区", "Yanta District", settings.PORT + 1),
    Node("xian-changan", "长安区", "Chang'an District", settings.PORT + 2),
]
NODES = [CITY, *DISTRICTS]


class Command(BaseCommand):
    help = "Seed, link and serve the demo city and two districts."

    def handle(self, *args: Any, **options: Any) -> None:
        for node in NODES:
            self._require_free(node.port)
        self.running: dict[Node, subprocess.Popen] = {}
        self._pause = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler)
        try:
            with ThreadPoolExecutor(len(NODES)) as pool:
                list(pool.map(self._seed, NODES))
                list(pool.map(self._start, NODES))
            for node in DISTRICTS:
                self._pair(node)
            self._table()
            self._keep()
        except subprocess.CalledProcessError as error:
            raise CommandError("the demo city could not be made; see above") from error
        except KeyboardInterrupt:
            self.stdout.write("\nstopping")
        finally:
            for process in self.running.values():
                process.terminate()
            for process in self.running.values():
                process.wait(timeout=STOP_WITHIN)

    def _require_free(self, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise CommandError(
                    f"port {port} is in use: is the demo already running in another terminal?"
                ) from error

    def _seed(self, node: Node) -> None:
        subprocess.run([sys.executable, MANAGE, "seeddemo"], env=node.env, check=True)

    def _start(self, node: Node) -> None:
        """Start a node and wait for the line that says it listens; pass on what it says."""
        path = node.folder / "node.log"
        path.touch(mode=0o600)
        with path.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, MANAGE, "runnode"],
                env=node.env,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        self.running[node] = process
        line = process.stdout.readline().decode()
        if not line:
            raise CommandError(f"{node.name} did not start; see {path}")
        self._say(f"  {line.strip()} (process {process.pid})")
        threading.Thread(target=process.stdout.read, daemon=True).start()

    def _pair(self, node: Node) -> None:
        """Pair a district with the city, once, as two administrators would."""
        done = node.folder / "paired"
        if done.exists():
            return
        self._say(f"  {node.name}: pairing with {CITY.name} …")
        code = json.loads(CITY.manage("pairnode", "code", node.name))["code"]
        ours = json.loads(node.manage("pairnode", "join", CITY.url, code))["number"]
        theirs = json.loads(CITY.manage("pairnode", "confirm", node.name, "--cleared"))["number"]
        if ours != theirs:
            raise CommandError(f"{node.name} and {CITY.name} do not show the same number")
        node.manage("pairnode", "confirm", CITY.name, "--cleared")
        done.touch()

    def _keep(self) -> None:
        """Say when a node ends; Enter starts it again; until Ctrl-C."""
        threading.Thread(target=self._start_at_enter, daemon=True).start()
        while True:
            for node, process in list(self.running.items()):
                if process.poll() is not None:
                    del self.running[node]
                    self._say(f"{node.title} ({node.name}) has ended. Enter starts it again.")
            self._pause.wait(0.5)

    def _start_at_enter(self) -> None:
        for _line in sys.stdin:
            for node in NODES:
                if node not in self.running:
                    self._start(node)

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _table(self) -> None:
        for node in NODES:
            self.stdout.write(f"\n{node.title}  {node.url}")
            path = node.folder / "credentials.json"
            for account in json.loads(path.read_text())["accounts"]:
                self.stdout.write(
                    f"  {account['user']:<10} {account['password']:<20} "
                    f"{account['role']:<17} {account['organisation']}"
                )
        self._say("\nCtrl-C stops everything.")

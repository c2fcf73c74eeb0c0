"""`manage.py rundemo`: the demo city, seeded and served, in one terminal.

Owns: the processes it starts and the table it prints. Promises: every node has a folder, a port
and accounts of its own; a port in use is named before anything is started; Ctrl-C, or the end of
one node, ends all. Must not know: what a node does.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

NODES = [("xian", "西安市", settings.PORT)]
MANAGE = settings.BASE_DIR / "manage.py"


class Command(BaseCommand):
    help = "Seed and serve the demo city."

    def handle(self, *args: Any, **options: Any) -> None:
        for _node, _name, port in NODES:
            self._require_free(port)
        running: list[subprocess.Popen] = []
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            for node, name, port in NODES:
                env = self._environment(node, name, port)
                subprocess.run([sys.executable, MANAGE, "seeddemo"], env=env, check=True)
                running.append(self._start(node, env))
            self._table()
            os.wait()
            self.stderr.write("a node has ended; stopping")
        except subprocess.CalledProcessError as error:
            raise CommandError("the demo city could not be made; see above") from error
        except KeyboardInterrupt:
            self.stdout.write("\nstopping")
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(timeout=20)

    def _require_free(self, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise CommandError(
                    f"port {port} is in use: is the demo already running in another terminal?"
                ) from error

    def _environment(self, node: str, name: str, port: int) -> dict[str, str]:
        own = {"NODE": node, "NODE_NAME": name, "PORT": str(port)}
        return os.environ | {f"BELLTOWER_{key}": value for key, value in own.items()}

    def _start(self, node: str, env: dict[str, str]) -> subprocess.Popen:
        """Start a node and wait for the line that says it listens; pass on what it says."""
        path = settings.VAR_DIR / node / "node.log"
        path.touch(mode=0o600)
        log = path.open("ab")
        process = subprocess.Popen(
            [sys.executable, MANAGE, "runnode"], env=env, stdout=subprocess.PIPE, stderr=log
        )
        line = process.stdout.readline().decode()
        if not line:
            raise CommandError(f"{node} did not start; see {log.name}")
        self.stdout.write(f"  {line.strip()}")
        threading.Thread(target=process.stdout.read, daemon=True).start()
        return process

    def _table(self) -> None:
        for node, name, port in NODES:
            path = settings.VAR_DIR / node / "credentials.json"
            self.stdout.write(f"\n{name}  http://127.0.0.1:{port}")
            for account in json.loads(path.read_text())["accounts"]:
                self.stdout.write(
                    f"  {account['user']:<10} {account['password']:<20} "
                    f"{account['role']:<17} {account['organisation']}"
                )
        self.stdout.write("\nCtrl-C stops everything.")
        self.stdout.flush()

"""`manage.py seeddemo`: fill this node with the demo city; a second run changes nothing.

Owns: the order of the seeding and credentials.json (readable by its owner alone). Promises: only
what is missing is made, progress is printed. Must not know: the data itself.
"""

import json
import os
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from drills.demo import seed_due_rules
from emergency import demo
from gis.demo.build import build_demo_city
from realtime.log import SYSTEM
from realtime.start import open_log


class Command(BaseCommand):
    help = "Make the demo city: organisations, accounts, layers."

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        self._say("database …")
        call_command("migrate", verbosity=0)
        open_log()
        self._say(f"{demo.seed_organisations()} organisations")
        self._say(f"{demo.seed_plans()} plans")
        self._say(f"{seed_due_rules()} rules of what is due")
        made = demo.seed_accounts()
        self._keep(made)
        self._say(f"{len(made)} new accounts")
        report = build_demo_city(actor=SYSTEM, progress=self._progress)
        self._say(str(report))
        self._say(f"ready after {time.monotonic() - started:.1f} s")

    def _keep(self, made: list[dict[str, Any]]) -> None:
        path = settings.NODE_DIR / "credentials.json"
        known = json.loads(path.read_text())["accounts"] if path.exists() else []
        content = {
            "node": settings.NODE_ID,
            "url": f"http://127.0.0.1:{settings.PORT}",
            "accounts": known + made,
        }
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=2)

    def _progress(self, what: str, done: int, total: int) -> None:
        self._say(f"{done:>3}/{total} {what}")

    def _say(self, text: str) -> None:
        self.stdout.write(f"  {settings.NODE_ID}: {text}")
        self.stdout.flush()

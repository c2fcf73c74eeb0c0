"""`manage.py runtimers`: the timers of a node in service, in a process of their own.

Owns: nothing but the start and the end. Must not know: what the timers do.
"""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from config import running
from emergency import timers


class Command(BaseCommand):
    help = "Run the timers of this node (the embedded node runs them itself)."

    def handle(self, *args: Any, **options: Any) -> None:
        running.begin()
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_args: stop.set())
        self.stdout.write("timers run")
        self.stdout.flush()
        timers.run(stop)

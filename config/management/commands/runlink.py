"""`manage.py runlink`: the links to the nodes above, in a process of their own (in service).

Owns: nothing but the start and the end. Must not know: what is said over a link.
"""

import asyncio
import signal
from typing import Any

from django.core.management.base import BaseCommand

from config import running
from realtime.link.dial import keep_links
from realtime.link.session import LinkSession


class Command(BaseCommand):
    help = "Keep the links to the nodes above (the embedded node does so itself)."

    def handle(self, *args: Any, **options: Any) -> None:
        running.begin()
        LinkSession.none_stand(upper=True)
        asyncio.run(self._run())

    async def _run(self) -> None:
        links = asyncio.create_task(keep_links())
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, links.cancel)
        self.stdout.write("links run")
        self.stdout.flush()
        await asyncio.wait([links])

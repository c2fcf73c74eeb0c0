"""The tail: one reader per process that follows the log and hands new rows on.

Owns: the position up to which this process has read. Promises: rows are handed on in commit
order, each once; a wake-up only shortens the wait, a timer of a second covers every lost one; a
database error, like any other, is logged and waited out. Must not know: sockets, frames.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from channels.db import database_sync_to_async
from django.conf import settings

from . import access, log, marker, wakeup
from .models import Envelope, Parked

BATCH = 200
PATIENCE = 1.0  # seconds without a wake-up until the log is read anyway
PULSE = 2.0  # seconds between two pulses

logger = logging.getLogger(__name__)
Deliver = Callable[[Envelope, dict[str, access.Scope]], Awaitable[None]]


def read(position: int) -> tuple[log.Head, list[Envelope], dict[str, access.Scope]]:
    """The head, the rows after this position and what governs each; one trip to the database."""
    head = log.head()
    rows = log.read_after(position, BATCH) if head.position > position else []
    foreign = [row.position for row in rows if row.source != settings.NODE_ID]
    if foreign:
        waiting = set(Parked.objects.filter(envelope__in=foreign).values_list("pk", flat=True))
        for row in rows:
            row.waits = row.position in waiting
    return head, rows, access.resolver().scopes({row.about for row in rows}) if rows else {}


class Tail:
    """Follows the log from the head at its start."""

    def __init__(self, deliver: Deliver, pulse: Callable[[str], Awaitable[None]]):
        self.wake = asyncio.Event()
        self.position = 0
        self.epoch = ""
        self._deliver = deliver
        self._pulse = pulse
        self._task: asyncio.Task | None = None
        self._ready: asyncio.Future | None = None

    async def start(self) -> None:
        """Run in the background; returns when the position is known."""
        if self._task is None or self._task.done():
            self._ready = asyncio.get_running_loop().create_future()
            self._task = asyncio.create_task(self._run())
            wakeup.register(self.wake)
            self._listener = asyncio.create_task(wakeup.listen())
        await asyncio.shield(self._ready)

    async def _run(self) -> None:
        head = await database_sync_to_async(log.head)()
        self.position, self.epoch = head.position, head.epoch
        self._ready.set_result(None)
        pulsed = time.monotonic()
        while True:
            self.wake.clear()
            try:
                head, rows, scopes = await database_sync_to_async(read)(self.position)
                self.epoch = head.epoch
                for row in rows:
                    # before the delivery: whoever joins during it reads this row by itself
                    self.position = row.position
                    await self._deliver(row, scopes)
                if rows:
                    await asyncio.to_thread(marker.note, head.epoch, self.position)
                if time.monotonic() - pulsed >= PULSE:
                    pulsed = time.monotonic()
                    await self._pulse(self.epoch)
                if len(rows) == BATCH:
                    continue
            except Exception:  # most often the database; never must it stop without a word
                logger.exception("the log could not be read; trying again")
            try:
                await asyncio.wait_for(self.wake.wait(), PATIENCE)
            except TimeoutError:
                continue

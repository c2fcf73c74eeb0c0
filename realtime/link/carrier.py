"""Carries a link session over whatever sends and receives text, one step at a time.

Owns: the thread in which a session reads and writes the database, its turns, and what is written
down when it ends. Promises: one step at a time in the order of arrival; new rows are looked for
after every wake-up and once a second anyway; a database error, like every other fault of this node,
ends the connection with nothing acknowledged, and the next one goes on from the cursor. Must not
know: what frames say, who dialled.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from django.db import DatabaseError, connections

from .. import metrics, refusals, wakeup
from .frames import SLOW, Broken
from .handshake import SILENCE, Session

TURN = 1.0  # seconds
FAULT = 1011
Send = Callable[[bytes], Awaitable[None]]

logger = logging.getLogger(__name__)


class Carrier:
    """One connection: `begin`, then `hear` for each message while `stir` runs, at last `end`."""

    def __init__(self, send: Send, make: Callable[[], Session]):
        self.session: Session | None = None
        self._make = make
        self._send = send
        self._turn = asyncio.Lock()
        self._over = False  # a wait that is cancelled as it times out goes on: it must find this
        self._wake = asyncio.Event()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="link")

    async def begin(self) -> None:
        """Say hello."""
        self.session = await self._run(self._make)
        wakeup.register(self._wake)
        await self._step(self.session.start)

    async def hear(self, message: bytes | str) -> None:
        """Answer one message. Raises Broken."""
        await self._step(self.session.receive, message)

    async def stir(self) -> None:
        """Send what is new, until the end. Raises Broken."""
        ticked = time.monotonic()
        while not self._over:
            self._wake.clear()
            if time.monotonic() - ticked >= TURN:
                ticked = time.monotonic()
                await self._step(self.session.tick)
            else:
                await self._step(self.session.poll)
            try:
                await asyncio.wait_for(self._wake.wait(), TURN)
            except TimeoutError:
                continue

    async def end(self) -> None:
        """Write down that there is no link any more."""
        self._over = True
        wakeup.unregister(self._wake)
        with suppress(RuntimeError):  # this process ends too: the silence tells the same
            if self.session is not None and self.session.proven:
                await self._run(_ended, self.session)
            await self._run(connections.close_all)
        self._thread.shutdown(wait=False)

    async def _step(self, work: Callable[..., list[bytes]], *given: Any) -> None:
        async with self._turn:
            if self._over:
                return
            try:
                frames = await self._work(work, *given)
                for frame in frames:
                    await asyncio.wait_for(self._send(frame), SILENCE)
            except TimeoutError as error:
                raise Broken(SLOW, "the peer does not read") from error

    async def _work(self, work: Callable[..., list[bytes]], *given: Any) -> list[bytes]:
        try:
            return await self._run(self._unheld, work, *given)
        except Broken:
            raise
        except DatabaseError as error:
            logger.exception("a link ends because the database failed")
            raise Broken(FAULT, "the database failed") from error
        except Exception as error:
            logger.exception("a link ends because of a fault in this program")
            raise Broken(FAULT, "a fault of this node") from error

    def _unheld(self, work: Callable[..., list[bytes]], *given: Any) -> list[bytes]:
        """A step; a stranger keeps no connection to the database, of which there are few."""
        try:
            return work(*given)
        finally:
            if not self.session.proven:
                connections.close_all()

    async def _run(self, work: Callable[..., Any], *given: Any, **named: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, lambda: work(*given, **named))


def refused(who: str, broken: Broken) -> None:
    """Count what ended a session for a reason other than the network."""
    metrics.LINKS_BROKEN.inc()
    logger.info("link with %s ends: %s (%s)", who, broken.reason, broken.code)
    refusals.count(who, f"link: {broken.reason}")


def _ended(session: Session) -> None:
    try:
        session.ended()
    except DatabaseError:
        logger.warning("that the link with %s has ended could not be written down", session.peer)

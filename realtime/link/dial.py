"""The end of a link that calls: one connection to each node above, for ever.

Owns: the calls and the waits between them. Promises: tries again after 1, 2 and then every 3
seconds, with jitter, as long as the peer is paired; a pairing that is new, changed or revoked is
noticed within two seconds; nothing here is lost by an end at any moment. Must not know: the
protocol.
"""

import asyncio
import logging
import random
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit, urlunsplit

import websockets
from asgiref.sync import sync_to_async
from django.db import DatabaseError, close_old_connections

from .. import wakeup
from ..models import Peer
from .carrier import Carrier, refused
from .files import FileSession
from .frames import LIMIT, Broken
from .handshake import Session
from .session import LinkSession

KINDS = {"/ws/link": LinkSession, "/ws/files": FileSession}
FIRST_WAIT, LONGEST_WAIT = 1.0, 3.0  # seconds; equal within 10 s of a line that is back
LOOK_EVERY = 2.0

logger = logging.getLogger(__name__)


def address(url: str, path: str) -> str:
    """Where this kind of session of the node at this address begins."""
    parts = urlsplit(url)
    scheme = "wss" if parts.scheme == "https" else "ws"
    return urlunsplit((scheme, parts.netloc, path, "", ""))


def _wanted() -> set[tuple[str, str, str]]:
    close_old_connections()
    found = Peer.objects.filter(upper=True, revoked_at=None).exclude(confirmed_at=None)
    peers = found.exclude(url="").values_list("node", "url")
    return {(node, url, path) for node, url in peers for path in KINDS}


async def keep_links() -> None:
    """Call every node above that this one is paired with."""
    listening = asyncio.create_task(wakeup.listen())
    calls: dict[tuple[str, str, str], asyncio.Task] = {}
    try:
        while True:
            try:
                wanted = await sync_to_async(_wanted)()
            except DatabaseError:
                logger.exception("the peers could not be read; trying again")
                wanted = set(calls)
            for call in calls.keys() - wanted:
                calls.pop(call).cancel()
            for call in wanted - calls.keys():
                calls[call] = asyncio.create_task(_keep(*call))
            await asyncio.sleep(LOOK_EVERY)
    finally:
        for task in [*calls.values(), listening]:
            task.cancel()


async def _keep(node: str, url: str, path: str) -> None:
    wait = FIRST_WAIT
    while True:
        if await _attempt(node, url, path):
            wait = FIRST_WAIT
        await asyncio.sleep(wait * random.uniform(0.75, 1.25))
        wait = min(LONGEST_WAIT, wait * 2)


async def _attempt(node: str, url: str, path: str) -> bool:
    """One connection, however it ends; was the peer proven?"""
    carrier: Carrier | None = None

    def began(made: Carrier) -> None:
        nonlocal carrier
        carrier = made

    try:
        await _call(address(url, path), partial(KINDS[path], dialled=node), began)
    except Broken as broken:
        refused(node, broken)
    except (OSError, TimeoutError, websockets.WebSocketException) as error:
        logger.info("link to %s: %s", node, error)
    except Exception:
        logger.exception("link to %s failed", node)
    return carrier is not None and carrier.session is not None and carrier.session.proven


async def _call(where: str, make: Callable[[], Session], began: Callable[[Carrier], None]) -> None:
    """One connection to its end."""
    options = {"proxy": None, "compression": None, "max_size": LIMIT, "max_queue": 4}
    async with websockets.connect(where, open_timeout=10, **options) as socket:
        carrier = Carrier(lambda frame: socket.send(frame.decode()), make)
        began(carrier)
        try:
            await carrier.begin()
            stirring = asyncio.create_task(carrier.stir())
            hearing = asyncio.create_task(_hear(socket, carrier))
            done, rest = await asyncio.wait(
                {stirring, hearing}, return_when=asyncio.FIRST_COMPLETED
            )
            for task in rest:
                task.cancel()
            for task in done:
                task.result()
        except Broken as broken:
            await socket.close(broken.code, broken.reason[:100])
            raise
        finally:
            await carrier.end()


async def _hear(socket: websockets.ClientConnection, carrier: Carrier) -> None:
    async for message in socket:
        await carrier.hear(message)
    logger.info("the other end hung up: %s %s", socket.close_code, socket.close_reason)

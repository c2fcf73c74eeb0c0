"""Wake-ups: "there is more in the log", inside the process and, over Redis, between processes.

Owns: the registered wakers and the only connection to Redis (absent: one process). Promises:
`announce` never raises and never holds a writer for more than a fraction of a second; it is a
hint, so losing one, or Redis, costs latency (the tail's timer), never data. Must not know: what
there is to read.
"""

import asyncio
import logging
import time

import redis
import redis.asyncio
from django.conf import settings

from . import marker

CHANNEL = f"belltower:{settings.NODE_ID}:log"
PAUSE = 2.0  # seconds without trying after a failure

logger = logging.getLogger(__name__)
_client: redis.Redis | None = None
_silent_until = 0.0
_wakers: dict[asyncio.AbstractEventLoop, set[asyncio.Event]] = {}


def register(wake: asyncio.Event) -> None:
    """Set this event of the running loop at every announcement from now on."""
    for closed in [loop for loop in _wakers if loop.is_closed()]:
        del _wakers[closed]
    _wakers.setdefault(asyncio.get_running_loop(), set()).add(wake)


def unregister(wake: asyncio.Event) -> None:
    """Set this event no more."""
    _wakers.get(asyncio.get_running_loop(), set()).discard(wake)


def _wake(loop: asyncio.AbstractEventLoop) -> None:
    for wake in _wakers.get(loop, ()):
        wake.set()


def announce(epoch: str, position: int) -> None:
    """There is more in the log. Called after each commit, from any thread."""
    marker.note(epoch, position)
    for loop in list(_wakers):
        try:
            loop.call_soon_threadsafe(_wake, loop)
        except RuntimeError:  # the loop has just closed
            continue
    publish()


def publish() -> None:
    """Tell the other processes that there is more in the log."""
    global _client, _silent_until
    if not settings.REDIS_URL or time.monotonic() < _silent_until:
        return
    try:
        if _client is None:
            _client = redis.Redis.from_url(
                settings.REDIS_URL, socket_timeout=0.2, socket_connect_timeout=0.2
            )
        _client.publish(CHANNEL, b"")
    except redis.RedisError:
        _silent_until = time.monotonic() + PAUSE
        logger.warning("redis is out of reach; other processes read by timer")


async def listen() -> None:
    """Wake the running loop at every hint, for ever; returns at once where there is no Redis."""
    if not settings.REDIS_URL:
        return
    while True:
        client = redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_timeout=None)
        try:
            async with client.pubsub() as channel:
                await channel.subscribe(CHANNEL)
                async for _message in channel.listen():
                    _wake(asyncio.get_running_loop())
        except (redis.RedisError, OSError):
            logger.warning("redis is out of reach; reading the log by timer")
            await asyncio.sleep(PAUSE)
        finally:
            await client.aclose()

"""How a frame gets from the hub onto one socket, never by a queue that grows.

Owns: two ways out. `DaphneOutlet` hands the frame, ready made, to the kernel and what the kernel
does not take to Twisted, which says when it has too much; `QueueOutlet` serves every other ASGI
server with a short queue. Promises: `offer` never waits; False means not now; `when_writable`
calls back once when the peer has read what was waiting; nothing follows a close. Must not know:
what frames say.

Writing past Twisted saves it the registering of every socket at every frame, most of a fan-out's
time. Only a plain TCP transport whose buffers are the ones known here is written past.
"""

import asyncio
import logging
import socket as sockets
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import Any, Protocol

from twisted.internet.abstract import FileDescriptor
from twisted.internet.tcp import Connection

QUEUE = 64  # frames
NOTSENT_LOWAT = 16 * 1024  # bytes the kernel may hold unsent: it would hide megabytes otherwise

logger = logging.getLogger(__name__)


class Frame:
    """A text for sockets, put into a WebSocket frame once, however many get it."""

    def __init__(self, payload: bytes):
        self.payload = payload

    @cached_property
    def wire(self) -> bytes:
        """The whole frame of a server: one piece, text, no mask."""
        size = len(self.payload)
        if size < 126:
            head = bytes([0x81, size])
        elif size < 1 << 16:
            head = b"\x81\x7e" + size.to_bytes(2, "big")
        else:
            head = b"\x81\x7f" + size.to_bytes(8, "big")
        return head + self.payload

    @cached_property
    def text(self) -> str:
        """The payload for servers that make frames themselves."""
        return self.payload.decode()


class Outlet(Protocol):
    """One way out."""

    def offer(self, frame: Frame) -> bool:
        """Send now; False when the peer is not reading and nothing was sent."""

    def when_writable(self, callback: Callable[[], Any]) -> None:
        """Call once when there is room again."""

    def close(self, code: int) -> None:
        """Close with this code."""


def _knows_twisted() -> bool:
    """Whether a transport keeps what it has not sent yet where `DaphneOutlet` looks for it."""
    idle = FileDescriptor(reactor=object())
    known = getattr(idle, "dataBuffer", None) == b"" and getattr(idle, "_tempDataLen", None) == 0
    if not known:
        logger.warning("this Twisted is not as known: frames take the long way")
    return known


KNOWN = _knows_twisted()


class DaphneOutlet:
    """Writes to the socket of Daphne's protocol, which buffers without bound unless asked first."""

    def __init__(self, protocol: Any):
        self._protocol = protocol
        self._transport = transport = protocol.transport
        self._paused = False
        self._callback: Callable[[], Any] | None = None
        self._send: Callable[[bytes], int] | None = None
        transport.unregisterProducer()
        transport.registerProducer(self, True)
        if KNOWN and isinstance(transport, Connection) and transport.connected:  # not inside of TLS
            handle = transport.getHandle()
            self._send = handle.send
            if hasattr(sockets, "TCP_NOTSENT_LOWAT"):
                handle.setsockopt(sockets.IPPROTO_TCP, sockets.TCP_NOTSENT_LOWAT, NOTSENT_LOWAT)

    def offer(self, frame: Frame) -> bool:
        if self._paused or self._protocol.state != self._protocol.STATE_OPEN:
            return False
        rest, transport = frame.wire, self._transport
        if self._send and not transport._tempDataLen and not transport.dataBuffer:
            try:
                sent = self._send(rest)
            except OSError:  # full; or broken, which Twisted finds out by itself
                sent = 0
            if sent == len(rest):
                return True
            rest = rest[sent:]
        transport.write(rest)
        return True

    def when_writable(self, callback: Callable[[], Any]) -> None:
        self._callback = callback
        if not self._paused:
            self.resumeProducing()

    def close(self, code: int) -> None:
        self._protocol.sendClose(code=code)

    # Twisted's push producer
    def pauseProducing(self) -> None:
        self._paused = True

    def resumeProducing(self) -> None:
        self._paused = False
        callback, self._callback = self._callback, None
        if callback:
            callback()

    def stopProducing(self) -> None:
        self._paused = True


class QueueOutlet:
    """A short queue and one writer: the escape route from Daphne."""

    def __init__(self, send: Callable[[dict], Awaitable[None]]):
        self._send = send
        self._queue: asyncio.Queue[dict] = asyncio.Queue(QUEUE)
        self._callback: Callable[[], Any] | None = None
        self._task = asyncio.create_task(self._write())

    def offer(self, frame: Frame) -> bool:
        return self._put({"type": "websocket.send", "text": frame.text})

    def _put(self, message: dict) -> bool:
        if self._task.done():
            return False
        try:
            self._queue.put_nowait(message)
        except asyncio.QueueFull:
            return False
        return True

    def when_writable(self, callback: Callable[[], Any]) -> None:
        self._callback = callback

    def close(self, code: int) -> None:
        if not self._put({"type": "websocket.close", "code": code}):
            self._task.cancel()

    async def _write(self) -> None:
        while True:
            message = await self._queue.get()
            try:
                await self._send(message)
            except Exception:  # whatever a server raises on a socket that has gone
                return
            if self._callback and self._queue.empty():
                callback, self._callback = self._callback, None
                callback()


def outlet(scope: dict, send: Callable[[dict], Awaitable[None]]) -> Outlet:
    """The way out for the socket of this scope."""
    protocol = scope.get("belltower.protocol")
    return DaphneOutlet(protocol) if protocol is not None else QueueOutlet(send)

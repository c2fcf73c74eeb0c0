"""How a frame gets from the hub onto one socket, never by a queue that grows.

Owns: two ways out. `DaphneOutlet` asks Twisted's transport whether it still takes data (the
public producer interface), `QueueOutlet` serves every other ASGI server with a short queue.
Promises: `offer` never waits; False means not now; `when_writable` calls back once when the peer
has read what was waiting. Must not know: what frames say.
"""

import asyncio
import socket as sockets
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

QUEUE = 64  # frames
NOTSENT_LOWAT = 16 * 1024  # bytes the kernel may hold unsent: it would hide megabytes otherwise


class Outlet(Protocol):
    """One way out."""

    def offer(self, frame: str) -> bool:
        """Send now; False when the peer is not reading and nothing was sent."""

    def when_writable(self, callback: Callable[[], Any]) -> None:
        """Call once when there is room again."""

    def close(self, code: int) -> None:
        """Close with this code."""


class DaphneOutlet:
    """Writes to Daphne's protocol, which buffers without bound unless it is asked first."""

    def __init__(self, protocol: Any):
        self._protocol = protocol
        self._paused = False
        self._callback: Callable[[], Any] | None = None
        transport = protocol.transport
        transport.unregisterProducer()
        transport.registerProducer(self, True)
        handle = getattr(transport, "getHandle", lambda: None)()
        if isinstance(handle, sockets.socket) and hasattr(sockets, "TCP_NOTSENT_LOWAT"):
            handle.setsockopt(sockets.IPPROTO_TCP, sockets.TCP_NOTSENT_LOWAT, NOTSENT_LOWAT)

    def offer(self, frame: str) -> bool:
        if self._paused or self._protocol.state != self._protocol.STATE_OPEN:
            return False
        self._protocol.sendMessage(frame.encode())
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

    def offer(self, frame: str) -> bool:
        return self._put({"type": "websocket.send", "text": frame})

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

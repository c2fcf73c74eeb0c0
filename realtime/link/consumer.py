"""The end of a link that is called: `/ws/link`, and `/ws/files` beside it.

Owns: the way between Channels and a session. Promises: a browser cannot use this door (whatever
brings an Origin or a cookie is refused) and whoever has not proven a pinned key is gone after ten
seconds or 64 KiB; while a message is worked on nothing more is read, so that a peer that floods
waits in its own kernel. Must not know: the protocol.
"""

import asyncio

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer

from ..hub import hub
from .carrier import Carrier, refused
from .files import FileSession
from .frames import LIMIT, SLOW, Broken
from .handshake import Session
from .session import LinkSession

PROOF_WITHIN = 10.0  # seconds
STRANGERS = 100  # connections of this process that have not proven themselves

_strangers: set["LinkConsumer"] = set()


class LinkConsumer(AsyncConsumer):
    """One node that calls."""

    kind: type[Session] = LinkSession
    carrier: Carrier | None = None
    _stirring: asyncio.Task | None = None
    _waiting: asyncio.TimerHandle | None = None

    async def websocket_connect(self, _message: dict) -> None:
        names = {name.lower() for name, _value in self.scope["headers"]}
        if names & {b"origin", b"cookie"} or len(_strangers) >= STRANGERS:
            await self.send({"type": "websocket.close"})
            return
        await self.send({"type": "websocket.accept"})
        _strangers.add(self)
        await hub().start()
        self.carrier = Carrier(self._send, self.kind)
        await self.carrier.begin()
        self._stirring = asyncio.create_task(self._stir())
        self._waiting = asyncio.get_running_loop().call_later(PROOF_WITHIN, self._hang_up)

    async def websocket_receive(self, message: dict) -> None:
        if self.carrier is None:
            return
        protocol = self.scope.get("belltower.protocol")
        if protocol is not None:
            protocol.transport.pauseProducing()
        try:
            await self.carrier.hear(message.get("text") or message.get("bytes") or b"")
            if self.carrier.session.proven and self in _strangers:
                self._welcome(protocol)
        except Broken as broken:
            await self._close(broken)
        finally:
            if protocol is not None and protocol.connected:
                protocol.transport.resumeProducing()

    async def websocket_disconnect(self, _message: dict) -> None:
        await self._end()
        raise StopConsumer

    def _welcome(self, protocol) -> None:
        """The key is proven: larger messages may come."""
        _strangers.discard(self)
        self._waiting.cancel()
        if protocol is not None:
            protocol.maxMessagePayloadSize = protocol.maxFramePayloadSize = LIMIT

    async def _stir(self) -> None:
        try:
            await self.carrier.stir()
        except Broken as broken:
            await self._close(broken)

    def _hang_up(self) -> None:
        self._closing = asyncio.create_task(self._close(Broken(SLOW, "no proof in time")))

    async def _send(self, frame: bytes) -> None:
        await self.send({"type": "websocket.send", "text": frame.decode()})

    async def _close(self, broken: Broken) -> None:
        if self.carrier is None:  # the other side of it was quicker
            return
        who = self.carrier.session.peer or str((self.scope.get("client") or ["unknown"])[0])
        refused(who, broken)
        await self.send({"type": "websocket.close", "code": broken.code})
        await self._end()

    async def _end(self) -> None:
        _strangers.discard(self)
        if self._waiting is not None:
            self._waiting.cancel()
        stirring, self._stirring = self._stirring, None
        if stirring is not None and stirring is not asyncio.current_task():
            stirring.cancel()
        carrier, self.carrier = self.carrier, None
        if carrier is not None:
            await carrier.end()


class FilesConsumer(LinkConsumer):
    """One node that asks for files, and is asked."""

    kind = FileSession

"""The feed: what a browser's socket says and hears.

Client: `hello{topics, after, realm}`, again whenever it wants to resume. Server: `catching{count}`
before a backlog, `event{cursor, item, ...}`, `gone{subject}`, `ready{cursor}` when caught up,
`pulse{cursor, time}` every two seconds, `link{peers, alone}` when a link to another node changes
(link/health.py), `resync{full}`: say hello again, after fetching everything anew if `full`. Close
codes: 4400 bad frame, 4401 not signed in, 4408 no hello, 4429 too much.

Owns: the conversation. Promises: nothing is sent before the credential is checked; backlog, then
live, without gap or double; a client that floods is closed. Must not know: topics' meaning;
writes go over HTTP to a service.
"""

import asyncio
import time
from collections import Counter
from typing import Any

import orjson
from channels.consumer import AsyncConsumer
from channels.db import database_sync_to_async
from channels.exceptions import StopConsumer

from . import access, refusals, registry
from .hub import Frames, Socket, encode, hub, resync
from .outlets import Outlet, outlet
from .tail import read

BACKLOG = 2000  # rows; more are fetched faster as a fresh snapshot
PER_SECOND = 20  # frames a client may send
PER_CREDENTIAL = 20  # sockets
HELLO_WITHIN = 10.0  # seconds
READ_WITHIN = 30.0  # seconds a browser may let a backlog wait


_open: Counter[str] = Counter()  # connections of this process by credential


class Refused(Exception):
    """A frame that ends the conversation with this close code."""

    def __init__(self, code: int):
        super().__init__(code)
        self.code = code


def parse_hello(text: Any) -> tuple[str, frozenset[str], str, str]:
    """Realm, topics and cursor of a hello frame. Raises Refused(4400)."""
    try:
        frame = orjson.loads(text)
        if frame.keys() - {"kind", "topics", "after", "realm"} or frame["kind"] != "hello":
            raise ValueError
        realm, after = frame.get("realm", "real"), frame.get("after") or ""
        topics = frame.get("topics") or []
        if not (isinstance(realm, str) and isinstance(after, str) and isinstance(topics, list)):
            raise ValueError
        if len(topics) > 20 or not all(isinstance(topic, str) for topic in topics):
            raise ValueError
        epoch, _colon, position = after.partition(":")
        if after and not (position.isascii() and position.isdigit() and len(position) < 19):
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(4400) from error
    return realm, frozenset(topics), epoch, position


class FeedConsumer(AsyncConsumer):
    """One browser socket."""

    socket: Socket | None = None
    outlet: Outlet | None = None
    _counted: str | None = None

    async def websocket_connect(self, _message: dict) -> None:
        self._frames = 0
        self._window = time.monotonic()
        resolver = access.resolver()
        credential = resolver.credential(self.scope)
        rights = await database_sync_to_async(resolver.rights)({credential}) if credential else {}
        await self.base_send({"type": "websocket.accept"})
        if credential not in rights:
            refusals.count(self._address(), "feed without a valid sign-in")
            await self.base_send({"type": "websocket.close", "code": 4401})
            return
        if _open[credential] >= PER_CREDENTIAL:
            await self.base_send({"type": "websocket.close", "code": 4429})
            return
        _open[credential] += 1
        self._counted = credential
        await hub().start()
        self.outlet = outlet(self.scope, self.base_send)
        self.socket = Socket(credential=credential, outlet=self.outlet)
        loop = asyncio.get_running_loop()
        self._timeout = loop.call_later(HELLO_WITHIN, self.outlet.close, 4408)

    async def websocket_receive(self, message: dict) -> None:
        if self.socket is None:
            return
        try:
            self._measure()
            await self._hello(*parse_hello(message.get("text") or ""))
        except Refused as refusal:
            refusals.count(self._address(), f"feed frame refused ({refusal.code})")
            hub().leave(self.socket)
            self.outlet.close(refusal.code)
            self.socket = None

    async def websocket_disconnect(self, _message: dict) -> None:
        if self._counted is not None:
            _open[self._counted] -= 1
            if not _open[self._counted]:
                del _open[self._counted]
        if self.socket is not None:
            self._timeout.cancel()
            hub().leave(self.socket)
        raise StopConsumer

    def _measure(self) -> None:
        now = time.monotonic()
        if now - self._window >= 1:
            self._window, self._frames = now, 0
        self._frames += 1
        if self._frames > PER_SECOND:
            raise Refused(4429)

    async def _hello(self, realm: str, topics: frozenset[str], epoch: str, position: str) -> None:
        self._timeout.cancel()
        socket, tail = self.socket, hub().tail
        hub().leave(socket)
        rights = await database_sync_to_async(access.resolver().rights)({socket.credential})
        if socket.credential not in rights:
            raise Refused(4401)
        socket.rights = rights[socket.credential]
        socket.realm, socket.topics = realm, topics
        socket.position = int(position) if position else tail.position
        behind = tail.position - socket.position
        if position and (epoch != tail.epoch or behind < 0 or behind > BACKLOG):
            self.outlet.offer(resync(full=True, cursor=f"{tail.epoch}:{tail.position}"))
            return
        if behind:
            self.outlet.offer(encode(kind="catching", count=behind))
        await self._catch_up(socket)
        hub().join(socket)
        self.outlet.offer(encode(kind="ready", cursor=f"{tail.epoch}:{socket.position}"))
        if hub().links is not None:
            self.outlet.offer(hub().links)

    async def _catch_up(self, socket: Socket) -> None:
        """Send the backlog until the socket stands where the tail stands."""
        tail = hub().tail
        while socket.position < tail.position:
            _head, rows, scopes = await database_sync_to_async(read)(socket.position)
            for row in rows:
                declared = registry.find(row.type)
                frame = declared and Frames(row).seen_by(
                    socket.rights, socket.realm, socket.topics, declared.topic, scopes
                )
                if frame and not self.outlet.offer(frame):
                    await self._room()
                    self.outlet.offer(frame)
                socket.position = row.position

    async def _room(self) -> None:
        """Wait until the browser has read what it was sent. Raises Refused(4408)."""
        room = asyncio.get_running_loop().create_future()
        self.outlet.when_writable(lambda: room.done() or room.set_result(None))
        try:
            await asyncio.wait_for(room, READ_WITHIN)
        except TimeoutError as error:
            raise Refused(4408) from error

    def _address(self) -> str:
        return str((self.scope.get("client") or ["unknown"])[0])

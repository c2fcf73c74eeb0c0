"""The hub: every open socket of this process, fed from the log.

Owns: the sockets, in buckets of equal rights, realm and topics; the wake-up between processes.
Promises: each distinct frame of an envelope is built once, whatever the number of sockets; rights
are asked per envelope and bucket; a socket that does not take what it is sent is marked behind,
skipped and told to resync from its own cursor, so no queue grows; a right withdrawn reaches open
sockets with the next read of the log. Must not know: Django's views, what topics mean, how a
frame gets onto a wire (realtime/outlets.py).
"""

import asyncio
import logging
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime

import orjson
from channels.db import database_sync_to_async
from django.conf import settings

from . import access, metrics, registry, storage
from .access import Rights, View
from .link import health
from .models import Envelope
from .outlets import Frame, Outlet
from .tail import Tail

logger = logging.getLogger(__name__)
YIELD_EVERY = 500  # deliveries between two turns of the event loop
RECHECK_EVERY = 15  # pulses between asking all rights again, for what ends by the clock alone
_hubs: dict[asyncio.AbstractEventLoop, "Hub"] = {}


@dataclass(eq=False)
class Socket:
    """One browser connection as the hub sees it."""

    credential: str
    outlet: Outlet
    realm: str = "real"
    topics: frozenset[str] = frozenset()
    rights: Rights = None
    position: int = 0
    live: bool = False
    behind: bool = False

    @property
    def key(self) -> tuple:
        """Sockets with equal keys may see exactly the same."""
        return self.rights, self.realm, self.topics


@dataclass
class Hub:
    """All sockets of one process and event loop."""

    buckets: dict[tuple, set[Socket]] = field(default_factory=lambda: defaultdict(set))
    tail: Tail = field(init=False)
    pulses: int = 0
    links: Frame | None = None  # how the links stand, as last told
    linked: dict = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tail = Tail(self._deliver, self._pulse)

    async def start(self) -> None:
        """Begin reading the log; harmless when it already runs."""
        await self.tail.start()

    def sockets(self) -> list[Socket]:
        """Every socket that said hello."""
        return [socket for bucket in self.buckets.values() for socket in bucket]

    def join(self, socket: Socket) -> None:
        """Put a socket that has caught up with the tail among the live ones."""
        socket.live, socket.behind = True, False
        metrics.SOCKETS.inc()
        self.buckets[socket.key].add(socket)

    def leave(self, socket: Socket) -> None:
        """Take a socket out; harmless when it was never in."""
        if socket.live:
            metrics.SOCKETS.dec()
        socket.live = False
        bucket = self.buckets.get(socket.key)
        if bucket:
            bucket.discard(socket)
            if not bucket:
                del self.buckets[socket.key]

    async def _deliver(self, row: Envelope, scopes: dict[str, access.Scope]) -> None:
        declared = registry.find(row.type)
        if declared is None:
            return
        try:
            if declared.rights:
                await self.recheck()
            await self._send(row, declared.topic, scopes)
        except Exception:  # one envelope must not stop the tail; nobody may miss it in silence
            logger.exception("envelope %s could not be delivered", row.position)
            for socket in self.sockets():
                self._fall_behind(socket)

    async def _send(self, row: Envelope, topic: str, scopes: dict[str, access.Scope]) -> None:
        frames = Frames(row)
        sent = 0
        metrics.POSITION.set(row.position)
        for (rights, realm, topics), bucket in list(self.buckets.items()):
            frame = frames.seen_by(rights, realm, topics, topic, scopes)
            for socket in list(bucket):
                if socket.position >= row.position or not socket.live:
                    continue
                if frame is None:
                    socket.position = row.position
                elif socket.outlet.offer(frame):
                    socket.position = row.position
                    sent += 1
                    if sent % YIELD_EVERY == 0:
                        await asyncio.sleep(0)
                else:
                    self._fall_behind(socket)
        metrics.FRAMES.inc(sent)

    def _fall_behind(self, socket: Socket) -> None:
        self.leave(socket)
        metrics.BEHIND.inc()
        socket.behind = True
        socket.outlet.when_writable(lambda: socket.outlet.offer(resync(full=False)))

    async def recheck(self) -> None:
        """Ask every socket's rights again; filter, or close, the ones that lost some."""
        sockets = self.sockets()
        rights = await database_sync_to_async(access.resolver().rights)(
            {socket.credential for socket in sockets}
        )
        for socket in sockets:
            fresh = rights.get(socket.credential)
            if fresh == socket.rights:
                continue
            self.leave(socket)
            if fresh is None:
                socket.outlet.close(4401)
            else:
                socket.outlet.offer(resync(full=True))

    async def _pulse(self, epoch: str) -> None:
        """Every few seconds: time and cursor to all, so that silence means a dead line."""
        self.pulses += 1
        if self.pulses % RECHECK_EVERY == 0:
            await self.recheck()
        await self._tell_links()
        by_position: dict[int, Frame] = {}
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        for socket in self.sockets():
            if socket.position not in by_position:
                by_position[socket.position] = encode(
                    kind="pulse", cursor=f"{epoch}:{socket.position}", time=now
                )
            if not socket.outlet.offer(by_position[socket.position]):
                self._fall_behind(socket)

    async def _tell_links(self) -> None:
        """How the links to other nodes and the disk stand, to all, when it has changed."""
        linked = await database_sync_to_async(health.shown)()
        linked["storage"] = storage.state()
        told = linked["peers"] or self.linked or linked["storage"] != "ok"
        if linked == self.linked or not told:
            return
        self.linked, self.links = linked, encode(kind="link", **linked)
        for socket in self.sockets():
            if not socket.outlet.offer(self.links):
                self._fall_behind(socket)


class Frames:
    """The distinct frames of one envelope, each built when first needed."""

    def __init__(self, row: Envelope):
        self.row = row
        self._built: dict[View, Frame] = {}
        declared = registry.find(row.type)
        own = row.source == settings.NODE_ID
        self._takes_away = declared is not None and declared.takes_away and own
        hides = declared is not None and declared.hides and own
        self._tells_gone = hides or row.subject == row.about
        self._cursor = f"{bytes(row.epoch).hex()}:{row.position}"
        self._unfit = row.waits or not _is_whole(row)

    def seen_by(
        self,
        rights: Rights,
        realm: str,
        topics: frozenset[str],
        topic: str,
        scopes: dict[str, access.Scope],
    ) -> Frame | None:
        """The frame for these rights, None where nothing may be told."""
        row = self.row
        if self._unfit or row.realm != realm or (topics and topic not in topics):
            return None
        view = access.resolver().view(rights, topic, row.realm, scopes.get(row.about))
        if view is not View.NONE and self._takes_away:
            return encode(kind="gone", cursor=self._cursor, subject=row.about)
        if view is View.NONE or (view is View.GONE and not self._tells_gone):
            return None
        if view not in self._built:
            self._built[view] = self._build(view)
        return self._built[view]

    def _build(self, view: View) -> Frame:
        row, cursor = self.row, self._cursor
        if view is View.GONE:
            return encode(kind="gone", cursor=cursor, subject=row.about)
        return encode(
            kind="event",
            cursor=cursor,
            type=row.type,
            subject=row.subject,
            about=row.about,
            term=row.term,
            rev=row.rev,
            time=row.time,
            actor=row.actor,
            item=item(row, view),
        )


def item(row: Envelope, view: View) -> dict:
    """The data of an envelope as this view may see it, in the shape of the API's GET."""
    data = orjson.loads(bytes(row.public)) if row.public is not None else {}
    if view is View.FULL and row.personal is not None:
        data |= orjson.loads(bytes(row.personal))
    return data


def _is_whole(row: Envelope) -> bool:
    """Has it the fields of its type? What came from elsewhere may be kept and never applied."""
    declared = registry.find(row.type)
    if row.source == settings.NODE_ID or declared is None or declared.version != row.version:
        return True
    return declared.is_whole(item(row, View.PUBLIC))


def encode(**frame: object) -> Frame:
    """A frame of JSON."""
    return Frame(orjson.dumps(frame))


def resync(*, full: bool, cursor: str = "") -> Frame:
    """Tells a browser to say hello again with its own cursor; `full`: fetch everything anew."""
    return encode(kind="resync", full=full, cursor=cursor)


def hub() -> Hub:
    """The hub of the running event loop, made on first use."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        for closed in [other for other in _hubs if other.is_closed()]:
            del _hubs[closed]
        _hubs[loop] = Hub()
    return _hubs[loop]

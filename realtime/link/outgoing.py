"""What goes to a peer: the log after its cursor, minus what may not go there.

Owns: the choice of rows and the place in the log up to which they were sent. Promises: in the order
of the log; `upto` lets the cursor pass what was left out; nothing goes back to its source or to a
node it passed; after a share everything about its thing follows, however old, before the cursor
passes the share; no more than one batch is ever in memory, and it fits into a frame; personal parts
go by the clearance of that moment. Where much waits the first picture (picture.py) goes first, in
batches that leave the cursor where it is; every SHOWN of them one of the log goes too, so that a
line that breaks all the time gets on. Must not know: what frames say, sockets.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.conf import settings

from .. import log
from ..models import Envelope, Peer, Share
from . import picture
from .items import pack
from .sharing import SHARE_GRANTED, Sharing, share_in

ROWS = 200
FEW = 50  # rows about a newly shared thing that go in the batch of its share
SHOWN = 3  # batches of the first picture to one of the log
SIZE = 512 * 1024  # bytes of the items of one batch, as they stand in its frame


@dataclass(frozen=True)
class Batch:
    """Items in wire form, the position that they bring the cursor to, and the id of that row."""

    items: list[dict[str, Any]]
    upto: int
    last: str


@dataclass
class Outgoing:
    """Reads the log for one peer; `sent` is where it stands."""

    peer: str
    sent: int = 0
    older: tuple[str, int, int] | None = None  # of a thing newly shared: it, after, before
    first: list[int] = field(default_factory=list)  # positions of the picture still to go
    shown: int = 0  # batches of the picture since the last one of the log
    _cleared: bool = False

    def begin(self) -> None:
        """Keys go ahead of the log; what is open does too, if that is long."""
        self.first = picture.keys(self.peer, self.sent)
        if log.head().position - self.sent > picture.LONG:
            self.first += picture.open_things(self.peer, self.sent)

    def next(self) -> Batch | None:
        """The next batch, None when everything was sent."""
        self._cleared = is_cleared(self.peer)
        if self.first and self.shown < SHOWN:
            self.shown += 1
            return self._next_of_picture()
        self.shown = 0
        if self.older is not None:
            return self._next_older(*self.older)
        rows = log.read_after(self.sent, ROWS)
        if not rows:
            return None
        about = {row.about for row in rows}
        known, since = Sharing.of(about), self._shared_since(about)
        items, size, last = [], 0, None
        for row in rows:
            item = self._pack(row) if self._goes(row, known, since) else None
            size += size_of(item) if item else 0
            if items and size > SIZE:
                break
            last = row
            if item is None:
                continue
            items.append(item)
            if row.type == SHARE_GRANTED.name and _begins(share_in(row), self.peer):
                older = self._few_older(row, known, SIZE - size)
                if older is None:
                    self.older = (row.about, 0, row.position)
                    break
                items += older
                size += sum(map(size_of, older))
        self.sent = last.position - 1 if self.older else last.position
        return Batch(items, self.sent, "" if self.older else str(last.id))

    def chosen(self, rows: Sequence[Any]) -> set[int]:
        """The positions of those of these rows that go to the peer; they need no bodies."""
        known = Sharing.of({row.about for row in rows})
        return {row.position for row in rows if self._goes(row, known, {})}

    def arrived(self, rows: Sequence[Any], acked: int) -> set[int]:
        """The positions of those of these rows that the peer has, as it has acknowledged up to
        `acked`; what a later share let go was sent with that share."""
        goes, since = self.chosen(rows), self._shared_since({row.about for row in rows})
        reached = {
            row.position for row in rows if acked >= max(row.position, since.get(row.about, 0))
        }
        return goes & reached

    def _shared_since(self, things: set[str]) -> dict[str, int]:
        """The position of the first share of each thing with the peer that is in force."""
        found: dict[str, int] = {}
        shares = Share.objects.filter(thing__in=things, node=self.peer, ended_at=None)
        by_subject = {f"share/{share.pk}": share.thing for share in shares}
        rows = Envelope.objects.filter(subject__in=by_subject, type=SHARE_GRANTED.name)
        for subject, position in rows.values_list("subject", "position"):
            thing = by_subject[subject]
            found[thing] = min(found.get(thing, position), position)
        return found

    def is_done(self) -> bool:
        """Was everything sent that the log holds now?"""
        return self.older is None and log.head().position <= self.sent

    def _next_of_picture(self) -> Batch:
        """The next rows of the picture; the cursor stays."""
        found = {row.position: row for row in Envelope.objects.filter(pk__in=self.first[:ROWS])}
        rows = [found[position] for position in self.first[:ROWS]]
        items, count = self._fitting(rows, Sharing.of({row.about for row in rows}))
        del self.first[:count]
        return Batch(items, self.sent, "")

    def _few_older(self, share: Envelope, known: Sharing, room: int) -> list[dict] | None:
        """What precedes this share about its thing, where it fits into the same batch."""
        rows = Envelope.objects.filter(about=share.about, position__lt=share.position)
        found = list(rows.order_by("position")[:FEW])
        items = [self._pack(row) for row in found if self._goes(row, known, {})]
        return items if len(found) < FEW and sum(map(size_of, items)) <= room else None

    def _next_older(self, thing: str, after: int, before: int) -> Batch:
        """Rows about a thing that was shared at position `before`, from before that."""
        rows = Envelope.objects.filter(about=thing, position__gt=after, position__lt=before)
        found = list(rows.order_by("position")[:ROWS])
        items, count = self._fitting(found, Sharing.of([thing]))
        if count < len(found) or len(found) == ROWS:
            self.older = (thing, found[count - 1].position, before)
        else:
            self.older, self.sent = None, before
        return Batch(items, self.sent, "")

    def _fitting(self, rows: Sequence[Envelope], known: Sharing) -> tuple[list[dict], int]:
        """Those of the rows that go, until a frame is full; how many rows are done with."""
        items, size = [], 0
        for count, row in enumerate(rows):
            item = self._pack(row) if self._goes(row, known, {}) else None
            size += size_of(item) if item else 0
            if items and size > SIZE:
                return items, count
            items += [item] if item else []
        return items, len(rows)

    def _goes(self, row: Envelope, known: Sharing, since: dict[str, int]) -> bool:
        """May it go, in the order of the log? What a later share allows follows that share."""
        if row.source == self.peer or f" {self.peer} " in row.via:
            return False
        if not known.may_hold(row, self.peer):
            return False
        thing = known.things.get(row.about)
        by_audience = f" {self.peer} " in row.audience or (thing and self.peer in thing.audience)
        return bool(by_audience) or since.get(row.about, 0) <= row.position

    def _pack(self, row: Envelope) -> dict[str, Any]:
        return pack(row, cleared=self._cleared, via=via_of(row))


def is_cleared(peer: str) -> bool:
    """Do personal parts go there now? Asked for each batch: a link may stand for months."""
    return Peer.objects.filter(node=peer, cleared=True).exists()


def _begins(share: Share, node: str) -> bool:
    """Does the node hold the thing from here on? Of a share that is renewed it does already."""
    return share.node == node and share.rev == 1


def via_of(row: Envelope) -> list[str]:
    """The nodes that an envelope has passed once it leaves this one."""
    passed = row.via.split()
    return passed if row.source == settings.NODE_ID else [*passed, settings.NODE_ID]


def size_of(item: dict[str, Any]) -> int:
    """Bytes of an item in a frame; more than of its parts, whose quotes are escaped there."""
    return len(orjson.dumps(item))


def by_size(items: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """The same items in as many lists as frames need."""
    batch: list[dict[str, Any]] = []
    size = 0
    for item in items:
        size += size_of(item)
        if batch and size > SIZE:
            yield batch
            batch, size = [], size_of(item)
        batch.append(item)
    if batch:
        yield batch


def arrivals(subjects: Collection[str]) -> dict[str, list[str]]:
    """Each of these subjects in this node's log to the peers that have confirmed that they hold
    what was last written of it."""
    rows = list(Envelope.objects.filter(subject__in=subjects).order_by("position"))
    peers = Peer.objects.filter(revoked_at=None, acked_epoch=log.head().epoch)
    there = {
        node: Outgoing(node).arrived(rows, acked)
        for node, acked in peers.exclude(confirmed_at=None)
        .order_by("node")
        .values_list("node", "acked")
    }
    return {row.subject: [node for node in there if row.position in there[node]] for row in rows}

"""What is taken in from a peer: verified, allowed, applied and kept in one transaction.

Owns: the one way in for facts of other nodes. Promises: an envelope is kept once, whatever comes
twice; a cursor moves only with the rows that it stands for; what may not be here is quarantined
with its reason and does not stop the rest. A database error leaves everything as it was. Must not
know: frames, sockets, how facts are applied (applying.py).
"""

import hashlib
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from django.conf import settings
from django.db import transaction

from .. import log
from ..models import Envelope, NodeKey, Peer, Quarantined
from . import applying, forks, nodes, sharing
from .items import NODE, Item, Malformed, hands_over, unpack
from .sharing import Sharing, is_above

WIDTH = 200

Bad = tuple[Any, str]  # an item as it came, and why it was refused


class Superseded(Exception):
    """Another session of this peer has begun, or the peer was revoked."""


@dataclass(frozen=True)
class Cursor:
    """Epoch and position of the peer's log that a batch brings this node to; the id there."""

    epoch: str
    position: int
    last: str


@dataclass(frozen=True)
class Taken:
    """What became of a batch: how many were kept; id and reason of each that was refused."""

    kept: int
    refused: list[tuple[str, str]]


def take(*, peer: str, session: str | None, raws: Sequence[Any], cursor: Cursor | None) -> Taken:
    """Take in a batch; without a cursor, envelopes outside of the order of the peer's log.

    `session` is the one that speaks, None for a letter. A cursor never goes back in its epoch.

    Raises Superseded when this session may not write any more, DatabaseError when nothing was kept.
    """
    items, bad = _genuine(raws, peer)
    with transaction.atomic():
        link = Peer.objects.select_for_update().get(node=peer)
        if link.revoked_at is not None or (session is not None and link.session != session):
            raise Superseded
        fresh, emptied = _unknown(items, bad)
        kept = _allowed(fresh, bad)
        rows = [item.row for item in kept]
        nodes.keep(rows)
        for item in kept:
            item.row.via = log.between_blanks(_passed(item))
        reasons = applying.apply([*rows, *_own_about(rows, emptied)])
        _fill([row for row in rows if row.id in emptied])
        rows = [row for row in rows if row.id not in emptied]
        forks.note(rows)
        log.adopt(rows)
        applying.park(rows, reasons)
        applying.retry({row.subject for row in rows})
        now = datetime.now(UTC)
        refused = [_quarantine(peer, raw, reason[:WIDTH], now) for raw, reason in bad]
        came = [str(item.id) for item in kept]  # what came too early before is refused no more
        Quarantined.objects.filter(peer=peer, envelope__in=came).delete()
        if cursor is not None and (link.epoch != cursor.epoch or link.position < cursor.position):
            if link.epoch and link.epoch != cursor.epoch:
                link.renewed_at = now
            link.epoch, link.position = cursor.epoch, cursor.position
            link.last = uuid.UUID(cursor.last) if cursor.last else None
            link.save(update_fields=["epoch", "position", "last", "renewed_at"])
    return Taken(len(rows), refused)


def _genuine(raws: Sequence[Any], peer: str) -> tuple[list[Item], list[Bad]]:
    """Parse and verify, before any lock is held; keys that come on the way count at once."""
    keys = {key.pk: key for key in NodeKey.objects.all()}
    items, bad = [], []
    for raw in raws:
        try:
            item = unpack(raw, keys)
        except Malformed as error:
            bad.append((raw, str(error)))
            continue
        items.append(item)
        nodes.learn(item, keys)
    return items, bad


def _passed(item: Item) -> list[str]:
    """The nodes that it passed, for this one's log. What this node lost comes back by way of it."""
    if item.row.source == settings.NODE_ID:
        return []
    return [node for node in item.via if node != settings.NODE_ID]


def _unknown(items: Sequence[Item], bad: list[Bad]) -> tuple[list[Item], set[uuid.UUID]]:
    """The items that this node does not keep yet, each once; and which of them it had to erase."""
    rows = Envelope.objects.filter(id__in=[item.id for item in items])
    known = {pk: bytes(hash) for pk, hash in rows.values_list("id", "hash")}
    emptied = set(rows.filter(public=None).values_list("id", flat=True))
    fresh, wanted = [], set(emptied)
    for item in items:
        if item.id not in known or (item.id in wanted and "public" in item.parts):
            known[item.id] = item.hash
            wanted.discard(item.id)
            fresh.append(item)
        elif known[item.id] != item.hash:
            bad.append((item.raw, "its id stands for something else here"))
    return fresh, emptied


def _fill(rows: Sequence[Envelope]) -> None:
    """Put the parts back of envelopes that were erased here and may be here again."""
    for row in rows:
        Envelope.objects.filter(id=row.id).update(
            public=row.public,
            public_salt=row.public_salt,
            personal=row.personal,
            personal_salt=row.personal_salt,
        )


def _own_about(rows: Sequence[Envelope], emptied: Collection[uuid.UUID]) -> list[Envelope]:
    """What this node wrote itself about things that are here again: it comes back with them."""
    again = {row.about for row in rows if row.id in emptied and row.subject == row.about}
    own = Envelope.objects.filter(about__in=again, source=settings.NODE_ID)
    return list(own.exclude(public=None)) if again else []


def _allowed(items: Sequence[Item], bad: list[Bad]) -> list[Item]:
    """The items that this node may hold and that their source may write."""
    subjects = {item.row.subject for item in items}
    known = Sharing.of(subjects | {item.row.about for item in items})
    kept = []
    for item in items:
        row, new = item.row, item.row.subject not in known.things
        if new:  # first, so that the shares of it can be weighed
            known.learn(*(getattr(row, name) for name in sharing.COLUMNS))
        reason = _objection(row, known, new)
        if reason:
            bad.append((item.raw, reason))
            if new:
                del known.things[row.subject]
            continue
        known.learn(*(getattr(row, name) for name in sharing.COLUMNS))
        if row.type in sharing.TYPES:
            known.learn_share(sharing.share_in(row))
        kept.append(item)
    return kept


def _hands_over(row: Envelope) -> bool:
    """Does it name the next home of its thing, one that can be?"""
    return hands_over(row.type, row.subject) and bool(NODE.fullmatch(row.home))


def _objection(row: Envelope, known: Sharing, new: bool) -> str:
    """Why this envelope may not be held here; empty where it may. `new`: its subject is."""
    thing = known.things[row.subject]
    if new:
        if row.term != 1 or row.home != row.source:
            return "a term that nobody handed over"
    elif row.term - 1 in thing.homes and _hands_over(row):
        homes = thing.homes[row.term - 1]  # two may hand over at once, and one be heard of later
        if row.source not in homes and not any(is_above(row.source, home) for home in homes):
            return "it hands over what is not its own"
    elif row.source not in thing.homes.get(row.term, ()):
        return "its source is not the home of its subject"
    about = known.things.get(row.about, thing)
    if row.realm not in (thing.realm, about.realm) or thing.realm != about.realm:
        return "it is of another realm than what it is about"
    reason = nodes.objection(row)
    if reason:
        return reason
    if row.type in sharing.TYPES:
        reason = sharing.objection(row, known)
        if reason:
            return reason
    elif row.relay != "none" and not known.has(row.about, row.source, ever=True):
        return "it is about a thing that its source may not have"
    if not known.may_hold(row, settings.NODE_ID):
        return "it is not for this node"
    return ""


def _quarantine(peer: str, raw: Any, reason: str, now: datetime) -> tuple[str, str]:
    """Keep what was refused, once, counted; its id as far as it says one, and the reason."""
    text = orjson.dumps(raw)
    digest = hashlib.sha256(text).hexdigest()
    row, new = Quarantined.objects.get_or_create(
        peer=peer,
        hash=digest,
        defaults={
            "envelope": _id_in(raw),
            "reason": reason,
            "item": text[: 16 * 1024],
            "first_at": now,
            "last_at": now,
        },
    )
    if not new:
        row.count, row.last_at = row.count + 1, now
        row.save(update_fields=["count", "last_at"])
    return row.envelope or digest[:32], reason


def _id_in(raw: Any) -> str:
    try:
        return str(uuid.UUID(orjson.loads(raw["header"])["id"]))
    except (ValueError, TypeError, KeyError, AttributeError):
        return ""

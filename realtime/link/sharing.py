"""Who may hold what: the audience of a header, and shares that widen it afterwards.

Owns: the share envelope, its table, and the one rule by which a sender chooses and a receiver
checks again. Promises: default deny; a node never grants to itself; a share counts only from the
home of the thing, or from the node above that home where the thing says `relay: parent`; `about`
and `parent` let an envelope go where the thing it is about may go. Must not know: what a thing is.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

import orjson
from django.conf import settings
from django.db import transaction
from typing_extensions import TypedDict

from .. import log
from ..models import Envelope, Peer, Share
from ..problems import Conflict, Invalid, NotFound
from ..registry import EventType, Fact, applies, declare
from .items import LATEST, moment_of


class ShareData(TypedDict):
    """One more node that may hold a thing, since when and until when."""

    id: str
    thing: str
    node: str
    by: str
    rev: int
    since: str
    until: str | None
    ended_at: str | None


SHARE_GRANTED = declare("share.granted", version=1, topic="shares", data=ShareData)
SHARE_ENDED = declare("share.ended", version=1, topic="shares", data=ShareData)
TYPES = frozenset({SHARE_GRANTED.name, SHARE_ENDED.name})


COLUMNS = ("subject", "source", "term", "home", "realm", "relay", "audience")
FIELDS = ("thing", "node", "by", "rev", "since", "until", "ended_at")


class Shared(Protocol):
    """What of an envelope decides where it may go; a row has it."""

    audience: str
    relay: str
    about: str


@dataclass
class Thing:
    """A subject that others may be about: its homes, whether it is relayed, who may hold it.

    A term has one home; only where two nodes handed over at once it has two, and the envelope in
    force says which of them writes on.
    """

    realm: str
    relay: str
    homes: dict[int, set[str]] = field(default_factory=dict)
    audience: set[str] = field(default_factory=set)

    @property
    def term(self) -> int:
        return max(self.homes)

    @property
    def home(self) -> set[str]:
        """The homes of the newest term."""
        return self.homes[self.term]


@dataclass
class Sharing:
    """What this node knows of the sharing of some things, to be asked about many envelopes."""

    things: dict[str, Thing] = field(default_factory=dict)
    shares: dict[str, list[Share]] = field(default_factory=dict)

    @classmethod
    def of(cls, things: Collection[str]) -> "Sharing":
        """Read the sharing of these things; two queries."""
        known = cls()
        rows = Envelope.objects.filter(subject__in=things).order_by()
        for row in rows.values_list(*COLUMNS).distinct():
            known.learn(*row)
        for share in Share.objects.filter(thing__in=things):
            known.shares.setdefault(share.thing, []).append(share)
        return known

    def learn(
        self,
        subject: str,
        source: str,
        term: int,
        home: str,
        realm: str,
        relay: str,
        audience: str,
    ) -> None:
        """One more envelope of a thing itself."""
        thing = self.things.setdefault(subject, Thing(realm, relay))
        thing.audience.update(audience.split())
        thing.homes.setdefault(term, set()).add(home or source)

    def learn_share(self, share: Share) -> None:
        """One more share, or a newer state of one."""
        others = [one for one in self.shares.get(share.thing, ()) if one.pk != share.pk]
        self.shares[share.thing] = [*others, share]

    def counts(self, share: Share) -> bool:
        """Was this share given by a node that may give it, as far as its thing is known?"""
        thing = self.things.get(share.thing)
        if thing is None or share.by == share.node:
            return False
        homes = set().union(*thing.homes.values())
        if share.by in homes:
            return True
        return thing.relay == "parent" and any(is_above(share.by, home) for home in homes)

    def may_hold(self, envelope: Shared, node: str, *, ever: bool = False) -> bool:
        """May this node hold the envelope now, or, with `ever`, might it once?"""
        if f" {node} " in envelope.audience:
            return True
        return envelope.relay != "none" and self.has(envelope.about, node, ever=ever)

    def has(self, subject: str, node: str, *, ever: bool = False) -> bool:
        """May this node hold the thing itself?"""
        thing = self.things.get(subject)
        if thing is None:
            return False
        return node in thing.audience or any(
            share.node == node and (ever or is_in_force(share)) and self.counts(share)
            for share in self.shares.get(subject, ())
        )


def is_in_force(share: Share) -> bool:
    """Not ended, and not past its end."""
    if share.ended_at is not None:
        return False
    return share.until is None or share.until > datetime.now(UTC)


def is_above(node: str, other: str) -> bool:
    """Is `node` above `other`? What is above this node is above all that it hears of."""
    peer = Peer.objects.filter(revoked_at=None)
    if node == settings.NODE_ID:
        return peer.filter(node=other, upper=False).exists()
    return peer.filter(node=node, upper=True).exists()


def way_to(node: str) -> list[str]:
    """The nodes between this one and that: none, or the one above."""
    peers = Peer.objects.filter(revoked_at=None)
    if peers.filter(node=node).exists():
        return []
    return list(peers.filter(upper=True).values_list("node", flat=True))


def grant(*, thing: str, node: str, actor: str, until: datetime | None = None) -> Share:
    """Let one more node hold a thing; the same grant again is the one that there is.

    Raises NotFound for a thing that is not here, Invalid for this node itself, Conflict where
    another node has to give it.
    """
    if node == settings.NODE_ID:
        raise Invalid(fields={"node": node})
    with transaction.atomic():
        now = datetime.now(UTC)
        known = Sharing.of([thing])
        same = [one for one in known.shares.get(thing, ()) if one.node == node and is_in_force(one)]
        if same:
            return same[0]
        if thing not in known.things:
            raise NotFound
        share = Share(id=uuid.uuid4(), thing=thing, node=node, by=settings.NODE_ID, rev=1)
        share.since, share.until = now, until
        if not known.counts(share):
            raise Conflict
        share.save(force_insert=True)
        _append(SHARE_GRANTED, share, known.things[thing], actor)
    return share


def renew(*, share: Share, actor: str, until: datetime | None) -> Share:
    """Give a share that is in force again, in the name of `actor`, until another time."""
    return _change(SHARE_GRANTED, share, actor, until=until)


def end(*, share: Share, actor: str) -> Share:
    """Let the node hold the thing no longer. Raises Conflict where another node gave it."""
    return _change(SHARE_ENDED, share, actor, ended_at=datetime.now(UTC))


def _change(kind: EventType, share: Share, actor: str, **fields: datetime | None) -> Share:
    with transaction.atomic():
        share = Share.objects.select_for_update().get(pk=share.pk)
        if share.by != settings.NODE_ID or share.ended_at is not None:
            raise Conflict
        share.rev += 1
        for name, value in fields.items():
            setattr(share, name, value)
        share.save(update_fields=["rev", *fields])
        _append(kind, share, Sharing.of([share.thing]).things[share.thing], actor)
    return share


def shares_of(thing: str) -> list[ShareData]:
    """Every share of this thing, ended ones too, in the order in which they were given."""
    return [share_data(one) for one in Share.objects.filter(thing=thing).order_by("since", "id")]


def _append(kind: EventType, share: Share, thing: Thing, actor: str) -> None:
    log.append(
        kind,
        subject=f"share/{share.pk}",
        about=share.thing,
        actor=actor,
        realm=thing.realm,
        rev=share.rev,
        public=share_data(share),
        # who passes it on may hold no more of the thing by then
        audience=(share.node, *thing.home, *way_to(share.node)),
        relay="about",
    )


def share_data(share: Share) -> ShareData:
    """A share, as API and log tell it."""
    return {
        "id": str(share.pk),
        "thing": share.thing,
        "node": share.node,
        "by": share.by,
        "rev": share.rev,
        "since": share.since.isoformat(),
        "until": share.until.isoformat() if share.until else None,
        "ended_at": share.ended_at.isoformat() if share.ended_at else None,
    }


def share_in(row: Envelope) -> Share:
    """What a share envelope says. Raises KeyError, TypeError or ValueError for another shape."""
    return _share(orjson.loads(bytes(row.public)), row.rev)


def _share(data: dict[str, Any], rev: int) -> Share:
    read = moment_of
    return Share(
        id=uuid.UUID(data["id"]),
        thing=data["thing"],
        node=data["node"],
        by=data["by"],
        rev=rev,
        since=read(data["since"]),
        until=_end(data["until"]) if data["until"] else None,
        ended_at=read(data["ended_at"]) if data["ended_at"] else None,
    )


def _end(text: str) -> datetime:
    """Until when a share lasts; one without an end in sight until the last year that there is."""
    if datetime.fromisoformat(text).year >= LATEST:
        return datetime(LATEST - 1, 12, 31, tzinfo=UTC)
    return moment_of(text)


def objection(row: Envelope, known: Sharing) -> str:
    """Why this share envelope does not count; empty where it may, its thing still to come."""
    try:
        share = share_in(row)
    except (KeyError, TypeError, ValueError):
        return "a share of another shape"
    if share.by != row.source or share.thing != row.about or row.subject != f"share/{share.pk}":
        return "a share in the name of another"
    if share.by == share.node:
        return "a node that grants to itself"
    if share.thing in known.things and not known.counts(share):
        return "a share from a node that may not give it"
    return ""


@applies("share")
def apply_shares(facts: Sequence[Fact]) -> None:
    """Keep the table of shares."""
    Share.objects.bulk_create(
        [_share(fact.public, fact.rev) for fact in facts],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=FIELDS,
    )

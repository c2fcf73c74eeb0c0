"""How the links stand: what each peer has not acknowledged, since when, and when both were equal.

Owns: the states live, catching, offline, waiting (for an administrator) and revoked, and the count
of what is on no other node yet. Promises: counts from the log and the acknowledgements alone, never
further than MOST rows, and says so where there are more. Must not know: who looks.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from django.conf import settings

from .. import log
from ..events import EPOCH_SUBJECT
from ..models import Envelope, Parked, Peer, Quarantined
from . import forks
from .erasing import overdue
from .outgoing import Outgoing
from .sharing import share_data

DEAD = timedelta(seconds=50)  # without a word from the peer
HOLD = timedelta(minutes=2)  # of reminders, while what was written before comes back
NEWS = timedelta(hours=48)  # a new epoch is told of on every screen
REAL = "real"
MOST = 1000  # rows that are looked through: every screen asks every two seconds
BACK_WITHIN = 20_000  # positions after a new epoch at which lost envelopes are looked for
KEPT = frozenset({"number", "url", "refused", "refusal"})  # for administrators
BRIEF = (
    "position",
    "source",
    "via",
    "audience",
    "relay",
    "about",
    "realm",
    "time",
)  # bodies are long


def states() -> dict[str, Any]:
    """Every peer with the state of its link, and what that is real no other node holds yet.

    `{peers, alone: {count, oldest}, unerased, renewed, forks}`; times ISO 8601 UTC, None for never;
    `unerased` are shares that ended more than a day ago without a receipt, `renewed` tells of the
    last new epoch and `forks` of revisions that came twice, while it is news.
    """
    peers, head, now = list(Peer.objects.order_by("node")), log.head(), datetime.now(UTC)
    linked = [peer for peer in peers if peer.confirmed_at and not peer.revoked_at]
    acked = {peer.node: peer.acked if peer.acked_epoch == head.epoch else 0 for peer in linked}
    waiting: dict[str, list[Any]] = {peer.node: [] for peer in linked}
    alone: list[Any] = []
    rows = _after(min(acked.values(), default=head.position))
    readers = {peer.node: Outgoing(peer.node) for peer in linked}
    goes = {node: reader.chosen(rows) for node, reader in readers.items()}
    for row in rows:
        due = [node for node in waiting if row.position in goes[node]]
        late = [node for node in due if row.position > acked[node]]
        for node in late:
            waiting[node].append(row)
        if due and late == due and row.source == settings.NODE_ID and row.realm == REAL:
            alone.append(row)
    renewed = _renewed(now)
    since = datetime.fromisoformat(renewed["at"]) if renewed else None
    more = bool(rows) and rows[-1].position < head.position
    return {
        "peers": [_state(peer, waiting.get(peer.node, []), more, now, since) for peer in peers],
        "alone": {"count": len(alone), "oldest": _moment(alone[0].time if alone else None)},
        "unerased": [share_data(share) for share in overdue()],
        "renewed": renewed,
        "forks": forks.news(now),
    }


def comes_back(now: datetime) -> bool:
    """Did this node go on from an old copy a moment ago, so that a peer may still hold what it
    wrote itself? Not for longer than `HOLD`: a peer that is away holds up nothing."""
    row = Envelope.objects.filter(subject=EPOCH_SUBJECT).order_by("-position").first()
    if row is None or not timedelta(0) <= now - row.time <= HOLD:
        return False  # long ago, or by a clock that was set back since
    linked = Peer.objects.filter(revoked_at=None).exclude(confirmed_at=None)
    return any(_is_unequal(peer, row.time) for peer in linked)


def _after(position: int) -> list[Any]:
    """Rows after this position: what of them is BRIEF."""
    rows = Envelope.objects.filter(position__gt=position).order_by("position")
    return list(rows.values_list(*BRIEF, named=True)[:MOST])


def _renewed(now: datetime) -> dict[str, Any] | None:
    """The last new epoch, while it is news: when, why, how many own envelopes were lost (None where
    nobody can know) and how many came back."""
    row = Envelope.objects.filter(subject=EPOCH_SUBJECT).order_by("-position").first()
    if row is None or row.time < now - NEWS:
        return None
    data = orjson.loads(bytes(row.public))
    returned = Envelope.objects.filter(
        source=settings.NODE_ID,
        position__range=(row.position + 1, row.position + BACK_WITHIN),
        time__lt=row.time,
    ).count()
    marker, reason = data["marker"], data["reason"]  # positions compare within one epoch alone
    known = marker is not None and reason != "marker of another epoch"
    # the marker is written after the log: what came back was missing, whatever it says
    lost = max(0, marker - data["position"], returned) if known else None
    return {
        "at": _moment(row.time),
        "reason": reason,
        "lost": lost,
        "returned": returned,
    }


def shown() -> dict[str, Any]:
    """The same for everybody who is signed in: without what only administrators need."""
    told = states()
    peers = [{name: one[name] for name in one if name not in KEPT} for one in told["peers"]]
    return told | {"peers": peers}


def _state(
    peer: Peer, waiting: list[Any], more: bool, now: datetime, since: datetime | None
) -> dict[str, Any]:
    names = "node name upper url number cleared clock_ms refused refusal".split()
    times = "paired_at confirmed_at revoked_at linked_at heard_at equal_at renewed_at".split()
    return {
        **{name: getattr(peer, name) for name in names},
        **{name: _moment(getattr(peer, name)) for name in times},
        "state": _word(peer, bool(waiting) or _is_unequal(peer, since), now),
        "backlog": len(waiting),
        "more": more,
        "oldest": _moment(waiting[0].time if waiting else None),
        "parked": Parked.objects.filter(envelope__source=peer.node).count(),
        "quarantined": Quarantined.objects.filter(peer=peer.node).count(),
    }


def _is_unequal(peer: Peer, since: datetime | None) -> bool:
    """Has nobody proven yet that both hold the same since this node went on from an old copy?"""
    return since is not None and (peer.equal_at is None or peer.equal_at < since)


def _word(peer: Peer, behind: bool, now: datetime) -> str:
    if peer.revoked_at is not None:
        return "revoked"
    if peer.confirmed_at is None:
        return "waiting"
    if peer.linked_at is None or peer.heard_at is None or now - peer.heard_at > DEAD:
        return "offline"
    return "catching" if behind else "live"


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None

"""What the page of nodes reads: the links as they stand, what waits, and what was refused.

Owns: the queries. Promises: of what is parked or in quarantine only its time, type, reason and
count, never what it says; at most MOST rows of each, with the number of all. Must not know: forms,
what a link does (realtime.link).
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from django.utils.translation import gettext

from realtime import storage
from realtime.link import health
from realtime.models import PairingCode, Parked, Quarantined
from realtime.problems import NotFound

from .audit_words import type_word
from .link_words import reason_text
from .selectors_sharing import shown_node_names

MOST = 50
CLOCK_WARNING = 2000  # ms
SEEN = re.compile(r"(?P<node>\S+) has seen more of this log")
MOMENTS = (
    "paired_at confirmed_at revoked_at linked_at heard_at equal_at renewed_at oldest"
).split()


@dataclass(frozen=True)
class Held:
    """One thing that is kept and not in force."""

    at: datetime
    type: str
    reason: str
    count: int


def links() -> dict[str, Any]:
    """Every peer with the state of its link, what is on no other node, and when this was read."""
    found, names = health.states(), shown_node_names()
    alone = found["alone"]
    return {
        "peers": [_peer(one, names) for one in found["peers"]],
        "alone": alone | {"oldest": _moment(alone["oldest"])},
        "renewed": _renewed(found["renewed"], names),
        "forks": _forks(found["forks"]),
        "unerased": len({share["node"] for share in found["unerased"]}),
        "codes": list(
            PairingCode.objects.filter(used_at=None, expires_at__gt=datetime.now(UTC)).order_by(
                "expires_at"
            )
        ),
        "storage": storage.state(),
        "read_at": datetime.now(UTC),
    }


def link(node: str) -> dict[str, Any]:
    """One peer. Raises NotFound."""
    for peer in links()["peers"]:
        if peer["node"] == node:
            return peer
    raise NotFound


def _forks(one: dict[str, Any] | None) -> dict[str, Any] | None:
    """When revisions came twice, last, and how many."""
    return one and one | {"at": _moment(one["at"])}


def _renewed(one: dict[str, Any] | None, names: dict[str, str]) -> dict[str, Any] | None:
    """The last new epoch with its reason in words."""
    if one is None:
        return None
    seer = SEEN.fullmatch(one["reason"])
    if seer:
        said = gettext("%(name)s has seen more of this log")
        reason = said % {"name": names.get(seer["node"], seer["node"])}
    else:
        reason = reason_text(one["reason"])
    return one | {"at": _moment(one["at"]), "reason": reason}


def _peer(one: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    clock = one["clock_ms"]
    return {
        **one,
        **{name: _moment(one[name]) for name in MOMENTS},
        "name": names.get(one["node"]) or one["name"],
        "clock": None if clock is None else f"{round(clock / 1000, 1) or 0.0:+.1f}",
        "clock_off": clock is not None and abs(clock) > CLOCK_WARNING,
        "refusal": reason_text(one["refusal"]),
    }


def parked(node: str) -> tuple[list[Held], int]:
    """What came from this node and waits, newest first, and how many there are."""
    rows = Parked.objects.filter(envelope__source=node).select_related("envelope")
    found = [
        Held(row.parked_at, type_word(row.envelope.type), reason_text(row.reason), 1)
        for row in rows.order_by("-parked_at")[:MOST]
    ]
    return found, rows.count()


def quarantined(node: str) -> tuple[list[Held], int]:
    """What this peer sent and this node refused to hold, newest first, and how many there are."""
    rows = Quarantined.objects.filter(peer=node)
    found = [
        Held(row.last_at, _type_in(bytes(row.item)), reason_text(row.reason), row.count)
        for row in rows.order_by("-last_at")[:MOST]
    ]
    return found, rows.count()


def _type_in(item: bytes) -> str:
    """The type that a refused envelope says; empty for what cannot be read."""
    try:
        return type_word(str(orjson.loads(orjson.loads(item)["header"])["type"])[:64])
    except (ValueError, TypeError, KeyError):
        return ""


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

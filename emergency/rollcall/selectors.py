"""Roll calls that run, that wait for the desk of this node, and what came of earlier ones.

Owns: reads. Promises: seconds of a call of this node are counted by its own clock, from the call to
when the answer was here; what came after the end is said to be late and given no seconds; of a call
of another node only what that node tells. Must not know: how anything is written.
"""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from realtime import log
from realtime.models import Peer
from realtime.problems import NotFound

from ..events import moment
from ..models import Officer, RollCall
from ..permissions import require
from .events import answer_data, call_data

LISTED = 50
ON_ITS_WAY = timedelta(seconds=2)  # an answer that came in time and is being written
WAITS = timedelta(hours=24)  # so long after its minutes a call without an end is not asked about


def callable_nodes() -> list[Peer]:
    """Nodes below this one, or beside it, that it is linked with."""
    found = Peer.objects.filter(revoked_at=None, upper=False).exclude(confirmed_at=None)
    return list(found.order_by("node"))


def running() -> QuerySet[RollCall]:
    """Calls of this node that are not closed. One of before a loss may have been closed: what is
    here says too little to close it."""
    own = RollCall.objects.filter(home=settings.NODE_ID, closed_at=None)
    return own.filter(epoch=log.head().epoch)


def is_due(call: RollCall, now: datetime) -> bool:
    """Have all answered, or are its minutes over, with a moment for what was on its way?"""
    over = now >= call.here_since + timedelta(minutes=call.minutes) + ON_ITS_WAY
    return over or len(measured(call)) == len(call.nodes)


def measured(call: RollCall) -> list[dict[str, Any]]:
    """Who has answered a call of this node within its minutes, after how many seconds here."""
    ends = call.here_since + timedelta(minutes=call.minutes)
    asked = {one["node"] for one in call.nodes}
    return [
        {"node": one.home, "seconds": _seconds(one.here_since - call.here_since)}
        for one in call.answers.order_by("here_since", "home")
        if one.home in asked and one.here_since <= ends
    ]


def _seconds(passed: timedelta) -> int:
    """Whole ones; none for a clock that was set back meanwhile."""
    return max(0, round(passed.total_seconds()))


def calls(officer: Officer) -> list[dict[str, Any]]:
    """The latest calls of this node, the newest first."""
    require(officer, "duty.see")
    found = RollCall.objects.filter(home=settings.NODE_ID).prefetch_related("answers")
    return [shown(one) for one in found[:LISTED]]


def call(officer: Officer, pk: uuid.UUID) -> RollCall:
    """One call that this node made or was called in. Raises NotFound."""
    require(officer, "duty.see")
    found = RollCall.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def shown(one: RollCall) -> dict[str, Any]:
    """A call with a row for each node: `state` answered, late or none, `seconds` here, `desk`
    seconds there, who; `lost`: it was made before this node lost what it knew of it."""
    results = one.results if one.closed_at else measured(one)
    seconds = {row["node"]: row["seconds"] for row in results}
    answers = {row.home: row for row in one.answers.all()}
    rows = []
    for asked in one.nodes:
        answer = answers.get(asked["node"])
        state = "answered" if asked["node"] in seconds else "late" if answer else "none"
        said = {"desk": answer.seconds, "who": answer.author_name} if answer else {}
        rows.append(asked | {"state": state, "seconds": seconds.get(asked["node"])} | said)
    ends = one.here_since + timedelta(minutes=one.minutes)
    lost = one.closed_at is None and one.epoch != log.head().epoch
    return call_data(one) | {"rows": rows, "ends_at": moment(ends), "lost": lost}


def waiting(officer: Officer) -> list[dict[str, Any]]:
    """Calls of other nodes that the desk of this one has not answered, the newest first."""
    require(officer, "duty.see")
    asked = RollCall.objects.filter(closed_at=None).exclude(home=settings.NODE_ID)
    since = datetime.now(UTC) - WAITS
    answered = {"answers__home": settings.NODE_ID}
    found = asked.filter(here_since__gte=since).exclude(**answered)
    here = [one for one in found if settings.NODE_ID in {node["node"] for node in one.nodes}]
    return [call_data(one) for one in here[:LISTED]]


def answered(officer: Officer) -> list[dict[str, Any]]:
    """The latest calls of other nodes, with what this one answered and what they measured."""
    require(officer, "duty.see")
    found = RollCall.objects.exclude(home=settings.NODE_ID).prefetch_related("answers")
    told = []
    for one in found[:LISTED]:
        mine = next((row for row in one.answers.all() if row.home == settings.NODE_ID), None)
        seconds = {row["node"]: row["seconds"] for row in one.results}
        said = {"mine": answer_data(mine) if mine else None}
        told.append(call_data(one) | said | {"seconds": seconds.get(settings.NODE_ID)})
    return told

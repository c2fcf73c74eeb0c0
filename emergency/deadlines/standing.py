"""Which limits an incident has, and what has to be done about them now: pure functions.

Owns: the rules. Promises: an incident states its limits itself, in their order; of each kind the
last one holds, from receipt on, as long as the incident is open and the report is not made;
another class or grade with another limit puts that in its place, and what was overdue by then is
said; a limit that the office changes is for incidents that come later. Must not know: the database,
which node this is.
Source: domain rules of information reporting (first reports, 先电话后书面).
"""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ..apply import time_of
from ..events import LimitData, moment
from ..models import Deadline, DeadlineStep, Incident, Report
from ..states import OPEN, State
from .limits import Rule, minutes_late

Kind, Step = Deadline.Kind, DeadlineStep.Kind
MEETS = {  # a report in writing tells what one by phone would have told
    Kind.PHONE: (Report.Kind.PHONE, Report.Kind.WRITTEN),
    Kind.WRITTEN: (Report.Kind.WRITTEN,),
}
NOT_REPORTED = (State.RECEIVED, State.VERIFIED)
CLOSED, CHANGED = "closed", "changed"  # why a limit does not run any more
TOLD = "minutes source plan verified".split()  # of a rule, by a limit
Passed = Callable[[datetime, datetime], timedelta]


@dataclass(frozen=True)
class End:
    """A limit is met or stopped."""

    deadline: Deadline
    kind: Step
    late: int
    reason: str = ""


@dataclass(frozen=True)
class Watch:
    """A limit runs that this node does not look at yet; reminders that were given."""

    deadline: Deadline
    given: Sequence[int]


Act = End | Watch


@dataclass(frozen=True)
class Written:
    """About an incident: limits that this node looks at, what homes have written of steps and
    reports."""

    watched: Mapping[uuid.UUID, Deadline]
    steps: Sequence[DeadlineStep]
    reports: Sequence[Report]


def held(
    incident: Incident,
    binding: Callable[[Kind], Rule | None],
    reports: Iterable[Report],
    now: datetime,
    *,
    anew: bool = False,
) -> list[LimitData]:
    """The limits that an open incident is to state: those it has, and others where its class or
    grade asks for others, from the same moment on; `anew` from now on, when it was opened again."""
    limits = list(incident.limits)
    made = {kind for one in reports for kind in Kind if one.kind in MEETS[kind]}
    for kind in Kind:
        last, rule = _last(limits, kind), binding(kind)
        if rule is None or kind in made or not (last or incident.state in NOT_REPORTED):
            continue
        if anew:
            since = moment(now)
        elif last is None:  # a clock that is ahead gives nobody more time
            since = moment(min(incident.received_at, now))
        elif _told(last) == _told(rule):
            continue
        else:
            since = last["started_at"]
        limits.append({"id": str(uuid.uuid4()), "kind": kind, "started_at": since} | _told(rule))
    return limits


def _told(what: Rule | Mapping[str, Any]) -> dict[str, Any]:
    """What a limit tells of its rule."""
    if isinstance(what, Rule):
        return {name: getattr(what, name) for name in TOLD} | {"default": what.is_default}
    return {name: what[name] for name in (*TOLD, "default")}


def _last(limits: Sequence[LimitData], kind: str) -> LimitData | None:
    return next((one for one in reversed(limits) if one["kind"] == kind), None)


def ran(one: Deadline, until: datetime, passed: Passed) -> timedelta:
    """How long a limit has run, whatever was done to the clock of the machine meanwhile."""
    return passed(one.started_at, until) + timedelta(seconds=one.shift)


def acts(incident: Incident, written: Written, passed: Passed, now: datetime) -> list[Act]:
    """What is to be done about the limits of this incident, nothing where all is as it has to be;
    `passed` tells the time between two moments."""
    ended = {step.deadline for step in written.steps if step.kind != Step.REMINDED}
    found: list[Act] = []
    for limit in incident.limits:
        pk = uuid.UUID(limit["id"])
        if pk in ended:
            continue
        one = written.watched.get(pk) or watched(incident, limit)
        reports = [row.reported_at for row in written.reports if row.kind in MEETS[one.kind]]
        made = min(reports, default=None)
        kept, reason = Step.STOPPED, ""
        if made is not None:
            kept = Step.MET
        elif incident.state not in OPEN:
            reason = CLOSED
        elif limit is not _last(incident.limits, one.kind):
            reason = CHANGED
        if kept is Step.MET or reason:
            late = minutes_late(ran(one, made or now, passed), one.minutes)
            found.append(End(one, kept, late, reason))
        elif pk not in written.watched:
            given = [step.percent for step in written.steps if step.deadline == pk]
            found.append(Watch(one, given))
    return found


def watched(incident: Incident, limit: LimitData) -> Deadline:
    """A limit as a node looks at it."""
    return Deadline(
        id=uuid.UUID(limit["id"]),
        incident=incident,
        realm=incident.realm,
        kind=Kind(limit["kind"]),
        started_at=time_of(limit["started_at"]),
        minutes=limit["minutes"],
    )

"""Which limits an incident has, and what has to be done about them now: pure functions.

Owns: the rules. Promises: an incident states its limits itself, in their order; of each kind the
last one holds, from receipt on, as long as the incident is open and the report is not made;
another class or grade with another limit puts that in its place, and what was overdue by then is
said; a limit that the office changes is for incidents that come later. Must not know: the database,
which node this is.
Source: domain rules of information reporting (first reports, 先电话后书面).
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ..apply import time_of
from ..events import LimitData, moment
from ..models import Deadline, DeadlineStep, Incident, Report
from ..states import OPEN, State
from .limits import MOST_LIMITS, Rule, minutes_late

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


@dataclass(frozen=True)
class Drop:
    """A limit that this node looks at has ended elsewhere, or is not stated any more."""

    deadline: Deadline


Act = End | Watch | Drop


@dataclass(frozen=True)
class Written:
    """About an incident: limits that this node looks at, what homes have written of steps and
    reports."""

    watched: Mapping[uuid.UUID, Deadline]
    steps: Sequence[DeadlineStep]
    reports: Sequence[Report]

    def ended(self) -> set[uuid.UUID]:
        """Limits that do not run any more."""
        return {step.deadline for step in self.steps if step.kind != Step.REMINDED}


def held(
    incident: Incident,
    binding: Callable[[Kind], Rule | None],
    written: Written,
    now: datetime,
    *,
    anew: bool = False,
) -> list[LimitData]:
    """The limits that an incident is to state: those it has and, while it is open, others where its
    class or grade asks for others, from the same moment on; `anew` from now on, when it was opened
    again. One that is asked for again before it ended goes on."""
    limits, ended = list(incident.limits), written.ended()
    made = {kind for one in written.reports for kind in Kind if one.kind in MEETS[kind]}
    for kind in Kind if incident.state in OPEN else ():
        last, rule = last_of(limits, kind), binding(kind)
        if rule is None or kind in made:
            continue
        if not (last or anew or incident.state in NOT_REPORTED):
            continue
        if anew:
            since = moment(now)
        elif last is None:  # a clock that is ahead gives nobody more time
            since = moment(min(incident.received_at, now))
        else:
            since = last["started_at"]
        wanted = {"kind": kind, "started_at": since} | _told(rule)
        same = [one for one in limits if wanted.items() <= one.items()]
        going = [one for one in same if uuid.UUID(one["id"]) not in ended]
        if last in same:
            continue
        for one in going[-1:]:
            limits.remove(one)
        limits += going[-1:] or [{"id": str(uuid.uuid4())} | wanted]
    return limits[-MOST_LIMITS:]


def _told(rule: Rule) -> dict[str, Any]:
    """What a limit tells of its rule."""
    return {name: getattr(rule, name) for name in TOLD} | {"default": rule.is_default}


def last_of(limits: Sequence[LimitData], kind: str) -> LimitData | None:
    """The limit of this kind that holds."""
    return next((one for one in reversed(limits) if one["kind"] == kind), None)


def ran(one: Deadline, until: datetime, passed: Passed) -> timedelta:
    """How long a limit has run, whatever was done to the clock of the machine meanwhile."""
    return passed(one.started_at, until) + timedelta(seconds=one.shift)


def acts(incident: Incident, written: Written, passed: Passed, now: datetime) -> list[Act]:
    """What is to be done about the limits of this incident, nothing where all is as it has to be;
    `passed` tells the time between two moments."""
    ended, stated = written.ended(), {uuid.UUID(one["id"]): one for one in incident.limits}
    found: list[Act] = [
        Drop(row) for pk, row in written.watched.items() if pk in ended or pk not in stated
    ]
    for pk, limit in stated.items():
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
        elif limit is not last_of(incident.limits, one.kind):
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
        incident=incident,
        limit=uuid.UUID(limit["id"]),
        realm=incident.realm,
        kind=Kind(limit["kind"]),
        started_at=time_of(limit["started_at"]),
        minutes=limit["minutes"],
    )

"""What has to be done about the deadlines of an incident, by what is there: pure functions.

Owns: the rules. Promises: one deadline of a kind runs at a time, from receipt on, as long as the
incident is open and the report is not made; another class or grade with another limit ends it and
begins one with that, and what was overdue by then is said; a limit that the office changes is for
deadlines that begin later. Must not know: the database, which node this is.
Source: domain rules of information reporting (first reports, 先电话后书面).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ..models import Deadline, DeadlineStep, Incident, Report
from ..states import OPEN, State
from .limits import Rule, minutes_late

Kind, Step = Deadline.Kind, DeadlineStep.Kind
MEETS = {  # a report in writing tells what one by phone would have told
    Kind.PHONE: (Report.Kind.PHONE, Report.Kind.WRITTEN),
    Kind.WRITTEN: (Report.Kind.WRITTEN,),
}
NOT_REPORTED = (State.RECEIVED, State.VERIFIED)
CLOSED, CHANGED = "closed", "changed"  # why a deadline does not run any more
TOLD = "type_prefix grade level source verified plan".split()  # of a rule, by its deadline
Passed = Callable[[datetime, datetime], timedelta]


@dataclass(frozen=True)
class Begin:
    """A deadline begins: its kind, the limit, and from when on."""

    kind: Kind
    rule: Rule
    since: datetime


@dataclass(frozen=True)
class End:
    """A deadline is met or stopped."""

    deadline: Deadline
    kind: Step
    late: int
    reason: str = ""


@dataclass(frozen=True)
class Watch:
    """A deadline that runs is right for the incident as it is now, and to be looked at."""

    deadline: Deadline


Act = Begin | End | Watch


@dataclass(frozen=True)
class Written:
    """What homes of the incident have written: deadlines in their order, steps, reports."""

    deadlines: Sequence[Deadline]
    steps: Sequence[DeadlineStep]
    reports: Sequence[Report]


def of(incident: Incident) -> list[Any]:
    """What a limit is chosen by."""
    return [incident.type_code, incident.grade]


def told(rule: Rule) -> dict[str, Any]:
    """A rule as its deadline tells it."""
    return {name: getattr(rule, name) for name in TOLD} | {"default": rule.is_default}


def ran(one: Deadline, until: datetime, passed: Passed) -> timedelta:
    """How long a deadline has run, whatever was done to the clock of the machine meanwhile."""
    return passed(one.started_at, until) + timedelta(seconds=one.shift)


def acts(
    incident: Incident,
    written: Written,
    binding: Callable[[Kind], Rule | None],
    passed: Passed,
    now: datetime,
) -> list[Act]:
    """What is to be written about the deadlines of this incident, nothing where all is as it has to
    be. `binding` tells the rule for a kind, `passed` the time between two moments."""
    endings = {step.deadline: step for step in written.steps if step.kind != Step.REMINDED}
    found: list[Act] = []
    for kind in Kind:
        own = [one for one in written.deadlines if one.kind == kind]
        reports = [one.reported_at for one in written.reports if one.kind in MEETS[kind]]
        made, rule = min(reports, default=None), binding(kind)
        runs = False
        for one in own:
            if one.pk in endings:
                continue
            kept, reason = Step.STOPPED, ""
            if made is not None:
                kept = Step.MET
            elif incident.state not in OPEN:
                reason = CLOSED
            elif runs or (rule and not _holds(one, rule, incident)):
                reason = CHANGED
            if kept is Step.MET or reason:
                late = minutes_late(ran(one, made or now, passed), one.minutes)
                found.append(End(one, kept, late, reason))
                continue
            runs = True
            if one.next_at is None and not one.looked or one.judged != of(incident):
                found.append(Watch(one))
        begins = incident.state in OPEN and (incident.state in NOT_REPORTED or own)
        if rule and begins and not runs and made is None:
            found.append(Begin(kind, rule, _since(incident, own, endings, now)))
    return found


def _holds(one: Deadline, rule: Rule, incident: Incident) -> bool:
    """Does a deadline that runs still hold? Only class and grade are asked anew."""
    if one.judged == of(incident):
        return True
    same = {**one.rule, "of": None} == {**told(rule), "of": None}
    return same and one.minutes == rule.minutes


def _since(
    incident: Incident,
    own: Sequence[Deadline],
    endings: Mapping[Any, DeadlineStep],
    now: datetime,
) -> datetime:
    """From receipt on; where the last one ended by a change, as that; where the incident was closed
    in between, from now on."""
    last = own[-1] if own else None
    if last is None:
        return min(incident.received_at, now)  # a clock that is ahead gives nobody more time
    ending = endings.get(last.pk)
    return now if ending and ending.reason == CLOSED else last.started_at

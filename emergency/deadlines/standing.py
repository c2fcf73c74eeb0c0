"""What has to be done about the deadlines of an incident, by what is there: pure functions.

Owns: the rules. Promises: one deadline of a kind runs at a time, from receipt on, as long as the
incident is open and the report is not made; another class or grade with another limit ends it and
begins one with that; a limit that the office changes is for deadlines that begin later. Must not
know: the database, which node this is.
Source: domain rules of information reporting (first reports, 先电话后书面).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..models import Deadline, DeadlineStep, Incident, Report
from ..states import OPEN
from .limits import Rule, minutes_late

Kind, Step = Deadline.Kind, DeadlineStep.Kind
MEETS = {  # a report in writing tells what one by phone would have told
    Kind.PHONE: (Report.Kind.PHONE, Report.Kind.WRITTEN),
    Kind.WRITTEN: (Report.Kind.WRITTEN,),
}
CLOSED, CHANGED = "closed", "changed"  # why a deadline does not run any more


@dataclass(frozen=True)
class Begin:
    """A deadline begins: its kind, the limit, from when on, and how many of its kind there were."""

    kind: Kind
    rule: Rule
    since: datetime
    place: int


@dataclass(frozen=True)
class End:
    """A deadline is met or stopped."""

    deadline: Deadline
    kind: Step
    late: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Watch:
    """A deadline that runs is to be looked at by this node from now on."""

    deadline: Deadline


Act = Begin | End | Watch


def of(incident: Incident) -> list[object]:
    """What a limit is chosen by."""
    return [incident.type_code, incident.grade]


def acts(
    incident: Incident,
    *,
    deadlines: Sequence[Deadline],
    steps: Iterable[DeadlineStep],
    reports: Iterable[Report],
    binding: Callable[[Kind], Rule | None],
    passed: Callable[[datetime, datetime], timedelta],
    now: datetime,
) -> list[Act]:
    """What is to be written about the deadlines of this incident, nothing where all is as it has to
    be. `binding` tells the rule for a kind, `passed` the time between two moments."""
    endings = {step.deadline: step for step in steps if step.kind != Step.REMINDED}
    made = {report.kind: report.reported_at for report in reports}
    found: list[Act] = []
    for kind in Kind:
        own = [one for one in deadlines if one.kind == kind]
        at = min((made[one] for one in MEETS[kind] if one in made), default=None)
        rule = binding(kind)
        runs = False
        for one in own:
            if one.pk in endings:
                continue
            if at is not None:
                late = minutes_late(passed(one.started_at, at), one.minutes)
                found.append(End(one, Step.MET, late=late))
            elif incident.state not in OPEN:
                found.append(End(one, Step.STOPPED, reason=CLOSED))
            elif rule and one.minutes != rule.minutes and one.rule["of"] != of(incident):
                found.append(End(one, Step.STOPPED, reason=CHANGED))
            else:
                runs = True
                if one.next_at is None:
                    found.append(Watch(one))
        if rule and not runs and at is None and incident.state in OPEN:
            found.append(Begin(kind, rule, _since(incident, own, endings, now), len(own)))
    return found


def _since(
    incident: Incident,
    own: Sequence[Deadline],
    endings: dict[object, DeadlineStep],
    now: datetime,
) -> datetime:
    """From receipt on; from now on for an incident that was closed in between."""
    closed = any(endings[one.pk].reason == CLOSED for one in own if one.pk in endings)
    return now if closed else incident.received_at

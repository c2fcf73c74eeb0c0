"""Which tasks are a directive's, which steps of them count, and where a unit stands.

Owns: these rules, pure but for the two reads. Promises: a task is a directive's that its own node
issued, about its incident, for one of its units; a step counts from the node that recorded the
directive and from that of the unit, a decision from the former alone; what a unit calls done is a
feedback; clocks that are ahead are not believed. Must not know: who asks, who may write.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..models import Directive, Task, TaskStep

Kind = TaskStep.Kind
BELIEVED = timedelta(minutes=15)  # by which a clock may be ahead
ANSWERED = (Kind.FEEDBACK, Kind.RETURNED)


@dataclass(frozen=True)
class Counted:
    """A step as it counts."""

    kind: str
    at: datetime
    text: str


@dataclass(frozen=True)
class Standing:
    """Where a unit stands: `state` issued, acknowledged, feedback, returned or done; whether its
    first feedback came late or is due and lacks; what it said last, when."""

    state: str
    late: bool
    text: str
    at: datetime | None


def tasks_of(found: Iterable[Directive]) -> dict[uuid.UUID, dict[str, Task]]:
    """Of each directive the task of each unit that is here."""
    known = {one.pk: one for one in found}
    tasks: dict[uuid.UUID, dict[str, Task]] = {pk: {} for pk in known}
    for task in Task.objects.filter(activation__in=known, plan="").order_by("recorded_at", "id"):
        one = known[task.activation]
        units = {unit["organisation"] for unit in one.units}
        own = (task.home, task.incident_id) == (one.home, one.incident_id)
        if own and task.organisation in units:
            tasks[one.pk].setdefault(task.organisation, task)
    return tasks


def steps_of(tasks: Sequence[Task], now: datetime) -> dict[uuid.UUID, list[Counted]]:
    """The steps of each of these tasks that count by now, the oldest first."""
    by_id = {one.pk: one for one in tasks}
    found: dict[uuid.UUID, list[Counted]] = defaultdict(list)
    rows = TaskStep.objects.filter(task__in=by_id, recorded_at__lte=now + BELIEVED)
    for row in rows.order_by("recorded_at", "id"):
        task = by_id[row.task]
        if row.incident_id == task.incident_id and (kind := _counts(task, row)):
            found[task.pk].append(Counted(kind, row.recorded_at, row.text))
    return found


def _counts(task: Task, row: TaskStep) -> str:
    """What a step is here; empty for one that counts for nothing."""
    if row.home == task.home:
        return row.kind
    if row.home != task.node or row.kind == Kind.RETURNED:
        return ""
    return Kind.FEEDBACK if row.kind == Kind.DONE else row.kind


def standing(steps: Sequence[Counted], due_at: datetime, now: datetime) -> Standing:
    """By the steps that count, the oldest first."""
    said = [one for one in steps if one.kind == Kind.FEEDBACK]
    moved = [one.kind for one in steps if one.kind in ANSWERED]
    if any(one.kind == Kind.DONE for one in steps):
        state = str(Kind.DONE)
    elif moved:
        state = str(moved[-1])
    else:
        state = str(Kind.ACKNOWLEDGED) if steps else "issued"
    first = said[0].at if said else now
    return Standing(
        state, first > due_at, said[-1].text if said else "", said[-1].at if said else None
    )


def waits(task: Task, now: datetime) -> bool:
    """Is an answer of the unit waited for?"""
    return standing(steps_of([task], now)[task.pk], task.due_at, now).state not in (
        Kind.FEEDBACK,
        Kind.DONE,
    )

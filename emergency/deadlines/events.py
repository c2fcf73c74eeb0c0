"""Event types of deadlines and of what became of them.

Owns: their shapes. Promises: as `emergency/events.py`; a deadline tells the rule that it began
with. Must not know: what time it is.
"""

from typing import Any

from realtime.registry import declare

from ..models import Deadline, DeadlineStep, Incident
from ..written import About, Shape


class DeadlineData(About):
    """A limit of `minutes` after `started_at`; `rule` is its beginning of class codes, grade,
    level, source, plan, whether it was verified, whether it is the default, and of which class and
    grade the incident was."""

    kind: str
    started_at: str
    minutes: int
    rule: dict[str, Any]


class ReminderData(About):
    """So many per cent of a deadline have passed; these roles are to know."""

    deadline: str
    report: str
    kind: str
    percent: int
    roles: list[str]


class MetData(About):
    """The report of a deadline was made, so many minutes late."""

    deadline: str
    report: str
    kind: str
    late: int


class StoppedData(About):
    """A deadline does not run any more: its incident is closed, or another limit holds for it; by
    then it was so many minutes late."""

    deadline: str
    report: str
    kind: str
    reason: str
    late: int


STARTED = declare("deadline.started", version=1, topic="incidents", data=DeadlineData)
REMINDED = declare("deadline.reminded", version=1, topic="incidents", data=ReminderData)
MET = declare("deadline.met", version=1, topic="incidents", data=MetData)
STOPPED = declare("deadline.stopped", version=1, topic="incidents", data=StoppedData)
OF_STEP = {
    DeadlineStep.Kind.REMINDED: REMINDED,
    DeadlineStep.Kind.MET: MET,
    DeadlineStep.Kind.STOPPED: STOPPED,
}
OWN = {  # columns that only one kind of step has
    DeadlineStep.Kind.REMINDED: ("percent", "roles"),
    DeadlineStep.Kind.MET: ("late",),
    DeadlineStep.Kind.STOPPED: ("reason", "late"),
}
ALL_OWN = "percent roles late reason".split()
SHAPES = {
    shape.model: shape
    for shape in (
        Shape(Deadline, "deadline", "kind minutes rule".split(), times=["started_at"]),
        Shape(
            DeadlineStep, "elapsed", ["report", "kind", *ALL_OWN], ids=["deadline"], later=ALL_OWN
        ),
    )
}


def step_data(row: DeadlineStep) -> dict[str, Any]:
    """A step in the shape of its kind."""
    others = set(ALL_OWN) - set(OWN[DeadlineStep.Kind(row.kind)])
    return SHAPES[DeadlineStep].data(row, without=others)


def parts(incident: Incident) -> dict[str, list[dict[str, Any]]]:
    """The deadlines of an incident and what became of them."""
    return {
        "deadlines": [SHAPES[Deadline].data(row) for row in incident.deadlines.all()],
        "deadline_steps": [step_data(row) for row in incident.deadlinesteps.all()],
    }

"""Event types of what became of limits of reports.

Owns: their shapes. Promises: as `emergency/events.py`. Must not know: what time it is, which limits
an incident has (it states them itself).
"""

from typing import Any

from realtime.registry import declare

from ..models import DeadlineStep, Incident
from ..written import About, Shape


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
STEP = Shape(DeadlineStep, "elapsed", ["report", "kind", *ALL_OWN], ids=["deadline"], later=ALL_OWN)
SHAPES = {DeadlineStep: STEP}


def step_data(row: DeadlineStep) -> dict[str, Any]:
    """A step in the shape of its kind."""
    others = set(ALL_OWN) - set(OWN[DeadlineStep.Kind(row.kind)])
    return STEP.data(row, without=others)


def parts(incident: Incident) -> dict[str, list[dict[str, Any]]]:
    """What became of the limits of an incident."""
    return {"deadline_steps": [step_data(row) for row in incident.deadlinesteps.all()]}

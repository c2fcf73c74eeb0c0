"""Event types of directives.

Owns: their shapes. Promises: as `emergency/events.py`. Must not know: who may write.
"""

from typing import Any

from realtime.registry import declare

from ..models import Directive, Incident, TaskReminder
from ..written import About, Shape


class DirectiveData(About):
    """Who said what, by which channel, when; whether it was read back; what is to be done until
    when, by which units ({organisation, organisation_name, part})."""

    leader: str
    post: str
    channel: str
    text: str
    received_at: str
    read_back: bool
    what: str
    due_at: str
    units: list[dict[str, str]]


class TaskReminderData(About):
    """So many per cent of the time of a task had passed without a feedback; these roles are to
    know."""

    task: str
    organisation: str
    node: str
    percent: int
    roles: list[str]


DIRECTIVE_RECORDED = declare("directive.recorded", version=1, topic="incidents", data=DirectiveData)
SHAPE = Shape(
    Directive,
    "directive",
    "leader post channel text read_back what units".split(),
    times=["received_at", "due_at"],
)
REMINDED = declare("task.reminded", version=1, topic="incidents", data=TaskReminderData)
REMINDER = Shape(
    TaskReminder, "taskreminder", "organisation node percent roles".split(), ids=["task"]
)
SHAPES = {Directive: SHAPE, TaskReminder: REMINDER}


def parts(incident: Incident) -> dict[str, list[dict[str, Any]]]:
    """Directives about an incident, and what was reminded of."""
    return {
        "directives": [SHAPE.data(row) for row in incident.directives.all()],
        "task_reminders": [REMINDER.data(row) for row in incident.taskreminders.all()],
    }

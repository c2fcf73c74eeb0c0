"""The event type of what is said of casualties that nobody has reported yet.

Owns: its shape. Promises: as `emergency/events.py`. Must not know: what time it is.
"""

from typing import Any

from realtime.registry import declare

from ..models import Incident, SupplementReminder
from ..written import About, Shape


class SupplementData(About):
    """Casualties are not as this report says (`moved`: name to [reported, now]); a change is
    reported until then, by this rule; these roles are to know."""

    report: str
    moved: dict[str, list[int | None]]
    days: int
    until: str
    source: str
    verified: bool
    roles: list[str]


REMINDED = declare("supplement.reminded", version=1, topic="incidents", data=SupplementData)
SHAPE = Shape(
    SupplementReminder,
    "supplement",
    "moved days source verified roles".split(),
    ids=["report"],
    times=["until"],
)
SHAPES = {SupplementReminder: SHAPE}


def parts(incident: Incident) -> dict[str, list[dict[str, Any]]]:
    """What was said of casualties of an incident."""
    return {"supplements": [SHAPE.data(row) for row in incident.supplementreminders.all()]}

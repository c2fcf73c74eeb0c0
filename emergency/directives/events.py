"""The event type of directives.

Owns: its shape. Promises: as `emergency/events.py`. Must not know: who may write.
"""

from typing import Any

from realtime.registry import declare

from ..models import Directive, Incident
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


DIRECTIVE_RECORDED = declare("directive.recorded", version=1, topic="incidents", data=DirectiveData)
SHAPE = Shape(
    Directive,
    "directive",
    "leader post channel text read_back what units".split(),
    times=["received_at", "due_at"],
)
SHAPES = {Directive: SHAPE}


def parts(incident: Incident) -> dict[str, list[dict[str, Any]]]:
    """Directives about an incident."""
    return {"directives": [SHAPE.data(row) for row in incident.directives.all()]}

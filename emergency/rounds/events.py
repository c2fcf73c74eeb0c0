"""Event types of rounds of reports.

Owns: their shapes. Promises: as `emergency/events.py`; what another node reads needs no plan of its
own to be understood. Must not know: what time it is, who may write.
"""

from typing import Any

from realtime.registry import declare

from ..models import Incident, RoundOrder, RoundReminder, RoundReport
from ..written import About, Shape


class OrderData(About):
    """These report every so many minutes from now on; `reporters` are each {organisation, name,
    node}, the node empty where an organisation runs none."""

    activation: str
    plan: str
    plan_name: str
    level_name: str
    every: int
    reporters: list[dict[str, str]]


class RoundReportData(About):
    """What an organisation reported in a round, so many minutes late."""

    order: str
    no: int
    organisation: str
    nothing_new: bool
    text: str
    late: int


class RoundReminderData(About):
    """So many per cent of a round had passed, these had not reported, these roles are to know."""

    order: str
    no: int
    percent: int
    missing: list[str]
    roles: list[str]


ROUNDS_ORDERED = declare("round.ordered", version=1, topic="incidents", data=OrderData)
ROUND_REPORTED = declare("round.reported", version=1, topic="incidents", data=RoundReportData)
ROUND_REMINDED = declare("round.reminded", version=1, topic="incidents", data=RoundReminderData)
SHAPES = {
    shape.model: shape
    for shape in (
        Shape(
            RoundOrder,
            "roundorder",
            "plan plan_name level_name every reporters".split(),
            ids=["activation"],
        ),
        Shape(RoundReport, "round", "no organisation nothing_new text late".split(), ids=["order"]),
        Shape(RoundReminder, "roundreminder", "no percent missing roles".split(), ids=["order"]),
    )
}


def data(row: RoundOrder | RoundReport | RoundReminder) -> dict[str, Any]:
    """A row in the shape of its kind."""
    return SHAPES[type(row)].data(row)


def parts(incident: Incident) -> dict[str, list[dict[str, Any]]]:
    """Rounds that were ordered for an incident, what was reported, who was missing."""
    return {
        "round_orders": [data(row) for row in incident.roundorders.all()],
        "round_reports": [data(row) for row in incident.roundreports.all()],
        "round_reminders": [data(row) for row in incident.roundreminders.all()],
    }

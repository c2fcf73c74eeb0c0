"""How directives are followed up: the table 批示督办落实情况.

Owns: reads. Promises: of incidents that the officer may see, in the real realm; what is open comes
first and is never left out for what is not; what was late stays said. Must not know: how anything
is written.
"""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from ..models import Directive, Officer
from ..permissions import require
from ..realms import REAL
from ..selectors import visible_incidents
from .followup import Kind, standing, steps_of, tasks_of

LISTED = 300


def table(
    officer: Officer, *, open_only: bool, here: bool = False, now: datetime | None = None
) -> tuple[list[dict[str, Any]], int]:
    """{directive, incident, open, units}: each directive, what is open and the newest first, with a
    row for each unit ({name, part, standing}; None where its task is not here); and how many more
    there are; `here`: those alone that this node recorded."""
    require(officer, "directive.see")
    now = now or datetime.now(UTC)
    seen = visible_incidents(REAL, officer)
    found = Directive.objects.filter(incident__in=seen).select_related("incident")
    if here:
        found = found.filter(home=settings.NODE_ID)
    rows = _rows(list(found.order_by("-received_at", "id")), now)
    rows = [row for row in rows if row["open"] or not open_only]
    rows.sort(key=lambda row: not row["open"])
    return rows[:LISTED], max(0, len(rows) - LISTED)


def open_here(now: datetime) -> list[Directive]:
    """Directives that this node recorded and that are not followed up."""
    own = list(Directive.objects.filter(home=settings.NODE_ID, realm=REAL))
    return [row["directive"] for row in _rows(own, now) if row["open"]]


def _rows(found: list[Directive], now: datetime) -> list[dict[str, Any]]:
    tasks = tasks_of(found)
    steps = steps_of([task for own in tasks.values() for task in own.values()], now)
    rows = []
    for one in found:
        units = []
        for unit in one.units:
            task = tasks[one.pk].get(unit["organisation"])
            stands = standing(steps[task.pk], one.due_at, now) if task else None
            part = Directive.Part(unit["part"]).label
            units.append({"name": unit["organisation_name"], "part": part, "standing": stands})
        waits = any(not one["standing"] or one["standing"].state != Kind.DONE for one in units)
        rows.append({"directive": one, "incident": one.incident, "open": waits, "units": units})
    return rows

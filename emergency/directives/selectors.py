"""How directives are followed up: the table 批示督办落实情况.

Owns: reads, and how the steps of a task say where a unit stands. Promises: of incidents that the
officer may see, in the real realm; what was late stays said. Must not know: how anything is
written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ..models import Directive, Officer, Task, TaskStep
from ..permissions import require
from ..realms import REAL
from ..selectors import visible_incidents

LISTED = 300
Kind = TaskStep.Kind


@dataclass(frozen=True)
class Standing:
    """Where a unit stands: `state` issued, acknowledged, feedback, returned or done; whether its
    first feedback came late or is due and lacks; what it said last, when."""

    state: str
    late: bool
    text: str
    at: datetime | None


def standing(steps: Sequence[TaskStep], due_at: datetime, now: datetime) -> Standing:
    """By the steps of its task, the oldest first."""
    said = [one for one in steps if one.kind == Kind.FEEDBACK]
    done = next((one for one in steps if one.kind == Kind.DONE), None)
    state = Kind.DONE if done else steps[-1].kind if steps else "issued"
    first = said[0].recorded_at if said else now
    return Standing(
        str(state),
        first > due_at,
        said[-1].text if said else "",
        said[-1].recorded_at if said else None,
    )


def table(
    officer: Officer, *, open_only: bool, now: datetime | None = None
) -> list[dict[str, Any]]:
    """{directive, incident, open, units}: each directive, the newest first, with a row for each
    unit: {name, part, standing}."""
    require(officer, "directive.see")
    now = now or datetime.now(UTC)
    seen = visible_incidents(REAL, officer)
    found = list(
        Directive.objects.filter(incident__in=seen)
        .select_related("incident")
        .order_by("-received_at", "id")[:LISTED]
    )
    keys = [one.pk for one in found]
    tasks = list(Task.objects.filter(activation__in=keys, plan=""))
    steps: dict[Any, list[TaskStep]] = {one.pk: [] for one in tasks}
    for step in TaskStep.objects.filter(task__in=steps).order_by("recorded_at", "id"):
        steps[step.task].append(step)
    rows = []
    for one in found:
        own = {task.organisation: task for task in tasks if task.activation == one.pk}
        units = [
            {
                "name": unit["organisation_name"],
                "part": Directive.Part(unit["part"]).label,
                "standing": standing(steps[own[unit["organisation"]].pk], one.due_at, now)
                if unit["organisation"] in own
                else None,
            }
            for unit in one.units
        ]
        waits = any(
            unit["standing"] is None or unit["standing"].state != Kind.DONE for unit in units
        )
        rows.append({"directive": one, "incident": one.incident, "open": waits, "units": units})
    return [row for row in rows if row["open"] or not open_only]

"""Plans in force, and one task.

Owns: their shapes for the API. Promises: a task is for those alone who may see its incident. Must
not know: how anything is written.
"""

import uuid
from typing import Any

from ..models import Officer, Plan, Task
from ..selectors import written


def plans() -> list[dict[str, Any]]:
    """Plans in force: code, version, name, number, type_codes, levels, tasks, report limits in
    minutes, source, verified."""
    names = (
        "code version name number type_codes levels tasks phone_minutes written_minutes source "
        "verified"
    ).split()
    return list(Plan.objects.filter(in_force=True).values(*names))


def task(officer: Officer, pk: uuid.UUID) -> Task:
    """A task of a visible incident. Raises NotFound."""
    return written(Task, officer, pk)

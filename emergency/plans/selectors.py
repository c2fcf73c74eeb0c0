"""Plans in force, and one task.

Owns: their shapes for the API, and what is in force on an incident. Promises: a task is for those
alone who may see its incident. Must not know: how anything is written.
"""

import uuid
from typing import Any

from ..models import Activation, Incident, Officer, Organisation, Plan, ResponseEnd, Task
from ..rounds.selectors import below
from ..selectors import written

SAID = (
    "name number type_codes levels tasks reporters phone_minutes written_minutes source verified"
).split()


def said(plan: Plan) -> dict[str, Any]:
    """What an office says in a plan."""
    return {name: getattr(plan, name) for name in SAID}


def plans() -> list[dict[str, Any]]:
    """Plans in force: code, version, name, number, type_codes, levels, tasks, reporters (those that
    this node asks), report limits in minutes, source, verified."""
    found = Plan.objects.filter(in_force=True).values("code", "version", *SAID)
    return [one | {"reporters": [who.pk for who in below(one["reporters"])]} for one in found]


def versions(code: str) -> list[Plan]:
    """All versions of a plan, the newest first."""
    return list(Plan.objects.filter(code=code))


def with_names(plan: Plan) -> list[dict[str, Any]]:
    """The tasks of a plan in the order of its levels, with the names of level and organisation;
    the code where there is none."""
    levels = {one["code"]: (place, one["name"]) for place, one in enumerate(plan.levels)}
    codes = {one["organisation"] for one in plan.tasks}
    owners = dict(Organisation.objects.filter(code__in=codes).values_list("code", "name"))
    return [
        one
        | {
            "level_name": levels[one["level"]][1],
            "owner": owners.get(one["organisation"], one["organisation"]),
        }
        for one in sorted(plan.tasks, key=lambda one: (levels[one["level"]][0], one["no"]))
    ]


def reporter_names(plan: Plan) -> list[str]:
    """Who reports at the levels of a plan that ask for it; the code where there is none."""
    found = Organisation.objects.filter(code__in=plan.reporters)
    names = dict(found.values_list("code", "name"))
    return [names.get(code, code) for code in plan.reporters]


def in_force(incident: Incident) -> list[Activation]:
    """The activations on an incident that no end has ended, oldest first."""
    ends = ResponseEnd.objects.filter(incident=incident).values_list("activations", flat=True)
    ended = {id for ids in ends for id in ids}
    return [one for one in incident.activations.all() if str(one.pk) not in ended]


def task(officer: Officer, pk: uuid.UUID) -> Task:
    """A task of a visible incident. Raises NotFound."""
    return written(Task, officer, pk)

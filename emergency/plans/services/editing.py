"""Plans themselves: the first version, and every version after it.

Owns: every write to them. Promises: a version never changes once it was in force; what was
activated before stays as it was; a plan with a fault is not taken. Must not know: incidents, HTTP.
"""

from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gis.services import tables
from realtime.problems import Invalid, NotFound

from ...errors import StaleRevision
from ...models import IncidentType, Officer, Organisation, Plan
from ...permissions import require
from ...selectors import actor_text
from .. import lint
from ..selectors import SAID, said


def plant_plan(*, code: str, **given: Any) -> Plan:
    """The first version of a plan, unless there is one already."""
    known = Plan.objects.filter(code=code, in_force=True).first()
    return known or Plan.objects.create(code=code, made_at=datetime.now(UTC), **given)


def make_plan(*, actor: Officer, code: str, **given: Any) -> Plan:
    """A plan that was not there: its first version, in force at once. Raises Invalid."""
    require(actor, "plan.edit")
    _check(given)
    with transaction.atomic():
        try:
            with transaction.atomic():
                plan = Plan.objects.create(code=code, made_at=datetime.now(UTC), **given)
        except IntegrityError as error:
            raise Invalid(fields={"code": _("There is a plan with this code.")}) from error
        _tell(actor, plan, None)
    return plan


def revise_plan(*, actor: Officer, code: str, version: int, **given: Any) -> Plan:
    """The next version of a plan, in force from now on; `version` is what the writer saw.

    Without a change nothing is written. Raises NotFound, StaleRevision, Invalid.
    """
    require(actor, "plan.edit")
    _check(given)
    with transaction.atomic():
        old = Plan.objects.select_for_update().filter(code=code, in_force=True).first()
        if old is None:
            raise NotFound
        if old.version != version:
            raise StaleRevision
        if said(old) == given:
            return old
        Plan.objects.filter(pk=old.pk).update(in_force=False)
        plan = Plan.objects.create(
            code=code, version=old.version + 1, made_at=datetime.now(UTC), **given
        )
        _tell(actor, plan, old)
    return plan


def _told(plan: Plan | None) -> dict[str, Any]:
    """A plan as the log tells it: each level and task a field of its own."""
    if plan is None:
        return {}
    told = {name: getattr(plan, name) for name in SAID if name not in ("levels", "tasks")}
    told |= {
        f"level {one['code']}": [one["name"], one["when"], *_rounds(one)] for one in plan.levels
    }
    for one in plan.tasks:
        said = "acknowledge" if one["acknowledge"] else "no acknowledgement"
        fields = [one["level"], one["organisation"], f"{one['minutes']} min", said, one["text"]]
        told[f"task {one['no']}"] = fields
    return told


def _rounds(level: dict[str, Any]) -> list[str]:
    return [f"every {level['every']} min"] if level["every"] else []


def _check(given: dict[str, Any]) -> None:
    names = ("levels", "tasks", "type_codes", "reporters", "phone_minutes", "written_minutes")
    wrong = lint.faults(
        **{name: given[name] for name in names},
        organisations=set(Organisation.objects.values_list("code", flat=True)),
        classes=set(IncidentType.objects.values_list("code", flat=True)),
    )
    if wrong:
        raise Invalid(fields=wrong)


def _tell(actor: Officer, plan: Plan, old: Plan | None) -> None:
    before, after = _told(old), _told(plan)
    tables.tell(
        table="plans",
        key=f"{plan.code} {plan.version}",
        before=before or None,
        after={name: after.get(name, "") for name in {**after, **before}},
        actor=actor_text(actor),
    )

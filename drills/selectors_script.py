"""The script of an exercise as an officer may read it, and what is wrong with it.

Owns: reads. Promises: the office of the node that is home of the exercise reads it, and at each
node who controls, simulates or evaluates there; nobody else who plays does. Must not know: how
anything is written, how a finding is found (script.lint).
"""

import uuid
from collections import Counter
from typing import Any

from django.conf import settings

from emergency.models import IncidentType, Officer, Organisation, Plan
from emergency.permissions import may
from emergency.selectors_accounts import in_language
from realtime.problems import NotFound

from .events import OF_INJECT
from .models import Exercise, Inject, Metric
from .models.exercises import STAFF
from .script import lint
from .selectors import is_office, part_of, recorded_names


def may_read(officer: Officer, one: Exercise) -> bool:
    """May this officer read what players must not know?"""
    if is_office(officer) and one.home == settings.NODE_ID:
        return True
    return may(officer, "drill.see") and part_of(officer, one) in STAFF


def may_change(officer: Officer, one: Exercise) -> bool:
    """May this officer change the script, and what is judged? Until the exercise has ended."""
    here = is_office(officer) and one.home == settings.NODE_ID
    return here and one.state == Exercise.State.SCHEDULED


def injects(officer: Officer, one: Exercise) -> list[Inject]:
    """The script, the earliest first; what was taken out at its place. Raises NotFound."""
    if not may_read(officer, one):
        raise NotFound
    return list(one.injects.all())


def inject(officer: Officer, one: Exercise, pk: uuid.UUID) -> Inject:
    """One inject. Raises NotFound."""
    found = one.injects.filter(pk=pk).first()
    if found is None or not may_read(officer, one):
        raise NotFound
    return found


def said(one: Inject) -> dict[str, Any]:
    """An inject in the words of the lint, the spreadsheet and the form."""
    return {name: getattr(one, name) for name in OF_INJECT}


def planned(found: list[Inject]) -> list[dict[str, Any]]:
    """Those that count, in the order of their numbers."""
    kept = [said(one) for one in found if one.state != Inject.State.CANCELLED]
    return sorted(kept, key=lambda one: one["number"])


def codes(one: Exercise) -> dict[str, str]:
    """Name to code of the organisations that take part, in either language; without names that two
    of them have."""
    known = recorded_names(one)
    english = Organisation.objects.filter(code__in=known).exclude(name_en="")
    every = [*known.items(), *english.values_list("code", "name_en")]
    called = Counter(name for _code, name in set(every))
    return {name: code for code, name in every if called[name] == 1}


def all_names(one: Exercise) -> dict[str, str]:
    """Code to name of those that take part and of every other organisation of this node."""
    known = dict(Organisation.objects.values_list("code", "name"))
    return in_language(known | recorded_names(one))


def levels(one: Exercise) -> list[tuple[str, str]]:
    """Code and name of the response levels of its plan, in the version that is exercised."""
    plan = Plan.objects.filter(code=one.plan, version=one.plan_version).first()
    return [(level["code"], level["name"]) for level in plan.levels] if plan else []


def findings(one: Exercise, found: list[Inject]) -> list[lint.Finding]:
    """What is wrong with the script of an exercise."""
    parts = {part["organisation"]: part["part"] for part in one.participants}
    return lint.findings(
        planned(found),
        minutes=one.minutes,
        parts=parts,
        names=all_names(one),
        metrics=set(Metric.objects.values_list("code", flat=True)),
        classes=set(IncidentType.objects.values_list("code", flat=True)),
        levels={code for code, _name in levels(one)},
    )

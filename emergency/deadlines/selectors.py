"""Deadlines, their rules, and what has to be done about them now.

Owns: reads. Promises: of a thousand deadlines that run only those are loaded whose moment has come.
Must not know: how anything is written.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings

from .. import realms
from ..models import (
    Deadline,
    DeadlineStep,
    Incident,
    LimitRule,
    Officer,
    Organisation,
    Plan,
    Report,
)
from ..selectors import visible_incidents
from ..states import OPEN
from . import standing
from .events import SHAPES
from .limits import Rule, binding

Kind = Deadline.Kind
AT_ONCE = 500
ROW = ("kind", "type_prefix", "grade", "level", "minutes", "source", "verified")


def rules() -> list[Rule]:
    """The table of limits, and what plans in force say for their classes."""
    table = [Rule(*row) for row in LimitRule.objects.values_list(*ROW)]
    for plan in Plan.objects.filter(in_force=True):
        limits = {Kind.PHONE: plan.phone_minutes, Kind.WRITTEN: plan.written_minutes}
        table += [
            Rule(kind, code, 0, "", minutes, plan.source, plan.verified, plan.name)
            for kind, minutes in limits.items()
            for code in plan.type_codes
            if minutes
        ]
    return table


def level() -> str:
    """What kind of organisation runs this node; a city where the node belongs to none."""
    own = Organisation.objects.filter(node=settings.NODE_ID).values_list("kind", flat=True)
    return own.first() or Organisation.Kind.CITY


def unsettled(incidents: Iterable[uuid.UUID], now: datetime) -> list[uuid.UUID]:
    """Those of these incidents about whose deadlines this node has something to write."""
    asked, found = list(incidents), []
    for first in range(0, len(asked), AT_ONCE):
        some = Incident.objects.filter(pk__in=asked[first : first + AT_ONCE])
        found += [pk for pk, todo in acts(list(some), now).items() if todo]
    return found


def acts(found: Sequence[Incident], now: datetime) -> dict[uuid.UUID, list[standing.Act]]:
    """What is to be written about the deadlines of each of these incidents."""
    bounds = realms.among({one.realm for one in found})
    table, here = rules(), level()
    deadlines = _of(Deadline, found)
    steps = _of(DeadlineStep, found)
    reports = _of(Report, found)
    return {
        one.pk: standing.acts(
            one,
            deadlines=deadlines.get(one.pk, []),
            steps=steps.get(one.pk, []),
            reports=reports.get(one.pk, []),
            binding=lambda kind, one=one: binding(
                table, kind=kind, type_code=one.type_code, grade=one.grade, level=here
            ),
            passed=partial(realms.passed, bounds.get(one.realm)),
            now=now,
        )
        if one.home == settings.NODE_ID and realms.writable(bounds.get(one.realm))
        else []
        for one in found
    }


def running(realm: str, officer: Officer) -> list[dict[str, Any]]:
    """Deadlines that run for incidents of this node which the officer may see, by their start."""
    seen = visible_incidents(realm, officer).filter(home=settings.NODE_ID, state__in=OPEN)
    ended = DeadlineStep.objects.exclude(kind=DeadlineStep.Kind.REMINDED)
    found = Deadline.objects.filter(incident__in=seen).exclude(pk__in=ended.values("deadline"))
    return [SHAPES[Deadline].data(row) for row in found.order_by("started_at", "id")]


def to_look_at(now: datetime) -> list[uuid.UUID]:
    """Deadlines whose moment has come, in realms that take writing."""
    due = dict(Deadline.objects.filter(next_at__lte=now).values_list("pk", "realm"))
    bounds = realms.among(set(due.values()))
    return [pk for pk, realm in due.items() if realms.writable(bounds.get(realm))]


def open_here() -> list[uuid.UUID]:
    """Open incidents of this node, and those that have a deadline which runs."""
    here = Incident.objects.filter(home=settings.NODE_ID)
    running = Deadline.objects.exclude(next_at=None).values("incident")
    return list(
        (here.filter(state__in=OPEN) | here.filter(pk__in=running)).values_list("pk", flat=True)
    )


def _of(kind: type, found: Sequence[Incident]) -> dict[uuid.UUID, list]:
    grouped: dict[uuid.UUID, list] = {}
    for row in kind.objects.filter(incident__in=found):
        grouped.setdefault(row.incident_id, []).append(row)
    return grouped

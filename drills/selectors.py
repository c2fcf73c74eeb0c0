"""Exercises that an officer may see, the calendar, and what is due.

Owns: reads. Promises: an emergency office sees every exercise that its node has, everybody else
those in which the own organisation takes part; due dates count every exercise of the plan that was
held with the organisation in it, and what was before the platform. Must not know: how anything is
written.
"""

import calendar
import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import orjson
from django.conf import settings
from django.utils import timezone

from emergency.models import Officer, Plan
from emergency.permissions import may
from emergency.selectors_accounts import in_language, organisation_choices
from emergency.selectors_sharing import shown_node_names
from realtime.models import Envelope
from realtime.problems import NotFound

from .due import Due, due_on, standing
from .events import CLOCK_SET
from .models import DueRule, Exercise, Part

TAKE_PART = frozenset({Part.CONTROL, Part.PLAY, Part.SIMULATE})


def exercises(officer: Officer) -> list[Exercise]:
    """Those that this officer may see, the earliest first."""
    found = Exercise.objects.select_related("clock")
    return [one for one in found if may_see(officer, one)]


def times(found: list[Exercise]) -> dict[uuid.UUID, datetime]:
    """When each was held: when its clock began to run; else as it is planned."""
    rows = Envelope.objects.filter(type=CLOCK_SET.name, rev=1, parked=None)
    began = {realm: orjson.loads(bytes(row)) for realm, row in rows.values_list("realm", "public")}
    return {
        one.pk: datetime.fromisoformat(began[one.realm]["since"])
        if one.state == Exercise.State.HELD and one.realm in began
        else one.starts_at
        for one in found
    }


def exercise(officer: Officer, pk: uuid.UUID) -> Exercise:
    """One of them. Raises NotFound."""
    found = Exercise.objects.filter(pk=pk).first()
    if found is None or not may_see(officer, found):
        raise NotFound
    return found


def said(one: Exercise) -> dict[str, Any]:
    """What the form of an exercise begins with."""
    names = "title plan starts_at minutes form scope purpose objectives rev".split()
    return {name: getattr(one, name) for name in names}


def recorded_names(one: Exercise) -> dict[str, str]:
    """Code to name of the organisations that take part, as they were called when it was set."""
    return {part["organisation"]: part["organisation_name"] for part in one.participants}


def names(one: Exercise) -> dict[str, str]:
    """The same in the language of the page."""
    return in_language(recorded_names(one))


def people(one: Exercise) -> list[dict[str, str]]:
    """Who takes part, with the names of their organisation, part and node."""
    nodes, called = shown_node_names(), names(one)
    return [
        part
        | {
            "organisation_name": called[part["organisation"]],
            "part_name": str(Part(part["part"]).label),
            "node_name": nodes.get(part["node"], part["node"]),
        }
        for part in one.participants
    ]


def ends_at(one: Exercise) -> datetime:
    """When it is planned to end."""
    return one.starts_at + timedelta(minutes=one.minutes)


def is_office(officer: Officer) -> bool:
    """Is this the emergency office of this node, not one that is a guest here?"""
    return may(officer, "drill.schedule") and officer.organisation.node == settings.NODE_ID


def may_see(officer: Officer, one: Exercise) -> bool:
    """The office of this node, and who takes part here."""
    if is_office(officer):
        return True
    return may(officer, "drill.see") and part_of(officer, one) != ""


def part_of(officer: Officer, one: Exercise) -> str:
    """As what this officer's organisation takes part at this node; empty for one that does not."""
    for part in one.participants:
        if part["organisation"] == officer.organisation_id and part["node"] == settings.NODE_ID:
            return part["part"]
    return ""


def may_control(officer: Officer, one: Exercise) -> bool:
    """The office that is its home, and who controls it there."""
    if one.home != settings.NODE_ID:
        return False
    if is_office(officer):
        return True
    return may(officer, "drill.control") and part_of(officer, one) == Part.CONTROL


@dataclass(frozen=True)
class Standing:
    """A rule, with names, the last exercise, when the next is due, how that stands, and the next
    exercise of the plan that is scheduled with the organisation."""

    rule: DueRule
    plan_name: str
    organisation_name: str
    last_on: date | None
    due_on: date | None
    state: Due
    next: Exercise | None


def standings(today: date) -> list[Standing]:
    """Every rule as it stands on a day, the most urgent first."""
    plans = dict(Plan.objects.filter(in_force=True).values_list("code", "name"))
    called = dict(organisation_choices())
    held: dict[tuple[str, str], date] = {}
    coming: dict[tuple[str, str], Exercise] = {}
    every = list(Exercise.objects.exclude(state=Exercise.State.CANCELLED).select_related("clock"))
    at = times(every)
    for one in every:
        day = timezone.localdate(at[one.pk])
        for part in one.participants:
            key = (one.plan, part["organisation"])
            if part["part"] not in TAKE_PART:
                continue
            if one.state == Exercise.State.HELD:
                held[key] = max(day, held.get(key, day))
            elif day >= today:
                coming.setdefault(key, one)
    found = []
    for rule in DueRule.objects.all():
        key = (rule.plan, rule.organisation)
        last = max([day for day in (rule.last_on, held.get(key)) if day], default=None)
        due = due_on(last, rule.months)
        found.append(
            Standing(
                rule=rule,
                plan_name=plans.get(rule.plan, rule.plan),
                organisation_name=called.get(rule.organisation, rule.organisation),
                last_on=last,
                due_on=due,
                state=standing(due, today, rule.warn_days),
                next=coming.get(key),
            )
        )
    order = list(Due)
    return sorted(found, key=lambda one: (order.index(one.state), one.due_on or today))


@dataclass(frozen=True)
class Placed:
    """An exercise, and when it was held or is planned."""

    exercise: Exercise
    at: datetime


def placed(found: list[Exercise]) -> list[Placed]:
    """These exercises, the earliest first."""
    at = times(found)
    return sorted((Placed(one, at[one.pk]) for one in found), key=lambda one: one.at)


@dataclass(frozen=True)
class Day:
    """A day of the calendar: whether it is of the month shown, and what is on it."""

    day: date
    within: bool
    today: bool
    exercises: list[Placed]
    due: list[Standing]


def month(first: date, today: date, found: list[Placed], due: list[Standing]) -> list[list[Day]]:
    """The weeks of a month, Monday first, with exercises and due dates on their days."""
    on, ends = defaultdict(list), defaultdict(list)
    for one in found:
        on[timezone.localdate(one.at)].append(one)
    for one in due:
        ends[one.due_on].append(one)
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    return [
        [Day(day, day.month == first.month, day == today, on[day], ends[day]) for day in week]
        for week in weeks
    ]


def clashes(
    organisations: set[str], starts_at: datetime, *, but: uuid.UUID | None = None
) -> list[tuple[str, Exercise]]:
    """Organisations that take part in another exercise on the same local day, and in which."""
    day = timezone.localdate(starts_at)
    begin = timezone.make_aware(datetime.combine(day, time()))
    others = Exercise.objects.filter(
        state=Exercise.State.SCHEDULED,
        starts_at__gte=begin,
        starts_at__lt=begin + timedelta(days=1),
    ).exclude(pk=but)
    return [
        (part["organisation_name"], one)
        for one in others
        for part in people(one)
        if part["organisation"] in organisations and part["part"] in TAKE_PART
    ]

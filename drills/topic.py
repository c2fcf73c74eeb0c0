"""Who is told live of exercises, scripts and what is delivered.

Owns: the answer to the one door of rights. Promises: a script is for those who staff the exercise
here, a delivery for them and its recipients; the office at its home sees all of it. Must not know:
how it is told.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings

from emergency.rights import Rights
from emergency.roles import VERBS
from realtime.access import View

from .models import Delivery, Exercise, Part
from .models.exercises import STAFF

PLANS = "drill.schedule"
KINDS = frozenset({"exercise", "script", "delivery"})


@dataclass(frozen=True)
class Told:
    """Organisations that may see the thing here, and whether this node is its home."""

    organisations: frozenset[str]
    home: bool


def scopes(abouts: Collection[str]) -> dict[str, Told]:
    """For each of these subjects who may see it; what is not here is left out."""
    ids = {about: _id(about) for about in abouts}
    things = Exercise.objects.in_bulk({pk for pk in ids.values() if pk})
    deliveries = Delivery.objects.select_related("exercise").in_bulk(
        {pk for about, pk in ids.items() if pk and about.startswith("delivery/")}
    )
    found = {}
    for about, pk in ids.items():
        kind, delivery = about.partition("/")[0], deliveries.get(pk)
        exercise = things.get(pk) if kind != "delivery" else delivery and delivery.exercise
        if exercise is None:
            continue
        recipients = delivery.recipients if delivery else ()
        found[about] = Told(
            frozenset(
                part["organisation"]
                for part in exercise.participants
                if part["node"] == settings.NODE_ID
                and (
                    kind == "exercise"
                    or part["part"] in STAFF
                    or (delivery and part["part"] == Part.OBSERVE)
                    or part["organisation"] in recipients
                )
            ),
            exercise.home == settings.NODE_ID,
        )
    return found


def view(rights: Rights, scope: Told | None) -> View:
    """All of it or nothing."""
    verbs = VERBS[rights.role]
    if scope is None or "drill.see" not in verbs:
        return View.NONE
    office = scope.home and rights.everywhere and PLANS in verbs
    if office or rights.organisation in scope.organisations:
        return View.FULL
    return View.NONE


def _id(about: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(about.partition("/")[2])
    except ValueError:
        return None

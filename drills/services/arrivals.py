"""Injects that came late: what a line that was cut, or a node that was down, took from a player.

Owns: the record of it. Promises: said once by the node of the players, while the exercise is open,
of an inject that came more than `LATE` after it was sent; what came in time is not said. Must not
know: how it counts (scoring), HTTP.
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from realtime import log
from realtime.models import Envelope

from .. import events
from ..models import Clock, Delivery

LATE = timedelta(minutes=1)  # by the wall; clocks of nodes differ by seconds


def note_late() -> int:
    """Say of what came late here that it did; how much was said."""
    clocks = {one.exercise_id: one for one in Clock.objects.filter(state__in=Clock.OPEN)}
    late = Delivery.objects.filter(exercise__in=clocks, came_at__gt=F("sent_at") + LATE)
    return sum(
        _say(one, clocks[one.exercise_id])
        for one in late.select_related("exercise")
        if _is_ours(one)
    )


def _is_ours(delivery: Delivery) -> bool:
    """Is it for somebody who plays at this node?"""
    people = delivery.exercise.participants
    here = {one["organisation"] for one in people if one["node"] == settings.NODE_ID}
    return bool(here & set(delivery.recipients))


def _say(delivery: Delivery, clock: Clock) -> bool:
    id = uuid.uuid5(delivery.pk, settings.NODE_ID)
    with transaction.atomic():
        log.lock()
        if Envelope.objects.filter(subject=f"arrival/{id}").exists():
            return False
        log.append(
            events.LATE,
            subject=f"arrival/{id}",
            about=events.subject(delivery.exercise),
            actor=log.SYSTEM,
            realm=delivery.realm,
            rev=1,
            public={
                "id": str(id),
                "exercise": str(delivery.exercise_id),
                "home": settings.NODE_ID,
                "realm": delivery.realm,
                "rev": 1,
                "inject": str(delivery.pk),
                "at": clock.reading.now(delivery.came_at),
            },
            relay="about",
        )
    return True

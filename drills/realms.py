"""An exercise as a realm: who stands in it here, which nodes may hold it, whether it runs.

Owns: the way from parts to stands. Promises: who plays sees what reaches them and acts, who
controls or simulates sees all and acts, who evaluates or looks on sees all and changes nothing;
nobody else stands in it, the office that planned it least of all; only while the clock runs or is
paused is anything written. Must not know: what is written in a realm.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cached_property

from django.conf import settings

from emergency.realms import Realm, Stand, by_the_wall

from .clock import Reading, shown_at
from .models import Clock, Exercise, Part
from .selectors_conduct import clock_history

STANDS = {
    Part.PLAY: Stand.ACT,
    Part.CONTROL: Stand.STEER,
    Part.SIMULATE: Stand.STEER,
    Part.EVALUATE: Stand.LOOK,
    Part.OBSERVE: Stand.LOOK,
}


def look_up(realms: Collection[str]) -> dict[str, Realm]:
    """What each of these realms allows; those that are no exercise are left out."""
    found = Exercise.objects.filter(realm__in=realms).select_related("clock")
    return {one.realm: _realm(one) for one in found}


def _realm(one: Exercise) -> Realm:
    clock = getattr(one, "clock", None)
    return Realm(
        stands={
            part["organisation"]: STANDS[part["part"]]
            for part in one.participants
            if part["node"] == settings.NODE_ID
        },
        acting=frozenset(
            part["organisation"] for part in one.participants if STANDS[part["part"]] >= Stand.ACT
        ),
        nodes=frozenset({one.home, *(part["node"] for part in one.participants)}),
        open=clock is not None and clock.state in Clock.OPEN,
        passed=_Pace(one),
    )


class _Pace:
    """How much the clock of an exercise went on between two moments; before it began it went as
    the wall's. What was said of it is read once."""

    def __init__(self, one: Exercise):
        self._exercise = one

    @cached_property
    def _said(self) -> list[Reading]:
        running = Clock.State.RUNNING
        return [
            Reading(
                datetime.fromisoformat(row["since"]),
                row["at"],
                row["speed"],
                row["state"] == running,
            )
            for row in clock_history(self._exercise)
        ]

    def __call__(self, since: datetime, until: datetime) -> timedelta:
        if not self._said or until <= self._said[0].since:
            return by_the_wall(since, until)
        begun = max(since, self._said[0].since)
        shown = shown_at(self._said, until) - shown_at(self._said, begun)
        return by_the_wall(since, begun) + timedelta(milliseconds=shown)

"""An exercise as a realm: who stands in it here, which nodes may hold it, whether it runs.

Owns: the way from parts to stands. Promises: who plays sees what reaches them and acts, who
controls or simulates sees all and acts, who evaluates or looks on sees all and changes nothing;
nobody else stands in it, the office that planned it least of all; only while the clock runs or is
paused is anything written. Must not know: what is written in a realm.
"""

from collections.abc import Collection

from django.conf import settings

from emergency.realms import Realm, Stand

from .models import Clock, Exercise, Part

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
    )

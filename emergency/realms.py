"""Realms: the real one, and those beside it in which nothing real is touched.

Owns: what a realm allows, and who tells it. Promises: an app that makes realms registers how they
are looked up; a realm that nobody knows has nobody in it, goes to no node and takes no writing.
Must not know: what the realms beside the real one are for.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum

REAL = "real"


class Stand(IntEnum):
    """What an organisation is in a realm, at this node."""

    NONE = 0
    LOOK = 1  # sees everything, changes nothing
    ACT = 2  # sees what reaches it and acts
    STEER = 3  # sees everything and acts


def series_of(realm: str) -> str:
    """The realm by which numbers are given out: all that are not the real one share theirs, so that
    no number of one exercise is that of another."""
    return REAL if realm == REAL else "beside"


def by_the_wall(since: datetime, until: datetime) -> timedelta:
    """How much time passes between two moments, where no clock of its own runs."""
    return until - since


@dataclass(frozen=True)
class Realm:
    """Who stands in it here, who acts in it at whatever node, which nodes may hold what is in it,
    whether it takes writing, and how much time passes in it between two moments."""

    stands: Mapping[str, Stand] = field(default_factory=dict, hash=False)
    acting: frozenset[str] = frozenset()
    nodes: frozenset[str] = frozenset()
    open: bool = False
    passed: Callable[[datetime, datetime], timedelta] = field(default=by_the_wall, hash=False)

    def stand(self, organisation: str) -> Stand:
        """What this organisation is in it."""
        return self.stands.get(organisation, Stand.NONE)


NOWHERE = Realm()
LookUp = Callable[[Collection[str]], Mapping[str, Realm]]
_look_up: LookUp = lambda _realms: {}  # noqa: E731


def register(look_up: LookUp) -> None:
    """Let this function tell of realms beside the real one; called once, when the app starts."""
    global _look_up
    _look_up = look_up


def find(realm: str) -> Realm | None:
    """What this realm allows; None for the real one, which has no bounds of its own."""
    return None if realm == REAL else among({realm})[realm]


def among(realms: Collection[str]) -> dict[str, Realm]:
    """The same for several at once, without the real one."""
    wanted = {realm for realm in realms if realm != REAL}
    known = _look_up(wanted) if wanted else {}
    return {realm: known.get(realm, NOWHERE) for realm in wanted}


def may_see(realm: str, organisation: str) -> bool:
    """May an organisation see anything of this realm at this node?"""
    found = find(realm)
    return found is None or bool(found.stand(organisation))


def may_go(realm: str, node: str) -> bool:
    """May something of this realm go to that node?"""
    found = find(realm)
    return found is None or node in found.nodes


def writable(bounds: Realm | None) -> bool:
    """Does a realm of these bounds take writing?"""
    return bounds is None or bounds.open


def passed(bounds: Realm | None, since: datetime, until: datetime) -> timedelta:
    """How much time passes between two moments in a realm of these bounds."""
    return (bounds.passed if bounds else by_the_wall)(since, until)

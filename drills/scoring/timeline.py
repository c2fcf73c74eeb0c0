"""What the log of an exercise tells, in the order in which it is asked for.

Owns: the way from envelopes to an exercise, its clock, its injects and what was done. Promises:
pure; the order in which events are handed over does not matter, one that is there twice counts
once; of each thing the version in force is the greatest (term, revision, id), and what nobody went
by is left out; what was done after the end does not count; every moment is milliseconds of the
exercise clock. Must not know: databases, how anything is scored.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from ..clock import Reading, shown_at
from .shape import fits


@dataclass(frozen=True)
class Event:
    """One envelope: `time` when it was recorded (aware UTC)."""

    id: str
    type: str
    subject: str
    about: str
    source: str
    actor: str
    term: int
    rev: int
    time: datetime
    data: dict[str, Any]

    @property
    def order(self) -> tuple[int, int, str]:
        """Greater is newer."""
        return self.term, self.rev, self.id


# the rest is what was played
FRAME = frozenset({"exercise", "clock", "inject", "script", "criteria", "mark"})
NEVER = datetime.max.replace(tzinfo=UTC)


def _kind(event: Event) -> str:
    return event.subject.partition("/")[0]


def _in_force(versions: Iterable[Event]) -> list[Event]:
    """Those that somebody went by: without what a former home wrote when a newer term had begun,
    and without the lesser of two of one revision."""
    kept: list[Event] = []
    for one in sorted(versions, key=lambda one: one.order, reverse=True):
        if not kept or one.rev < kept[-1].rev:
            kept.append(one)
    return kept


def _end(clocks: Iterable[Event]) -> datetime:
    """When the exercise ended; never, for one that has not."""
    last = max(clocks, key=lambda one: one.order, default=None)
    over = last is not None and last.data["state"] in ("ended", "aborted")
    return datetime.fromisoformat(last.data["since"]) if over else NEVER


@dataclass(frozen=True)
class Timeline:
    """The events of one exercise, ordered by time and id."""

    events: Sequence[Event]
    by_kind: dict[str, dict[str, list[Event]]] = field(default_factory=dict)
    ends: datetime = NEVER
    in_force: dict[str, list[Event]] = field(default_factory=dict)  # worked out when asked for
    found: dict[tuple[str, str], dict[str, list[Event]]] = field(default_factory=dict)
    answers: dict[str, dict[str, str]] = field(default_factory=dict)  # worked out by metrics.py

    @classmethod
    def of(cls, events: Iterable[Event]) -> "Timeline":
        """From events in any order, some perhaps twice."""
        things: dict[str, list[Event]] = defaultdict(list)
        for one in {one.id: one for one in events}.values():
            if fits(one.subject, one.data):
                things[one.subject].append(one)
        kept = [one for versions in things.values() for one in _in_force(versions)]
        ends = _end(one for one in kept if one.subject.startswith("clock/"))
        once = sorted(
            (one for one in kept if one.time <= ends or _kind(one) in FRAME),
            key=lambda one: (one.time, one.id),
        )
        kinds: dict[str, dict[str, list[Event]]] = defaultdict(lambda: defaultdict(list))
        for one in once:
            kinds[_kind(one)][one.subject].append(one)
        return cls(once, {kind: dict(found) for kind, found in kinds.items()}, ends)

    def versions(self, kind: str, id: str) -> list[Event]:
        """Every version of a thing, the earliest first."""
        return self.by_kind.get(kind, {}).get(f"{kind}/{id}", [])

    def said_first(self, stood: Event, name: str) -> str:
        """The event from which on a thing was said to be as it stood, in this field."""
        kind, _slash, id = stood.subject.partition("/")
        said = stood
        for one in sorted(self.versions(kind, id), key=lambda one: one.order, reverse=True):
            if one.order <= stood.order:
                if one.data.get(name) != stood.data[name]:
                    break
                said = one
        return said.id

    def late(self, inject: dict[str, Any], organisation: str, until: int) -> Event | None:
        """That the inject came late to the node of this organisation, as that node said; not what
        it said to have come after what was done about it (`until`, ms)."""
        node = self.nodes.get(organisation)
        said = self.about("arrival", "inject", inject["id"])
        own = [one for one in said if one.source == node]
        return next((one for one in own if inject["at"] < one.data["at"] <= until), None)

    def newest(self, kind: str) -> list[Event]:
        """The version in force of each thing of a kind, in the order in which they first came."""
        if kind not in self.in_force:
            things = self.by_kind.get(kind, {}).values()
            self.in_force[kind] = [max(each, key=lambda one: one.order) for each in things]
        return self.in_force[kind]

    def about(self, kind: str, name: str, value: str) -> list[Event]:
        """Of those, the ones whose field `name` says this."""
        if (kind, name) not in self.found:
            found: dict[str, list[Event]] = defaultdict(list)
            for one in self.newest(kind):
                found[one.data.get(name, "")].append(one)
            self.found[kind, name] = found
        return self.found[kind, name].get(value, [])

    @cached_property
    def exercise(self) -> dict[str, Any]:
        """The exercise as it stands; {} where the log does not hold it."""
        found = self.newest("exercise")
        return found[0].data if found else {}

    @cached_property
    def nodes(self) -> dict[str, str]:
        """Organisation to the node at which it took part."""
        people = self.exercise.get("participants", ())
        return {one["organisation"]: one["node"] for one in people}

    @cached_property
    def injects(self) -> list[dict[str, Any]]:
        """Injects that were sent, in the order in which they were."""
        sent = [one.data for one in self.newest("inject") if one.data["state"] == "sent"]
        return sorted(sent, key=lambda one: (one["at"], one["number"]))

    @cached_property
    def history(self) -> list[Reading]:
        """All that was said of the clock, the earliest first."""
        said = sorted(
            (one for versions in self.by_kind.get("clock", {}).values() for one in versions),
            key=lambda one: one.order,
        )
        return [
            Reading(
                datetime.fromisoformat(one.data["since"]),
                one.data["at"],
                one.data["speed"],
                one.data["state"] == "running",
            )
            for one in said
        ]

    def at(self, moment: datetime) -> int:
        """What the clock showed then; 0 before it began."""
        return shown_at(self.history, moment) or 0

    def shown(self, event: Event) -> int:
        """What the clock showed when this was recorded."""
        return self.at(event.time)

    @cached_property
    def ended(self) -> int:
        """What the clock shows at the end, or at the last event of one that runs."""
        last = self.events[-1].time if self.events else None
        return self.at(last) if last else 0

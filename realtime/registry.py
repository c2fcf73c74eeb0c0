"""Declared event types: a closed list, each with the exact fields of its data.

Owns: the list, and who applies the facts that come from other nodes. Promises: an envelope of an
undeclared type, or with a field too many or too few, cannot be made. Must not know: what the
fields mean. `docs/events.md` lists every declaration and a test compares.
"""

import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_type_hints


@dataclass(frozen=True)
class EventType:
    """One declared type. `topic` is what browsers subscribe to."""

    name: str
    version: int
    topic: str
    public: frozenset[str]
    personal: frozenset[str]
    rights: bool  # its arrival may change what somebody is allowed to see
    hands_over: str  # things of this kind: its data names their `home` from here on, in a new term
    takes_away: bool  # written here, it says that what it is about is here no more
    hides: bool  # written here, it may hide what it is about: who saw that is told `gone`
    later: frozenset[str]  # public fields that came later: what was told before them lacks them

    def check(self, public: dict[str, Any], personal: dict[str, Any] | None) -> None:
        """Raise TypeError unless the data has exactly the declared fields."""
        for part, given, declared in (
            ("public", public, self.public),
            ("personal", personal, self.personal),
        ):
            if given is not None and given.keys() != declared:
                raise TypeError(f"{self.name}: {part} fields differ: {given.keys() ^ declared}")

    def is_whole(self, public: Collection[str]) -> bool:
        """Are these the fields of its data, as it is told now or was told once?"""
        return self.public - self.later <= set(public) <= self.public


_types: dict[str, EventType] = {}


def declare(
    name: str,
    *,
    version: int,
    topic: str,
    data: type,
    personal: type | None = None,
    rights: bool = False,
    hands_over: str = "",
    takes_away: bool = False,
    hides: bool = False,
    later: Collection[str] = (),
) -> EventType:
    """Declare a type by the TypedDicts of its public and personal data; `later` are public fields
    that were added to this version of it."""
    if name in _types:
        raise ValueError(f"event type {name} is declared twice")
    _types[name] = EventType(
        name=name,
        version=version,
        topic=topic,
        public=frozenset(get_type_hints(data)),
        personal=frozenset(get_type_hints(personal)) if personal else frozenset(),
        rights=rights,
        hands_over=hands_over,
        takes_away=takes_away,
        hides=hides,
        later=frozenset(later),
    )
    return _types[name]


def declared() -> dict[str, EventType]:
    """Every declared type by name."""
    return dict(_types)


def find(name: str) -> EventType | None:
    """The declaration of this name, None when this node does not know it."""
    return _types.get(name)


def hands_over(name: str, subject: str) -> bool:
    """Does this type name the next home of its subject? Of things of its own kind alone."""
    known, kind = find(name), subject.partition("/")[0]
    return known is not None and kind != "" and known.hands_over == kind


@dataclass(frozen=True)
class Fact:
    """An envelope of another node as an applier gets it; `personal` is None where withheld."""

    id: uuid.UUID
    type: str
    subject: str
    about: str
    source: str
    home: str
    realm: str
    term: int
    rev: int
    time: datetime
    public: dict[str, Any]
    personal: dict[str, Any] | None


Apply = Callable[[Sequence[Fact]], None]
_appliers: dict[str, Apply] = {}


def applies(kind: str) -> Callable[[Apply], Apply]:
    """Register what upserts facts whose subject is `kind/...`.

    It is handed the newest facts of several subjects at once, oldest first. It replaces if newer,
    checks no right, calls no service and appends nothing; what it raises parks the fact.
    """

    def register(apply: Apply) -> Apply:
        _appliers[kind] = apply
        return apply

    return register


Erase = Callable[[str], list[str]]
_erasers: dict[str, Erase] = {}


def erases(kind: str) -> Callable[[Erase], Erase]:
    """Register what removes the rows of a thing `kind/...`; it returns the files to be removed."""

    def register(erase: Erase) -> Erase:
        _erasers[kind] = erase
        return erase

    return register


def eraser(thing: str) -> Erase | None:
    """What removes the rows of this thing."""
    return _erasers.get(thing.partition("/")[0])


Opens = Callable[[], Iterable[str]]
_opens: list[Opens] = []


def opens(tell: Opens) -> Opens:
    """Register what tells the things that somebody is at work on: they go first after a cut."""
    _opens.append(tell)
    return tell


def open_things() -> list[str]:
    """Every such thing, by its subject."""
    return [thing for tell in _opens for thing in tell()]


def applier(subject: str) -> Apply | None:
    """What applies facts about this subject; None for facts that only the log keeps."""
    return _appliers.get(subject.partition("/")[0])

"""Declared event types: a closed list, each with the exact fields of its data.

Owns: the list. Promises: an envelope of an undeclared type, or with a field too many or too few,
cannot be made. Must not know: what the fields mean. `docs/events.md` lists every declaration and
a test compares.
"""

from dataclasses import dataclass
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

    def check(self, public: dict[str, Any], personal: dict[str, Any] | None) -> None:
        """Raise TypeError unless the data has exactly the declared fields."""
        for part, given, declared in (
            ("public", public, self.public),
            ("personal", personal, self.personal),
        ):
            if given is not None and given.keys() != declared:
                raise TypeError(f"{self.name}: {part} fields differ: {given.keys() ^ declared}")


_types: dict[str, EventType] = {}


def declare(
    name: str,
    *,
    version: int,
    topic: str,
    data: type,
    personal: type | None = None,
    rights: bool = False,
) -> EventType:
    """Declare a type by the TypedDicts of its public and personal data."""
    if name in _types:
        raise ValueError(f"event type {name} is declared twice")
    _types[name] = EventType(
        name=name,
        version=version,
        topic=topic,
        public=frozenset(get_type_hints(data)),
        personal=frozenset(get_type_hints(personal)) if personal else frozenset(),
        rights=rights,
    )
    return _types[name]


def declared() -> dict[str, EventType]:
    """Every declared type by name."""
    return dict(_types)


def find(name: str) -> EventType | None:
    """The declaration of this name, None when this node does not know it."""
    return _types.get(name)

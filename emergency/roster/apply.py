"""Shifts of other nodes, put into the table; and taken out where they are told no more.

Owns: what such a fact has to be. Promises: as `emergency/apply.py`; a node tells its own roster
alone; where it withholds who is on duty, nobody is said to be. Must not know: who sent it.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from realtime.link.items import moment_of
from realtime.registry import Fact, applies, erases

from ..models import Shift
from .events import SHIFT_KEPT, roster

PERSON = {"post": 20, "post_name": 20, "username": 40, "name": 120, "phone": 40}
MOST = 20


@applies("shift")
def apply_shifts(facts: Sequence[Fact]) -> None:
    """Upsert shifts. Raises ValueError for data of another thing, or of no shift."""
    Shift.objects.bulk_create(
        [_shift(fact) for fact in facts],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[field.name for field in Shift._meta.fields if not field.primary_key],
    )


@erases("roster")
def erase_roster(thing: str) -> list[str]:
    """Remove the shifts of a node that are told here no more."""
    Shift.objects.filter(home=thing.partition("/")[2]).delete()
    return []


def _shift(fact: Fact) -> Shift:
    said = fact.public
    own = (said["id"], said["home"], fact.about)
    if own != (fact.subject.partition("/")[2], fact.source, roster(fact.source)):
        raise ValueError("data of another thing than the header says")
    if fact.type != SHIFT_KEPT.name:
        raise ValueError("of another type than shifts are told by")
    if not isinstance(said["cancelled"], bool) or said["rev"] != fact.rev:
        raise ValueError("of no known shape")
    people = (fact.personal or {"people": []})["people"]
    if not isinstance(people, list) or len(people) > MOST:
        raise ValueError("of another shape of who is on duty")
    row = Shift(
        id=uuid.UUID(said["id"]),
        home=fact.source,
        rev=fact.rev,
        starts_at=moment_of(said["starts_at"]),
        ends_at=moment_of(said["ends_at"]),
        people=[_person(one) for one in people],
        cancelled=said["cancelled"],
        author=_text(said["author"], 120),
        author_name=_text(said["author_name"], 120),
        recorded_at=moment_of(said["recorded_at"]),
    )
    if row.ends_at <= row.starts_at:
        raise ValueError("ends before it begins")
    return row


def _person(told: Any) -> dict[str, str]:
    if not isinstance(told, dict) or told.keys() != PERSON.keys():
        raise ValueError("of another shape of who is on duty")
    return {name: _text(told[name], most) for name, most in PERSON.items()}


def _text(told: Any, most: int) -> str:
    if not isinstance(told, str) or len(told) > most:
        raise ValueError("a text of another shape")
    return told

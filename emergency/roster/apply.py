"""Shifts of other nodes, put into the table; and taken out where they are told no more.

Owns: what such a fact has to be. Promises: as `emergency/apply.py`; a node tells its own roster
alone; who is on duty stays as it was known where it is withheld. Must not know: who sent it.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from realtime.link.items import moment_of
from realtime.registry import Fact, applies, erases

from ..models import Shift
from .events import roster

PERSON = {"post": 20, "post_name": 20, "username": 40, "name": 120, "phone": 40}
MOST = 20


@applies("shift")
def apply_shifts(facts: Sequence[Fact]) -> None:
    """Upsert shifts. Raises ValueError for data of another thing, or of no shift."""
    columns = [field.name for field in Shift._meta.fields if not field.primary_key]
    for known in (True, False):
        rows = [_shift(fact) for fact in facts if (fact.personal is not None) is known]
        Shift.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=[name for name in columns if known or name != "people"],
        )


@erases("roster")
def erase_roster(thing: str) -> list[str]:
    """Remove the shifts of a node that are told here no more."""
    Shift.objects.filter(home=thing.partition("/")[2]).delete()
    return []


def _shift(fact: Fact) -> Shift:
    said = fact.public
    own = (said["id"], said["home"], fact.about)
    if own != (fact.subject.partition("/")[2], fact.home, roster(fact.home)):
        raise ValueError("data of another thing than the header says")
    if not isinstance(said["cancelled"], bool) or said["rev"] != fact.rev:
        raise ValueError("of no known shape")
    row = Shift(
        id=uuid.UUID(said["id"]),
        home=fact.home,
        rev=fact.rev,
        starts_at=moment_of(said["starts_at"]),
        ends_at=moment_of(said["ends_at"]),
        people=[_person(one) for one in (fact.personal or {"people": []})["people"][:MOST]],
        cancelled=said["cancelled"],
        author=said["author"],
        author_name=said["author_name"],
        recorded_at=moment_of(said["recorded_at"]),
    )
    if row.ends_at <= row.starts_at:
        raise ValueError("ends before it begins")
    return row


def _person(told: Any) -> dict[str, str]:
    if not isinstance(told, dict) or told.keys() != PERSON.keys():
        raise ValueError("of another shape of who is on duty")
    for name, most in PERSON.items():
        if not isinstance(told[name], str) or len(told[name]) > most:
            raise ValueError("of another shape of who is on duty")
    return told

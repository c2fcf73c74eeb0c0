"""Facts about exercises, put into their table; and taken out where a node takes part no more.

Owns: the way from the data of an envelope back to a row. Promises: a newer version replaces an
older one, of an id that is the realm's. Must not know: who sent it.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from realtime.registry import Fact, applies, erases

from .events import PLAIN, TIMES
from .models import Exercise, Part


@applies("exercise")
def apply_exercises(facts: Sequence[Fact]) -> None:
    """Upsert exercises. Raises ValueError for data of another thing, or of no known state."""
    rows = [_exercise(fact) for fact in facts]
    columns = [field.name for field in Exercise._meta.fields if not field.primary_key]
    Exercise.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=columns
    )


@erases("exercise")
def erase_exercise(thing: str) -> list[str]:
    """Remove an exercise in which this node takes part no more."""
    Exercise.objects.filter(pk=uuid.UUID(thing.partition("/")[2])).delete()
    return []


def _exercise(fact: Fact) -> Exercise:
    said = fact.public
    id = fact.subject.partition("/")[2]
    if (said["id"], said["home"], said["realm"]) != (id, fact.home, fact.realm):
        raise ValueError("data of another thing than the header says")
    if fact.realm != f"ex:{id}":
        raise ValueError("an exercise of another realm than its own")
    if said["state"] not in Exercise.State.values:
        raise ValueError("of no known state")
    if any(one["part"] not in Part.values for one in said["participants"]):
        raise ValueError("of no known part")
    return Exercise(
        id=uuid.UUID(id),
        term=fact.term,
        **{name: said[name] for name in PLAIN},
        **{name: datetime.fromisoformat(said[name]) for name in TIMES},
    )

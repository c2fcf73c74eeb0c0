"""Facts about exercises and scripts, put into their tables; and taken out where a node takes part
no more.

Owns: the way from the data of an envelope back to a row. Promises: a newer version replaces an
older one, of an id that is the realm's. Must not know: who sent it.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from emergency.apply import NotYet
from realtime.link.items import moment_of
from realtime.models import Blob
from realtime.registry import Fact, applies, erases

from .clock import FASTEST
from .events import OF_CLOCK, OF_DELIVERY, OF_INJECT, PLAIN, TIMES
from .models import Clock, Delivery, Exercise, Inject, Part

PARTICIPANT = {"organisation", "organisation_name", "node", "part"}


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
    for one in said["participants"]:
        if one.keys() != PARTICIPANT or not all(isinstance(value, str) for value in one.values()):
            raise ValueError("of another shape of who takes part")
        if one["part"] not in Part.values:
            raise ValueError("of no known part")
    return Exercise(
        id=uuid.UUID(id),
        term=fact.term,
        **{name: said[name] for name in PLAIN},
        **{name: moment_of(said[name]) for name in TIMES},
    )


@applies("inject")
def apply_injects(facts: Sequence[Fact]) -> None:
    """Upsert injects. Raises NotYet before their exercise is here, ValueError for other data."""
    _upsert(Inject, [_inject(fact) for fact in facts])


@applies("clock")
def apply_clocks(facts: Sequence[Fact]) -> None:
    """Upsert clocks. Raises NotYet before their exercise is here, ValueError for other data."""
    _upsert(Clock, [_clock(fact) for fact in facts])


@applies("delivery")
def apply_deliveries(facts: Sequence[Fact]) -> None:
    """Upsert deliveries. Raises NotYet before their exercise is here, ValueError for other data."""
    _upsert(Delivery, [_delivery(fact) for fact in facts])


def _upsert(kind: type[Inject | Clock | Delivery], rows: Sequence[Any]) -> None:
    homes = Exercise.objects.in_bulk({row.exercise_id for row in rows})
    for row in rows:
        if row.exercise_id not in homes:
            raise NotYet
        if row.home != homes[row.exercise_id].home:
            raise ValueError("of another home than its exercise")
    columns = [field.attname for field in kind._meta.fields if not field.primary_key]
    kind.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=columns
    )


@erases("script")
def erase_script(thing: str) -> list[str]:
    """Remove a script that this node may read no more."""
    injects = Inject.objects.filter(exercise=uuid.UUID(thing.partition("/")[2]))
    lists = injects.values_list("attachments", flat=True)
    files = {one["sha256"] for attached in lists for one in attached}
    injects.delete()
    others = Blob.objects.filter(sha256__in=files).exclude(envelope__about=thing)
    return sorted(files - set(others.values_list("sha256", flat=True)))


def _own(fact: Fact, exercise: str, about: str) -> dict[str, Any]:
    """The columns that everything of an exercise has. Raises ValueError for another's data."""
    said, id = fact.public, fact.subject.partition("/")[2]
    if (said["id"], said["home"], said["realm"]) != (id, fact.home, fact.realm):
        raise ValueError("data of another thing than the header says")
    if (fact.realm, fact.about) != (f"ex:{exercise}", about):
        raise ValueError("of another exercise than the header says")
    return {"id": uuid.UUID(id), "exercise_id": uuid.UUID(exercise), "term": fact.term}


def _require_known(said: dict[str, Any], **kinds: type) -> None:
    for name, known in kinds.items():
        if said[name] not in known.values:
            raise ValueError(f"of no known {name}")


def _inject(fact: Fact) -> Inject:
    said = fact.public
    own = _own(fact, said["exercise"], f"script/{said['exercise']}")
    _require_known(said, state=Inject.State, channel=Inject.Channel, late=Inject.Late)
    at = moment_of(said["recorded_at"])
    return Inject(**own, recorded_at=at, **{name: said[name] for name in OF_INJECT})


def _clock(fact: Fact) -> Clock:
    said = fact.public
    own = _own(fact, said["exercise"], f"exercise/{said['exercise']}")
    _require_known(said, state=Clock.State)
    if not (1 <= said["speed"] <= FASTEST and said["at"] >= 0):
        raise ValueError("of no possible speed or time")
    since = moment_of(said["since"])
    return Clock(**own, since=since, **{name: said[name] for name in OF_CLOCK})


def _delivery(fact: Fact) -> Delivery:
    said = fact.public
    own = _own(fact, said["exercise"], fact.subject)
    _require_known(said, channel=Inject.Channel)
    at = moment_of(said["sent_at"])
    return Delivery(**own, sent_at=at, **{name: said[name] for name in OF_DELIVERY})

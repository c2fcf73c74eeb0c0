"""Facts about exercises and scripts, put into their tables; and taken out where a node takes part
no more.

Owns: the way from the data of an envelope back to a row. Promises: a newer version replaces an
older one, of an id that is the realm's. Must not know: who sent it.
"""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import Model

from emergency.apply import NotYet
from realtime.link.items import moment_of
from realtime.models import Blob
from realtime.registry import Fact, applies, erases

from . import shapes
from .clock import FASTEST
from .events import OF_CLOCK, OF_DELIVERY, OF_INJECT, PLAIN, TIMES
from .improvement_events import OF_IMPROVEMENT, OF_PROGRESS
from .mark_events import OF_CRITERIA, OF_MARK
from .models import (
    Clock,
    Criteria,
    Delivery,
    Exercise,
    Improvement,
    Inject,
    Mark,
    Part,
    Progress,
)

BY = {"author": shapes.KEY, "author_name": shapes.KEY}
MARK = BY | {"row": shapes.KEY, "value": 12, "note": shapes.LINE, "organisation": 40}
FINDING = BY | dict.fromkeys(("text", "cause", "action"), shapes.LINE) | {
    "owner": 40, "row": shapes.KEY,
}  # fmt: skip
MOST_STEPS = 10_000
PROGRESS = BY | {"text": shapes.LINE, "organisation": 40}
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
    """Upsert deliveries, with when each first came. Raises NotYet before their exercise is here,
    ValueError for other data."""
    rows, now = [_delivery(fact) for fact in facts], datetime.now(UTC)
    came = dict(
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", "came_at")
    )
    for row in rows:
        row.came_at = came.get(row.pk) or now
    _upsert(Delivery, rows)


@applies("criteria")
def apply_criteria(facts: Sequence[Fact]) -> None:
    """Upsert criteria. Raises NotYet before their exercise is here, ValueError for other data."""
    _upsert(Criteria, [_criteria(fact) for fact in facts])


@applies("mark")
def apply_marks(facts: Sequence[Fact]) -> None:
    """Upsert marks. Raises NotYet before their exercise is here, ValueError for other data or from
    a node that does not evaluate."""
    _upsert(Mark, [_mark(fact) for fact in facts])


@applies("improvement")
def apply_improvements(facts: Sequence[Fact]) -> None:
    """Upsert findings. Raises NotYet before their exercise is here, ValueError for other data."""
    _upsert(Improvement, [_improvement(fact) for fact in facts])


@applies("progress")
def apply_progress(facts: Sequence[Fact]) -> None:
    """Insert what was done. Raises NotYet before the finding is here, ValueError for other data,
    of another exercise's finding, or from a node that may not say so."""
    rows = [_progress(fact) for fact in facts]
    known = Improvement.objects.in_bulk({row.improvement for row in rows})
    for row in rows:
        if row.improvement not in known:
            raise NotYet
        if row.exercise_id != known[row.improvement].exercise_id:
            raise ValueError("of a finding of another exercise")
    _upsert(Progress, rows)


def _homes(row: Any, exercise: Exercise) -> set[str]:
    """The nodes that may have written it: the home of the exercise; a mark, who evaluates; that
    something is done, whoever says so for an organisation of that node."""
    people, also = exercise.participants, set()
    if isinstance(row, Mark):
        also = {one["node"] for one in people if one["part"] == Part.EVALUATE}
    if isinstance(row, Progress) and row.kind == Progress.Kind.DONE:
        also = {one["node"] for one in people if one["organisation"] == row.organisation}
    return {exercise.home} | also


def _upsert(kind: type[Model], rows: Sequence[Any]) -> None:
    known = Exercise.objects.in_bulk({row.exercise_id for row in rows})
    for row in rows:
        if row.exercise_id not in known:
            raise NotYet
        if row.home not in _homes(row, known[row.exercise_id]):
            raise ValueError("of another home than its exercise")
    columns = [field.attname for field in kind._meta.fields if not field.primary_key]
    kind.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=columns
    )


@erases("script")
def erase_script(thing: str) -> list[str]:
    """Remove a script that this node may read no more, with what was judged."""
    exercise = uuid.UUID(thing.partition("/")[2])
    Criteria.objects.filter(exercise=exercise).delete()
    Mark.objects.filter(exercise=exercise).delete()
    injects = Inject.objects.filter(exercise=exercise)
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


def _criteria(fact: Fact) -> Criteria:
    said = fact.public
    own = _own(fact, said["exercise"], f"script/{said['exercise']}")
    if fact.subject != f"criteria/{said['exercise']}":
        raise ValueError("criteria of another exercise")
    shapes.criteria(said["items"])
    shapes.points(said["grades"])
    return Criteria(**own, **{name: said[name] for name in OF_CRITERIA})


def _mark(fact: Fact) -> Mark:
    said = fact.public
    own = _own(fact, said["exercise"], f"script/{said['exercise']}")
    shapes.texts(said, MARK)
    at = shapes.moment(said["given_at"])
    return Mark(**own, given_at=at, **{name: said[name] for name in OF_MARK})


def _improvement(fact: Fact) -> Improvement:
    said = fact.public
    own = _own(fact, said["exercise"], f"exercise/{said['exercise']}")
    _require_known(said, kind=Improvement.Kind, severity=Improvement.Severity)
    shapes.texts(said, FINDING)
    own |= {
        "due": shapes.moment(f"{said['due']}T00:00+00:00").date(),
        "recorded_at": shapes.moment(said["recorded_at"]),
    }
    return Improvement(**own, **{name: said[name] for name in OF_IMPROVEMENT})


def _progress(fact: Fact) -> Progress:
    said = fact.public
    own = _own(fact, said["exercise"], f"exercise/{said['exercise']}")
    _require_known(said, kind=Progress.Kind)
    shapes.texts(said, PROGRESS)
    shapes.whole(said["step"], MOST_STEPS)
    at, item = shapes.moment(said["recorded_at"]), uuid.UUID(said["improvement"])
    own |= {"recorded_at": at, "improvement": item}
    return Progress(**own, **{name: said[name] for name in OF_PROGRESS})

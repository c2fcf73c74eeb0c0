"""The score of an exercise as it is read: from the log of this node.

Owns: which envelopes a score is worked out from, and who reads it. Promises: from the log alone;
who staffs an exercise reads its score at any time, who plays when it has ended. Must not know: how
anything is measured.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import orjson

from emergency.models import Officer
from realtime.models import Envelope, Parked
from realtime.problems import NotFound
from realtime.registry import find

from .models import Clock, Exercise
from .scoring.score import Score, score
from .scoring.timeline import Event, Timeline
from .selectors import part_of
from .selectors_script import may_read

COLUMNS = ("id", "type", "subject", "about", "source", "actor", "term", "rev", "time", "public")


def may_read_score(officer: Officer, one: Exercise) -> bool:
    """May this officer read how an exercise was played?"""
    if may_read(officer, one):
        return True
    over = Clock.objects.filter(exercise=one, state=Clock.State.ENDED).exists()
    return over and part_of(officer, one) != ""


def exported(one: Exercise) -> Iterator[dict[str, Any]]:
    """Every envelope of the exercise that this node holds, as a file holds it, in log order."""
    parked = Parked.objects.values("envelope")
    rows = Envelope.objects.filter(realm=one.realm).exclude(public=None).exclude(pk__in=parked)
    for row in rows.order_by("position").values(*COLUMNS).iterator():
        public, declared = orjson.loads(bytes(row["public"])), find(row["type"])
        if declared is None or not declared.is_whole(public):
            continue  # kept for other nodes, and of no shape that is known here
        yield row | {"id": str(row["id"]), "time": row["time"].isoformat(), "public": public}


def events_of(rows: Iterable[dict[str, Any]]) -> Iterator[Event]:
    """The same as events."""
    for row in rows:
        plain = {name: row[name] for name in COLUMNS if name not in ("time", "public")}
        yield Event(**plain, time=datetime.fromisoformat(row["time"]), data=row["public"])


def timeline_of(one: Exercise) -> Timeline:
    """The timeline of an exercise from this node's log."""
    return Timeline.of(events_of(exported(one)))


def timeline_read_by(officer: Officer, one: Exercise) -> Timeline:
    """Its timeline, for who may read its score. Raises NotFound."""
    if not may_read_score(officer, one):
        raise NotFound
    return timeline_of(one)


def score_of(officer: Officer, one: Exercise) -> tuple[Timeline, Score]:
    """Its timeline and its score. Raises NotFound."""
    timeline = timeline_read_by(officer, one)
    return timeline, score(timeline)

"""Event types of exercises.

Owns: the type and the builder of its shape. Promises: the whole exercise in every envelope. Must
not know: who may write.
"""

from typing import Any

from typing_extensions import TypedDict

from emergency.events import moment
from realtime.registry import declare

from .models import Exercise


class Participant(TypedDict):
    """Who takes part as what, and at which node."""

    organisation: str
    organisation_name: str
    node: str
    part: str


class ExerciseData(TypedDict):
    """An exercise; `minutes` is its planned length."""

    id: str
    home: str
    realm: str
    rev: int
    state: str
    reason: str
    title: str
    plan: str
    plan_name: str
    plan_version: int
    form: str
    scope: str
    purpose: str
    objectives: list[str]
    starts_at: str
    minutes: int
    participants: list[Participant]
    author: str
    author_name: str
    recorded_at: str


SCHEDULED = declare("exercise.scheduled", version=1, topic="exercises", data=ExerciseData)
CHANGED = declare("exercise.changed", version=1, topic="exercises", data=ExerciseData)
CANCELLED = declare("exercise.cancelled", version=1, topic="exercises", data=ExerciseData)
HELD = declare("exercise.held", version=1, topic="exercises", data=ExerciseData)

PLAIN = (
    "home realm rev state reason title plan plan_name plan_version form scope purpose objectives "
    "minutes participants author author_name"
).split()
TIMES = ("starts_at", "recorded_at")


def data(exercise: Exercise) -> dict[str, Any]:
    """An exercise in the shape of its type."""
    return {
        "id": str(exercise.pk),
        **{name: getattr(exercise, name) for name in PLAIN},
        **{name: moment(getattr(exercise, name)) for name in TIMES},
    }


def subject(exercise: Exercise) -> str:
    """What its envelopes are of."""
    return f"exercise/{exercise.pk}"

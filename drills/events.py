"""Event types of exercises and of their scripts.

Owns: the types and the builders of their shapes. Promises: the whole thing in every envelope; what
is in a script is about the script, never about the exercise, so that players do not get it. Must
not know: who may write.
"""

from typing import Any

from typing_extensions import TypedDict

from emergency.events import moment
from realtime.registry import declare

from .models import Clock, Delivery, Exercise, Inject


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


class ScriptData(TypedDict):
    """The script of an exercise: what its injects are about."""

    id: str
    home: str
    realm: str


class InjectData(TypedDict):
    """An inject with what is true and what is expected; `minutes` of the exercise clock."""

    id: str
    exercise: str
    home: str
    realm: str
    rev: int
    state: str
    number: int
    minutes: int
    phase: str
    channel: str
    sender: str
    recipients: list[str]
    content: str
    place: str
    late: str
    optional: bool
    truth: dict[str, Any]
    expected: list[dict[str, Any]]
    attachments: list[dict[str, Any]]
    at: int | None
    author: str
    author_name: str
    recorded_at: str


class ClockData(TypedDict):
    """The clock of an exercise: from `since` on it shows `at` milliseconds, `speed` times as fast
    as the wall while it is running."""

    id: str
    exercise: str
    home: str
    realm: str
    rev: int
    state: str
    since: str
    at: int
    speed: int
    reason: str
    author: str
    author_name: str


class AnswerData(TypedDict):
    """That an organisation wrote down this incident because of this inject."""

    id: str
    exercise: str
    inject: str
    incident: str
    organisation: str
    home: str
    realm: str
    rev: int


class DeliveryData(TypedDict):
    """An inject as players get it: nothing of what is true or expected."""

    id: str
    exercise: str
    home: str
    realm: str
    rev: int
    number: int
    channel: str
    sender: str
    recipients: list[str]
    content: str
    place: str
    attachments: list[dict[str, Any]]
    minutes: int
    at: int
    sent_at: str
    author: str
    author_name: str


class LateData(TypedDict):
    """An inject came late to this node; `at` is what the clock of the exercise showed then, ms."""

    id: str
    exercise: str
    home: str
    realm: str
    rev: int
    inject: str
    at: int


SCHEDULED = declare("exercise.scheduled", version=1, topic="exercises", data=ExerciseData)
CHANGED = declare("exercise.changed", version=1, topic="exercises", data=ExerciseData)
CANCELLED = declare("exercise.cancelled", version=1, topic="exercises", data=ExerciseData)
HELD = declare("exercise.held", version=1, topic="exercises", data=ExerciseData)
SCRIPT_OPENED = declare("script.opened", version=1, topic="exercises", data=ScriptData)
INJECT_WRITTEN = declare("inject.written", version=1, topic="exercises", data=InjectData)
CLOCK_SET = declare("exercise.clock", version=1, topic="exercises", data=ClockData)
ANSWERED = declare("inject.answered", version=1, topic="incidents", data=AnswerData)
LATE = declare("inject.late", version=1, topic="exercises", data=LateData)
DELIVERED = declare("inject.delivered", version=1, topic="exercises", data=DeliveryData)

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


OF_INJECT = (
    "home realm rev state number minutes phase channel sender recipients content place late "
    "optional truth expected attachments at author author_name"
).split()


def script_data(exercise: Exercise) -> dict[str, Any]:
    """A script in the shape of its type."""
    return {"id": str(exercise.pk), "home": exercise.home, "realm": exercise.realm}


def script(exercise: Exercise) -> str:
    """What the injects of an exercise are about."""
    return f"script/{exercise.pk}"


def inject_data(inject: Inject) -> dict[str, Any]:
    """An inject in the shape of its type."""
    return {
        "id": str(inject.pk),
        "exercise": str(inject.exercise_id),
        **{name: getattr(inject, name) for name in OF_INJECT},
        "recorded_at": moment(inject.recorded_at),
    }


OF_CLOCK = "home realm rev state at speed reason author author_name".split()
OF_DELIVERY = (
    "home realm rev number channel sender recipients content place attachments minutes at author "
    "author_name"
).split()


def clock_data(clock: Clock) -> dict[str, Any]:
    """A clock in the shape of its type."""
    said = {name: getattr(clock, name) for name in OF_CLOCK}
    own = {"id": str(clock.pk), "exercise": str(clock.exercise_id)}
    return own | {"since": moment(clock.since), **said}


def delivery_data(delivery: Delivery) -> dict[str, Any]:
    """A delivery in the shape of its type."""
    return {
        "id": str(delivery.pk),
        "exercise": str(delivery.exercise_id),
        "sent_at": moment(delivery.sent_at),
        **{name: getattr(delivery, name) for name in OF_DELIVERY},
    }

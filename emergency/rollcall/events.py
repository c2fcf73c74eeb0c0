"""Event types of roll calls.

Owns: their shapes and builders. Promises: a call carries its whole state; what a node measures by
its own clock alone is not told. Must not know: who may call.
"""

from typing import Any, TypedDict

from realtime.registry import declare

from ..events import moment
from ..models import RollAnswer, RollCall


class RollCallData(TypedDict):
    """A call of these nodes ({node, name}), answered within so many minutes; once it is closed,
    {node, seconds} of those who answered in time."""

    id: str
    home: str
    home_name: str
    rev: int
    at: str
    minutes: int
    nodes: list[dict[str, str]]
    text: str
    author: str
    author_name: str
    closed_at: str | None
    results: list[dict[str, Any]]


class RollAnswerData(TypedDict):
    """The desk of a node is there, so many seconds after the call had come to it."""

    id: str
    call: str
    home: str
    rev: int
    seconds: int
    author: str
    author_name: str
    recorded_at: str


ROLL_CALLED = declare("rollcall.called", version=1, topic="rollcalls", data=RollCallData)
ROLL_CLOSED = declare("rollcall.closed", version=1, topic="rollcalls", data=RollCallData)
ROLL_ANSWERED = declare("rollcall.answered", version=1, topic="rollcalls", data=RollAnswerData)

CALL = "home home_name rev minutes nodes text author author_name results".split()
ANSWER = "home seconds author author_name".split()


def call_data(call: RollCall) -> dict[str, Any]:
    """A call as it stands."""
    return {
        "id": str(call.pk),
        **{name: getattr(call, name) for name in CALL},
        **{name: moment(getattr(call, name)) for name in ("at", "closed_at")},
    }


def answer_data(answer: RollAnswer) -> dict[str, Any]:
    """An answer."""
    return {
        "id": str(answer.pk),
        "call": str(answer.call_id),
        "rev": 1,
        "recorded_at": moment(answer.recorded_at),
        **{name: getattr(answer, name) for name in ANSWER},
    }

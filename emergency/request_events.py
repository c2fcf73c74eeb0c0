"""Event types of requests to the home of an incident, and of its answers.

Owns: their shapes and builders. Promises: as `events.py`. Must not know: who may ask or answer.
"""

from typing import Any

from typing_extensions import TypedDict

from realtime.registry import declare

from .events import moment
from .models import Request


class RequestData(TypedDict):
    """What a node asks for; `proposed` is field to value of a change."""

    id: str
    incident: str
    home: str
    realm: str
    rev: int
    kind: str
    text: str
    proposed: dict[str, Any]
    author: str
    author_name: str
    recorded_at: str
    due_at: str


class AnswerData(TypedDict):
    """What the home of the incident says to a request."""

    id: str
    request: str
    incident: str
    home: str
    realm: str
    rev: int
    outcome: str
    text: str
    author: str
    author_name: str
    recorded_at: str


REQUEST_MADE = declare("request.made", version=1, topic="incidents", data=RequestData)
REQUEST_ANSWERED = declare("request.answered", version=1, topic="incidents", data=AnswerData)


def request_data(request: Request) -> RequestData:
    """A request."""
    names = "home realm kind text proposed author author_name".split()
    return {
        **{name: getattr(request, name) for name in names},
        "id": str(request.pk),
        "incident": str(request.incident_id),
        "rev": 1,
        "recorded_at": moment(request.recorded_at),
        "due_at": moment(request.due_at),
    }


def answer_data(request: Request) -> AnswerData:
    """The answer to a request that has one."""
    return {
        "id": str(request.answer_id),
        "request": str(request.pk),
        "incident": str(request.incident_id),
        "home": request.answer_home,
        "realm": request.realm,
        "rev": 1,
        "outcome": request.outcome,
        "text": request.answer,
        "author": request.answered_by,
        "author_name": request.answered_by_name,
        "recorded_at": moment(request.answered_at),
    }

"""Exercises in the API: for players, their screens and their programs.

Owns: routes that read, the answer to an inject, an evaluator's mark. Promises: an exercise that is
not yours is not there; what was delivered to others is not told. Must not know: how anything is
stored.
"""

import uuid
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Router

from emergency import selectors as emergency
from emergency.audit_words import type_word
from emergency.schemas import Moment, Strict, line
from emergency.selectors_sharing import shown_node_names

from . import selectors
from .mark_events import mark_data
from .scoring.replay import moments
from .selectors_conduct import delivery, detail
from .selectors_score import timeline_read_by
from .services.answers import answer_inject
from .services.evaluation import give_mark


class MarkIn(Strict):
    """What an evaluator says of a row of the score; `given_at` where it was said before."""

    row: line(120, 1)
    value: line(12)
    note: line(500) = ""
    given_at: Moment | None = None


class AnswerIn(Strict):
    """An inject and the incident that answers it."""

    inject: uuid.UUID
    incident: uuid.UUID


router = Router(tags=["exercises"])


@router.get("/exercises", summary="Exercises the caller may see")
def exercises(request: HttpRequest) -> list[dict[str, Any]]:
    """Each with its clock and what was delivered to the caller's organisation."""
    return [detail(request.user, one) for one in selectors.exercises(request.user)]


@router.post("/exercises/{uuid:pk}/answers", summary="Say which incident answers an inject")
def answer(request: HttpRequest, pk: uuid.UUID, data: AnswerIn) -> dict[str, Any]:
    """The incident was written down because of this inject."""
    one = selectors.exercise(request.user, pk)
    answer_inject(
        actor=request.user,
        delivery=delivery(request.user, one, data.inject),
        incident=emergency.incident(request.user, data.incident),
    )
    return detail(request.user, one)


@router.post("/exercises/{uuid:pk}/marks", summary="Judge a row of the score")
def mark(request: HttpRequest, pk: uuid.UUID, data: MarkIn) -> dict[str, Any]:
    """An evaluator's own mark; an empty value takes it back."""
    one = selectors.exercise(request.user, pk)
    return mark_data(give_mark(actor=request.user, exercise=one, **data.model_dump()))


@router.get("/exercises/{uuid:pk}/replay", summary="All that was told and done, by the clock")
def replay(request: HttpRequest, pk: uuid.UUID) -> dict[str, Any]:
    """For who may read the score: moments in milliseconds of the exercise clock, the earliest
    first, with how each incident stood from then on."""
    one = selectors.exercise(request.user, pk)
    timeline = timeline_read_by(request.user, one)
    names = shown_node_names()
    shown = [
        asdict(each)
        | {"what": type_word(each.type), "node_name": names.get(each.source, each.source)}
        for each in moments(timeline)
    ]
    return {"ended": timeline.ended, "moments": shown}


@router.get("/exercises/{uuid:pk}", summary="One exercise as it stands")
def exercise(request: HttpRequest, pk: uuid.UUID) -> dict[str, Any]:
    """The exercise with its clock and what was delivered to the caller's organisation."""
    return detail(request.user, selectors.exercise(request.user, pk))

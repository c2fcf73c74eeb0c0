"""Exercises in the API: for players, their screens and their programs.

Owns: routes that read, and the answer to an inject. Promises: an exercise that is not yours is not
there; what was delivered to others is not told. Must not know: how anything is stored.
"""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router

from emergency import selectors as emergency
from emergency.schemas import Strict

from . import selectors
from .selectors_conduct import delivery, detail
from .services.answers import answer_inject


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


@router.get("/exercises/{uuid:pk}", summary="One exercise as it stands")
def exercise(request: HttpRequest, pk: uuid.UUID) -> dict[str, Any]:
    """The exercise with its clock and what was delivered to the caller's organisation."""
    return detail(request.user, selectors.exercise(request.user, pk))

"""Exercises in the API: for players, their screens and their programs.

Owns: routes that read. Promises: an exercise that is not yours is not there; what was delivered to
others is not told. Must not know: how anything is stored.
"""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router

from . import selectors
from .selectors_conduct import detail

router = Router(tags=["exercises"])


@router.get("/exercises", summary="Exercises the caller may see")
def exercises(request: HttpRequest) -> list[dict[str, Any]]:
    """Each with its clock and what was delivered to the caller's organisation."""
    return [detail(request.user, one) for one in selectors.exercises(request.user)]


@router.get("/exercises/{uuid:pk}", summary="One exercise as it stands")
def exercise(request: HttpRequest, pk: uuid.UUID) -> dict[str, Any]:
    """The exercise with its clock and what was delivered to the caller's organisation."""
    return detail(request.user, selectors.exercise(request.user, pk))

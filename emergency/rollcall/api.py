"""The API of roll calls: parse, call one service or selector, answer.

Owns: routes. Promises: as `emergency/api.py`. Must not know: how anything is stored.
"""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router

from . import selectors, services
from .events import answer_data

router = Router(tags=["duty"])


@router.get("/roll-calls/waiting", summary="Roll calls that this desk has not answered")
def waiting(request: HttpRequest) -> list[dict[str, Any]]:
    """Of other nodes, the newest first."""
    return selectors.waiting(request.user)


@router.get("/roll-calls/{uuid:pk}", summary="A roll call and who has answered")
def roll_call(request: HttpRequest, pk: uuid.UUID) -> dict[str, Any]:
    """With a row for each node that was called."""
    return selectors.shown(selectors.call(request.user, pk))


@router.post("/roll-calls/{uuid:pk}/answer", summary="Say that somebody is at the desk")
def answer(request: HttpRequest, pk: uuid.UUID) -> dict[str, Any]:
    """Once; the answer that there is afterwards."""
    call = selectors.call(request.user, pk)
    return answer_data(services.answer_roll(actor=request.user, call=call))

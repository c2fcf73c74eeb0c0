"""The API of rounds of reports: parse, call one service or selector, answer.

Owns: routes. Promises: as `emergency/api.py`. Must not know: how anything is stored.
"""

import uuid
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Status

from ..schemas import RealmQuery
from ..selectors import incident
from . import events, selectors, services
from .schemas import RoundReportIn

router = Router(tags=["reports"])


@router.get("/rounds", summary="Rounds of reports that somebody is missing in")
def rounds(request: HttpRequest, query: Query[RealmQuery]) -> list[dict[str, Any]]:
    """Of incidents that the caller may see: the round that runs, and the one before."""
    return selectors.for_desk(query.realm, request.user, datetime.now(UTC))


@router.post("/incidents/{uuid:pk}/rounds", response={201: dict}, summary="Report in a round")
def report(request: HttpRequest, pk: uuid.UUID, data: RoundReportIn) -> Any:
    """What is new, or that nothing is."""
    found = incident(request.user, pk)
    made = services.report_round(actor=request.user, incident=found, **data.model_dump())
    return Status(201, events.data(made))

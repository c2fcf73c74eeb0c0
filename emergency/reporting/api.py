"""The API of reports upward: parse, call one service or selector, answer.

Owns: routes. Promises: as `emergency/api.py`. Must not know: how anything is stored.
"""

import uuid
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Status

from ..permissions import require
from ..selectors import detail, incident
from . import events, schemas, selectors, services

router = Router(tags=["reports"])
Kind = Literal["written", "followup", "final", "supplement"]


@router.post("/incidents/{uuid:pk}/reports", response={201: dict}, summary="First report upward")
def first_report(request: HttpRequest, pk: uuid.UUID, data: schemas.FirstReportIn) -> Any:
    """By phone or in writing, each once; the incident with all that is written about it."""
    found = incident(request.user, pk)
    services.make_first_report(actor=request.user, incident=found, **data.model_dump())
    return Status(201, detail(request.user, incident(request.user, pk)))


@router.get("/incidents/{uuid:pk}/reports/next", summary="A report as the log proposes it")
def next_report(request: HttpRequest, pk: uuid.UUID, kind: Kind) -> dict[str, Any]:
    """In writing, a follow-up or supplement with what changed since the last, or the final one."""
    found = incident(request.user, pk)
    require(request.user, "report.draft", found)
    return selectors.proposal(found, kind)


@router.get("/incidents/{uuid:pk}/reports/arrived", summary="Nodes that hold each report")
def arrived(request: HttpRequest, pk: uuid.UUID) -> dict[str, list[str]]:
    """As those nodes have confirmed to this one."""
    return selectors.arrivals(incident(request.user, pk))


@router.post("/incidents/{uuid:pk}/drafts", response={201: dict}, summary="Submit a report")
def submit(request: HttpRequest, pk: uuid.UUID, data: schemas.DraftIn) -> Any:
    """It waits for its signature."""
    found = incident(request.user, pk)
    said = data.model_dump(mode="json")
    draft = services.submit_draft(actor=request.user, incident=found, **said | {"id": data.id})
    return Status(201, selectors.whole(draft))


@router.get("/drafts/{uuid:pk}", summary="A draft with its words")
def draft(request: HttpRequest, pk: uuid.UUID) -> dict[str, Any]:
    """And what of the incident has changed since."""
    return selectors.whole(selectors.draft(request.user, pk))


@router.post("/drafts/{uuid:pk}/signature", response={201: dict}, summary="Sign a report")
def sign(request: HttpRequest, pk: uuid.UUID, data: schemas.SignIn) -> Any:
    """It is issued; the incident with all that is written about it."""
    found = selectors.draft(request.user, pk)
    services.sign_draft(actor=request.user, draft=found, **data.model_dump())
    return Status(201, detail(request.user, incident(request.user, found.incident_id)))


@router.post("/drafts/{uuid:pk}/return", summary="Do not sign a report")
def send_back(request: HttpRequest, pk: uuid.UUID, data: schemas.ReturnIn) -> dict[str, Any]:
    """With the reason."""
    found = selectors.draft(request.user, pk)
    return selectors.whole(
        services.return_draft(actor=request.user, draft=found, **data.model_dump())
    )


@router.post("/drafts/{uuid:pk}/withdrawal", summary="Take a draft back")
def withdraw(request: HttpRequest, pk: uuid.UUID) -> dict[str, Any]:
    """Before it is signed."""
    found = selectors.draft(request.user, pk)
    return selectors.whole(services.withdraw_draft(actor=request.user, draft=found))


@router.post("/reports/{uuid:pk}/receipts", response={201: dict}, summary="Take a report")
def take(request: HttpRequest, pk: uuid.UUID) -> Any:
    """At a node that did not make it."""
    found = selectors.report(request.user, pk)
    return Status(201, events.receipt_data(services.take_report(actor=request.user, report=found)))

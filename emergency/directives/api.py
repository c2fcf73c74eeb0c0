"""The API of directives: parse, call one service, answer.

Owns: routes. Promises: as `emergency/api.py`. Must not know: how anything is stored.
"""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from ..selectors import detail, incident
from . import schemas, services

router = Router(tags=["directives"])


@router.post("/incidents/{uuid:pk}/directives", response={201: dict}, summary="Record a directive")
def record(request: HttpRequest, pk: uuid.UUID, data: schemas.DirectiveIn) -> Any:
    """Its tasks are issued with it; the incident with all that is written about it."""
    found = incident(request.user, pk)
    services.record_directive(actor=request.user, incident=found, **data.model_dump())
    return Status(201, detail(request.user, incident(request.user, pk)))

"""The API of supplements: parse, call one selector, answer.

Owns: routes. Promises: as `emergency/api.py`. Must not know: how anything is stored.
"""

import uuid
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from .. import schemas
from ..selectors import incident
from . import selectors

router = Router(tags=["reports"])


@router.get("/supplements", summary="Casualties that nobody has reported yet")
def supplements(request: HttpRequest, query: Query[schemas.RealmQuery]) -> list[dict[str, Any]]:
    """Of accidents of this node that the caller may see, within the days of their class."""
    return selectors.for_desk(query.realm, request.user, datetime.now(UTC))


@router.get("/incidents/{uuid:pk}/supplement", summary="How long casualties are reported")
def supplement(request: HttpRequest, pk: uuid.UUID) -> dict[str, Any]:
    """By which rule, and what is not reported; empty where there are no such days."""
    return selectors.days_of(incident(request.user, pk), datetime.now(UTC))

"""The API of relatives: parse, call one service or selector, answer.

Owns: routes. Promises: as `emergency/api.py`. Must not know: how anything is stored.
"""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router

from gis import coordinates

from ..selectors import at_desk_of, detail, incident
from . import schemas, selectors, services

router = Router(tags=["incidents"])


@router.get("/incidents/{uuid:pk}/family", summary="What an incident hangs together with")
def family(request: HttpRequest, pk: uuid.UUID) -> dict[str, Any]:
    """What it came of and led to, was merged into, split from; `alike` may be the same."""
    one = incident(request.user, pk)
    return selectors.relatives(request.user, one) | {"alike": selectors.alike_to(request.user, one)}


@router.post("/incidents/{uuid:pk}/parent", summary="Say what it came of")
def set_parent(request: HttpRequest, pk: uuid.UUID, data: schemas.ParentIn) -> dict[str, Any]:
    """Another incident that the caller may see, or none."""
    one = incident(request.user, pk)
    parent = incident(request.user, data.parent) if data.parent else None
    one = services.set_parent(actor=request.user, incident=one, rev=data.rev, parent=parent)
    return detail(request.user, one)


@router.post("/alike", summary="Open incidents that may be the same")
def alike(request: HttpRequest, data: schemas.AlikeIn) -> list[dict[str, Any]]:
    """As what is being reported; nothing is kept."""
    at_desk_of(request.user, data.realm)
    given = data.location
    lon, lat = coordinates.convert(given.lon, given.lat, source=given.crs, target="wgs84")
    found = {"realm": data.realm, "type_code": data.type_code, "at": data.received_at}
    return selectors.alike(request.user, lon=float(lon), lat=float(lat), **found)

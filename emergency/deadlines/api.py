"""The API of deadlines: one selector.

Owns: routes. Promises: as `emergency/api.py`. Must not know: how anything is stored.
"""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from ..schemas import RealmQuery
from . import selectors

router = Router(tags=["reports"])


@router.get("/deadlines", summary="Limits of reports that run")
def deadlines(request: HttpRequest, query: Query[RealmQuery]) -> dict[str, Any]:
    """Of incidents of this node that the caller may see, `{items, more, late}`."""
    return selectors.running(query.realm, request.user)

"""The API of grading: parse, ask, answer.

Owns: routes. Promises: as `emergency/api.py`. Must not know: how anything is stored.
"""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from . import schemas, selectors

router = Router(tags=["incidents"])


@router.post("/grade-suggestions", summary="The grade that figures suggest")
def suggest(request: HttpRequest, data: schemas.FiguresIn) -> dict[str, Any]:
    """Of a class and figures as they stand in a form, or in an incident; nothing is kept."""
    figures = data.casualties.model_dump() | {"loss_cny": data.loss_cny}
    return selectors.suggestion(data.type_code, figures).data()

"""The API of the geo platform: layers, places, surveys.

Owns: routes and their parameters. Promises: read only; every answer is limited to the layers that
the caller may see. Must not know: incidents, how anything is stored, grounds of rights.
"""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from realtime import access
from realtime.problems import NotFound

from . import coordinates, events, selectors
from .models import Layer

router = Router(tags=["geo platform"])
Crs = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]
MOST_FEATURES = 2000


class PlaceQuery(Schema):
    q: str = Field(min_length=1, max_length=300)
    limit: int = Field(12, ge=1, le=50)


class PointQuery(Schema):
    lon: float = Field(allow_inf_nan=False)
    lat: float = Field(allow_inf_nan=False)
    crs: Crs = "wgs84"
    address: str = Field("", max_length=300)


class BoxQuery(Schema):
    west: float = Field(ge=-180, le=180)
    south: float = Field(ge=-90, le=90)
    east: float = Field(ge=-180, le=180)
    north: float = Field(ge=-90, le=90)
    limit: int = Field(500, ge=1, le=MOST_FEATURES)


@router.get("/layers", summary="Layers the caller may see")
def layer_list(request: HttpRequest) -> list[dict[str, Any]]:
    """In the order of the map, each with its current version and tile address."""
    visible = selectors.visible_to(request.user)
    return [events.layer_data(layer) for layer in selectors.current_layers(visible=visible)]


@router.get("/layers/{slug}/features", summary="Features of a layer within a box")
def feature_list(request: HttpRequest, slug: str, query: Query[BoxQuery]) -> dict[str, Any]:
    """A GeoJSON collection; `complete` is false where the limit cut it."""
    box = (query.west, query.south, query.east, query.north)
    return selectors.features_in_box(_visible(request, slug), box, limit=query.limit)


@router.get("/layers/{slug}/labels", summary="One point per feature to write its name at")
def label_list(request: HttpRequest, slug: str) -> dict[str, Any]:
    """A GeoJSON collection of points: an area that is cut into tiles still has one name."""
    return selectors.labels(_visible(request, slug))


@router.get("/places", summary="Search places by name, pinyin or coordinates")
def place_list(request: HttpRequest, query: Query[PlaceQuery]) -> list[dict[str, Any]]:
    """Best first; pasted coordinates are offered in every system they may be meant in."""
    visible = selectors.visible_to(request.user)
    return selectors.find_places(query.q, limit=query.limit, visible=visible)


@router.get("/survey", summary="What the layers say about a point")
def point_survey(request: HttpRequest, query: Query[PointQuery]) -> dict[str, Any]:
    """`{survey, hints}`; hints ask about a point that looks wrong.

    With a hint that the numbers are swapped there is no survey.
    """
    visible = selectors.visible_to(request.user)
    hints = selectors.doubts(
        query.lon, query.lat, crs=query.crs, address=query.address, visible=visible
    )
    survey = None
    if not any(hint["code"] == "swapped" for hint in hints):
        point = coordinates.convert(query.lon, query.lat, source=query.crs, target="wgs84")
        survey = selectors.survey(*(round(value, 7) for value in point), visible=visible)
    return {"survey": survey, "hints": hints}


def _visible(request: HttpRequest, slug: str) -> Layer:
    """The layer; one that is there but not the caller's is refused as if it were not there."""
    try:
        return selectors.current_layer(slug, visible=selectors.visible_to(request.user))
    except NotFound:
        if selectors.audiences([slug]):
            address = request.META.get("REMOTE_ADDR", "")
            access.resolver().denied(request.user, address, f"features of layer {slug}")
        raise

"""What the geo platform tells the log: a layer has a new version, an office changed a value.

Owns: the event types and the one builder of a layer's shape, the same for GET and for the log.
Promises: the whole state of the layer, with the hash of its content; of a value what it was and
what it is. Must not know: who reads.
"""

from typing import Any, TypedDict

from realtime.registry import declare

from .models import Layer


class LayerData(TypedDict):
    """A layer as the API shows it and the log records it."""

    slug: str
    title: str
    title_en: str
    kind: str
    role: str
    nearest: int
    audience: list[str]
    note: str
    attribution: str
    source: str
    verified: bool
    symbol: str
    order: int
    visible: bool
    rev: int
    version: str
    created_at: str
    declared_crs: str
    conversion: str
    residual_m: float | None
    feature_count: int
    bounds: list[float]
    min_zoom: int | None
    max_zoom: int | None
    tiles: str | None


class TableData(TypedDict):
    """A row of a table that an office may change; null before or after: it was not there."""

    table: str
    key: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


LAYER_PUBLISHED = declare("layer.published", version=1, topic="layers", data=LayerData)
TABLE_CHANGED = declare("table.changed", version=1, topic="audit", data=TableData)

_LAYER_FIELDS = (
    "slug title title_en kind role nearest audience note attribution source verified symbol"
    " order visible rev"
).split()
_VERSION_FIELDS = "declared_crs conversion residual_m feature_count min_zoom max_zoom".split()


def subject(slug: str) -> str:
    """The log's name of a layer."""
    return f"layer/{slug}"


def layer_data(layer: Layer) -> LayerData:
    """The shape of a layer with its current version."""
    version = layer.current
    tiles = None
    if version.max_zoom is not None:
        tiles = f"/tiles/{layer.slug}/{version.sha256}/{{z}}/{{x}}/{{y}}"
    return {
        **{name: getattr(layer, name) for name in _LAYER_FIELDS},
        **{name: getattr(version, name) for name in _VERSION_FIELDS},
        "version": version.sha256,
        "created_at": version.created_at.isoformat(),
        "bounds": version.bbox,
        "tiles": tiles,
    }

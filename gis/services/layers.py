"""The write doors of the geo platform: publish a layer of shapes, publish a grid of people.

Owns: the order of a publication: check, files, then in one transaction the rows and last the
envelope. Promises: a version is immutable; the same content again makes no new version, and no
envelope unless the layer's properties changed; on any failure no row and no envelope is left (a
file without a row is harmless, it is named by its hash). Must not know: who may publish (the
caller has asked), what reads the log.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import geopandas as gpd
import numpy as np
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from realtime import log
from realtime.problems import Invalid

from .. import events, files, geometry, publishing
from ..models import Layer, LayerVersion

REALM = "real"  # layers are facts of the city, in drills as well
MAX_ZOOM = 16
MAX_CELLS = 40_000_000


def publish_layer(
    *,
    slug: str,
    title: str,
    title_en: str,
    kind: str,
    role: str,
    frame: gpd.GeoDataFrame,
    actor: str,
    note: str = "",
    attribution: str = "",
    source: str = "",
    verified: bool = False,
    symbol: str = "",
    order: int = 100,
    visible: bool = True,
    nearest: int = 0,
    audience: Sequence[str] = (),
    min_zoom: int = 6,
    max_zoom: int = 14,
    declared_crs: str = "wgs84",
    conversion: str = "",
    residual_m: float | None = None,
    report: dict[str, Any] | None = None,
) -> LayerVersion:
    """Publish the frame (columns id, name, name_en?, others; EPSG:4326) as the layer's content."""
    if not 0 <= min_zoom <= max_zoom <= MAX_ZOOM:
        raise Invalid(_("The zoom levels are not right."), fields={"max_zoom": MAX_ZOOM})
    if kind not in publishing.FAMILIES:
        raise Invalid(_("A layer of shapes is of kind area, line or point."))
    layer = _checked_layer(
        slug=slug,
        title=title,
        title_en=title_en,
        kind=kind,
        role=role,
        note=note,
        attribution=attribution,
        source=source,
        verified=verified,
        symbol=symbol,
        order=order,
        visible=visible,
        nearest=nearest,
        audience=sorted(set(audience)),
    )
    normal = publishing.normal_frame(frame, kind=kind)
    sha256 = files.store_shapes(slug, normal)
    tiles = publishing.tile_frame(frame, normal)
    files.store_tiles(slug, sha256, tiles, (min_zoom, max_zoom))
    version = LayerVersion(
        sha256=sha256,
        declared_crs=declared_crs,
        conversion=conversion,
        residual_m=residual_m,
        feature_count=len(normal),
        bbox=[round(float(value), 7) for value in normal.total_bounds],
        min_zoom=min_zoom,
        max_zoom=max_zoom,
        report=report or {},
        imported_by=actor,
    )
    return _record(layer, version, actor)


def publish_grid(
    *,
    slug: str,
    title: str,
    title_en: str,
    people: np.ndarray,
    west: float,
    north: float,
    actor: str,
    cell_m: float = 100,
    note: str = "",
    attribution: str = "",
    source: str = "",
    verified: bool = False,
    order: int = 900,
) -> LayerVersion:
    """Publish people per cell, rows from north to south; west and north in EPSG:4545 metres."""
    people = np.asarray(people)
    if people.ndim != 2 or not 0 < people.size <= MAX_CELLS:
        raise Invalid(_("The grid must have rows and columns within limits."))
    if not np.isfinite(people).all() or (people < 0).any():
        raise Invalid(_("People per cell must be finite and not negative."))
    layer = _checked_layer(
        slug=slug,
        title=title,
        title_en=title_en,
        kind="grid",
        role="population",
        note=note,
        attribution=attribution,
        source=source,
        verified=verified,
        symbol="",
        order=order,
        visible=False,
        nearest=0,
        audience=[],
    )
    grid = files.Grid(people, float(west), float(north), float(cell_m))
    rows, columns = people.shape
    outline = geometry.box_to_wgs84(west, north - rows * cell_m, west + columns * cell_m, north)
    version = LayerVersion(
        sha256=files.store_grid(slug, grid),
        declared_crs=geometry.METRIC,
        feature_count=int(np.count_nonzero(people)),
        bbox=outline,
        imported_by=actor,
    )
    return _record(layer, version, actor)


def _checked_layer(**values: Any) -> Layer:
    """An unsaved layer of these values; Invalid names the fields that are not right."""
    layer = Layer(**values)
    try:
        layer.clean_fields(exclude=["current"])
    except ValidationError as error:
        fields = {name: " ".join(found) for name, found in error.message_dict.items()}
        raise Invalid(fields=fields) from error
    if not all(isinstance(tag, str) for tag in values["audience"]):
        raise Invalid(fields={"audience": _("Tags are text.")})
    return layer


def _record(wanted: Layer, version: LayerVersion, actor: str) -> LayerVersion:
    """Rows and, last, the envelope; nothing at all where nothing changed."""
    properties = {
        field.name: getattr(wanted, field.name)
        for field in Layer._meta.concrete_fields
        if field.name not in ("id", "rev", "current")
    }
    with transaction.atomic():
        layer, _made = Layer.objects.select_for_update().get_or_create(
            slug=wanted.slug, defaults=properties
        )
        known = layer.versions.filter(sha256=version.sha256).first()
        same = all(getattr(layer, name) == value for name, value in properties.items())
        if known and same and layer.current_id == known.id:
            return known
        if known is None:
            version.layer = layer
            version.created_at = datetime.now(UTC)
            version.save(force_insert=True)
            known = version
        for name, value in properties.items():
            setattr(layer, name, value)
        layer.current = known
        layer.rev += 1
        layer.save()
        log.append(
            events.LAYER_PUBLISHED,
            subject=events.subject(layer.slug),
            actor=actor,
            public=events.layer_data(layer),
            realm=REALM,
            rev=layer.rev,
        )
    return known

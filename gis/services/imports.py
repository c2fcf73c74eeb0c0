"""The write door for foreign files: read in the confined child, then published as a layer.

Owns: what an import decides by itself: the layer's kind, which rows have the name they need, the
residual at a check point, and properties left unsaid (those the layer already has). Promises: the
version's report names every row that was left out and why; on refusal nothing is written. Must
not know: how the file is read, who may import.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
from django.utils.translation import gettext as _

from realtime.problems import Invalid

from .. import coordinates, geometry
from ..importer import parent
from ..importer.limits import Limits
from ..importer.parent import Progress
from ..importer.reading import Wish
from ..importer.words import ImportRefused, row_reason
from ..models import Layer, LayerVersion, Role
from ..publishing import FAMILIES
from .layers import publish_layer

NAMED_ROLES = (Role.DISTRICT, Role.ZONE, Role.FACILITY, Role.PLACE)
KEPT = (
    "title title_en kind role note attribution source verified symbol order visible nearest"
    " audience"
).split()


@dataclass(frozen=True)
class CheckPoint:
    """A WGS 84 position where the feature of this name is known to be."""

    lon: float
    lat: float
    name: str


def _silent(_step: str, _done: int, _total: int) -> None:
    return None


def import_file(
    path: Path,
    *,
    slug: str,
    actor: str,
    title: str = "",
    declared_crs: str = "",
    encoding: str = "",
    layer_name: str = "",
    id_column: str = "",
    name_column: str = "",
    check: CheckPoint | None = None,
    limits: Limits | None = None,
    progress: Progress = _silent,
    **properties: Any,
) -> LayerVersion:
    """Publish what a shapefile, GeoPackage or GeoJSON (or a zip of one) holds.

    `properties` are those of publish_layer; what is not given stays as the layer has it. Raises
    ImportRefused, or Invalid for properties that are not right.
    """
    wish = Wish(declared_crs, encoding, layer_name, id_column, name_column)
    imported = parent.read_file(path, wish, limits=limits or Limits(), progress=progress)
    values = _properties(slug, title, properties)
    kind = values["kind"] or _kind(imported.frame)
    frame, report = _fitting(imported.frame, imported.report, kind, values["role"])
    residual = _check(frame, report, check) if check else None
    progress("publish", 0, 1)
    version = publish_layer(
        slug=slug,
        frame=frame.drop(columns="_row"),
        actor=actor,
        declared_crs=report["declared_crs"],
        conversion=report["conversion"],
        residual_m=residual,
        report=report,
        **{**values, "kind": kind},
    )
    progress("publish", 1, 1)
    version.report = report  # of this file, also where an earlier one had the same content
    return version


def _properties(slug: str, title: str, given: dict[str, Any]) -> dict[str, Any]:
    """Given properties before those of the layer before plain defaults."""
    known = Layer.objects.filter(slug=slug).first()
    values: dict[str, Any] = {"title": slug, "title_en": "", "kind": "", "role": Role.FACILITY}
    if known is not None:
        values |= {name: getattr(known, name) for name in KEPT}
    given = {name: value for name, value in given.items() if value is not None}
    return values | given | ({"title": title} if title else {})


def _kind(frame: gpd.GeoDataFrame) -> str:
    """The kind of the rows, if they are all of one."""
    types = set(frame.geometry.geom_type)
    fitting = [kind for kind, family in FAMILIES.items() if types <= set(family)]
    if not fitting:
        raise ImportRefused("mixed_kinds", ", ".join(sorted(types)))
    return fitting[0]


def _fitting(
    frame: gpd.GeoDataFrame, report: dict[str, Any], kind: str, role: str
) -> tuple[gpd.GeoDataFrame, dict[str, Any]]:
    """Rows of the layer's kind that have the name its role needs; the others go to the report."""
    if kind not in FAMILIES:
        raise Invalid(_("A layer of shapes is of kind area, line or point."))
    codes = np.full(len(frame), "", dtype=object)
    if role in NAMED_ROLES:
        codes[(frame["name"] == "").to_numpy()] = "missing_name"
    codes[~frame.geometry.geom_type.isin(FAMILIES[kind]).to_numpy()] = "other_kind"
    skipped = [
        {"row": row, "id": key, "name": name, "code": code, "reason": row_reason(code)}
        for row, key, name, code in zip(
            frame["_row"], frame["id"], frame["name"], codes, strict=True
        )
        if code
    ]
    kept = frame[codes == ""].reset_index(drop=True)
    everything = sorted([*report["skipped"], *skipped], key=lambda row: row["row"])
    report = {**report, "kept": len(kept), "skipped": everything}
    if not len(kept):
        raise ImportRefused("no_rows", report=report)
    return kept, report


def _check(frame: gpd.GeoDataFrame, report: dict[str, Any], check: CheckPoint) -> float:
    """Metres from the check point to its feature; also as it would be in the other systems."""
    named = frame.geometry[frame["name"] == check.name]
    if not len(named):
        raise Invalid(_("No imported feature is named %(name)s.") % {"name": check.name})
    point = geometry.metric_point(check.lon, check.lat)
    shapes = np.asarray(named.array)

    def away(shapes: np.ndarray) -> float:
        return round(min(shape.distance(point) for shape in geometry.to_metric(shapes)), 3)

    residual = away(shapes)
    others = {
        code: away(coordinates.convert_shapes(shapes, source=code, target="wgs84"))
        for code in ("gcj02", "bd09")
    }
    report["check"] = {"name": check.name, "residual_m": residual, "read_as": others}
    return residual

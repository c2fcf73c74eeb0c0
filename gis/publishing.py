"""Checks a frame of features before it becomes a layer's version; pure, no row, no file.

Owns: what every published feature must have: a stable text `id`, a `name`, a usable geometry of
the layer's kind; other columns become `attributes`. Promises: the frame that comes out is what
gis.files stores, or Invalid names the first offending features. Must not know: where the frame
comes from, who publishes it.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from django.utils.translation import gettext as _

from realtime.problems import Invalid

from . import files, geometry

MAX_NAME = 200
MAX_FEATURES = 2_000_000
OWN = ("id", "name", "name_en", "geometry")
FAMILIES = {
    "point": ("Point", "MultiPoint"),
    "line": ("LineString", "MultiLineString"),
    "area": ("Polygon", "MultiPolygon"),
}


def normal_frame(frame: gpd.GeoDataFrame, *, kind: str) -> gpd.GeoDataFrame:
    """The frame with id, name, name_en as text, attributes as JSON, flat WGS 84 geometry."""
    _check_columns(frame)
    result = gpd.GeoDataFrame(
        {name: [_text(value) for value in _column(frame, name)] for name in OWN[:3]},
        geometry=shapely.force_2d(np.asarray(frame.geometry.array)),
        crs=geometry.WGS84,
    )
    result["attributes"] = _attributes(frame)
    _check_names(result)
    _check_shapes(result, kind)
    return result


def tile_frame(frame: gpd.GeoDataFrame, normal: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """What the tiles carry: id, name, name_en and every other column of plain values."""
    tiles = normal[["id", "name", "name_en", "geometry"]].copy()
    for name in _others(frame):
        values = frame[name].reset_index(drop=True)
        if pd.api.types.is_bool_dtype(values) or pd.api.types.is_numeric_dtype(values):
            tiles[name] = values
        elif all(value is None or isinstance(value, str) for value in values):
            tiles[name] = values.astype(object)
    return tiles


def _check_columns(frame: gpd.GeoDataFrame) -> None:
    if not len(frame):
        raise Invalid(_("The layer has no features."))
    if len(frame) > MAX_FEATURES:
        raise Invalid(_("The layer has too many features."))
    missing = {"id", "name"} - set(frame.columns)
    if missing:
        raise Invalid(_("Columns are missing: %(names)s") % {"names": ", ".join(sorted(missing))})
    if frame.crs is None or frame.crs.to_epsg() != 4326:
        raise Invalid(_("The shapes must be in WGS 84."))


def _column(frame: gpd.GeoDataFrame, name: str) -> pd.Series:
    return frame[name] if name in frame.columns else pd.Series([""] * len(frame))


def _text(value: object) -> str:
    if value is None or (isinstance(value, float) and np.isnan(value)) or value is pd.NA:
        return ""
    return str(value).strip()


def _others(frame: gpd.GeoDataFrame) -> list[str]:
    own = {*OWN, frame.geometry.name}
    return [name for name in frame.columns if name not in own]


def _attributes(frame: gpd.GeoDataFrame) -> list[str]:
    names = _others(frame)
    if not names:
        return ["{}"] * len(frame)
    columns = frame[names].astype(object)
    rows = columns.where(columns.notna(), None).to_dict("records")
    return [
        files.attributes_text({str(k): v for k, v in row.items() if v is not None}) for row in rows
    ]


def _check_names(frame: gpd.GeoDataFrame) -> None:
    if (frame["id"] == "").any():
        raise Invalid(_("A feature has no id."))
    twice = frame["id"][frame["id"].duplicated()]
    if len(twice):
        raise Invalid(_("Feature ids occur twice: %(ids)s") % {"ids": ", ".join(twice[:5])})
    if (frame["name"].str.len() > MAX_NAME).any():
        raise Invalid(_("A feature's name is too long."))


def _check_shapes(frame: gpd.GeoDataFrame, kind: str) -> None:
    shapes = np.asarray(frame.geometry.array)
    wrong = ~np.isin([getattr(shape, "geom_type", None) for shape in shapes], FAMILIES[kind])
    if wrong.any():
        raise Invalid(
            _("Feature %(id)s is not of the kind %(kind)s.")
            % {"id": frame["id"][wrong.argmax()], "kind": kind}
        )
    for name, shape in zip(frame["id"], shapes, strict=True):
        if why := geometry.trouble(shape, max_vertices=geometry.MAX_LAYER_VERTICES):
            raise Invalid(_("Feature %(id)s: %(why)s") % {"id": name, "why": why})

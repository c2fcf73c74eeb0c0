"""The only parser of points and GeoJSON, and the only way into metres.

Owns: bounds, finiteness, vertex and depth limits, validity; the projection to EPSG:4545 (CGCS2000,
Gauss-Krueger, central meridian 108 E) and back. Promises: a geometry that comes out is finite,
within WGS 84 bounds, not empty, valid and two-dimensional, or `Invalid` says what is wrong; a
self-crossing shape is reported, never quietly mended. Must not know: layers, models, requests.
"""

import json
import math
import threading
from collections.abc import Collection
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pyproj import Proj
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from realtime.problems import Invalid, TooLarge

WGS84 = "EPSG:4326"
METRIC = "EPSG:4545"
QUAD_SEGS = 64  # a quarter circle: the area of a buffer is right within 0.01 %
MAX_VERTICES = 100_000  # of a shape that somebody draws or sends
MAX_LAYER_VERTICES = 500_000  # of one feature of a layer
MAX_AREA = 512 * 1024  # characters; an incident has to fit into one frame of a link
MAX_TEXT = 8 * 1024 * 1024  # characters of GeoJSON
TYPES = ("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon")
# what is wrong with a shape, as GEOS names it; looked up when it is said, in the reader's language
WRONG = {
    "Self-intersection": gettext_lazy("it crosses itself"),
    "Ring Self-intersection": gettext_lazy("a ring touches itself"),
    "Hole lies outside shell": gettext_lazy("a hole lies outside"),
    "Holes are nested": gettext_lazy("a hole lies in a hole"),
    "Interior is disconnected": gettext_lazy("it falls apart"),
    "Nested shells": gettext_lazy("one part lies in another"),
    "Duplicate Rings": gettext_lazy("a ring stands twice"),
    "Too few points in geometry component": gettext_lazy("a part has too few points"),
}
_DEPTH = {"Point": 1, "MultiPoint": 2, "LineString": 2, "MultiLineString": 3}
_DEPTH |= {"Polygon": 3, "MultiPolygon": 4}


# WGS 84 and CGCS2000 are one datum to PROJ, so a projection is all it takes. A `Transformer` would
# be made anew for every thread, 90 ms for every request; a `Proj` serves all, one at a time.
_projection = Proj(METRIC)
_projecting = threading.Lock()


def _to_metric(lon: Any, lat: Any) -> tuple[Any, Any]:
    with _projecting:
        return _projection(lon, lat)


def _to_wgs84(x: Any, y: Any) -> tuple[Any, Any]:
    with _projecting:
        return _projection(x, y, inverse=True)


def to_metric(shapes: BaseGeometry | np.ndarray):
    """WGS 84 geometries in metres of EPSG:4545, easting first."""
    return shapely.transform(shapes, _to_metric, interleaved=False)


def to_wgs84(shapes: BaseGeometry | np.ndarray):
    """EPSG:4545 geometries in WGS 84 degrees, longitude first."""
    return shapely.transform(shapes, _to_wgs84, interleaved=False)


def box_to_wgs84(west: float, south: float, east: float, north: float) -> list[float]:
    """The bounds in WGS 84 of a box in metres."""
    outline = shapely.segmentize(shapely.box(west, south, east, north), 1000)
    return [round(float(value), 7) for value in shapely.bounds(to_wgs84(outline))]


def metric_point(lon: float, lat: float) -> BaseGeometry:
    """A checked longitude and latitude as a point in metres."""
    point = parse_point(lon, lat)
    return shapely.Point(_to_metric(point.x, point.y))


def circle(point: BaseGeometry, radius_m: float) -> BaseGeometry:
    """The buffer of a metric geometry, fine enough to measure areas with."""
    return shapely.buffer(point, radius_m, quad_segs=QUAD_SEGS)


def bearing(x: float, y: float, to_x: float, to_y: float) -> int:
    """Whole degrees clockwise from grid north, from one metric position to another."""
    return round(math.degrees(math.atan2(to_x - x, to_y - y))) % 360


def parse_point(lon: object, lat: object) -> BaseGeometry:
    """A point of finite numbers within WGS 84 bounds; raises Invalid with the field's name."""
    fields = {}
    for name, value, most in (("lon", lon, 180), ("lat", lat, 90)):
        if isinstance(value, bool) or not isinstance(value, int | float | np.number):
            fields[name] = _("This must be a number.")
        elif not math.isfinite(value):
            fields[name] = _("This must be a finite number.")
        elif abs(value) > most:
            fields[name] = _("This must lie between %(low)s and %(high)s.") % {
                "low": -most,
                "high": most,
            }
    if fields:
        raise Invalid(_("The position is not a longitude and latitude."), fields=fields)
    return shapely.Point(float(lon), float(lat))


def parse_geojson(
    value: str | bytes | dict,
    *,
    types: Collection[str] = TYPES,
    max_vertices: int = MAX_VERTICES,
) -> BaseGeometry:
    """The geometry of one GeoJSON object (never a feature or collection) in WGS 84.

    Raises Invalid or, for too many vertices or characters, TooLarge.
    """
    if not isinstance(value, dict):
        value = _load(value)
    kind, coordinates = value.get("type"), value.get("coordinates")
    if kind not in types:
        known = ", ".join(types)
        raise _bad(_("The type of the geometry must be one of: %(types)s.") % {"types": known})
    budget = [max_vertices]
    _check_numbers(coordinates, _DEPTH[kind], budget)
    if kind.endswith("Polygon"):
        polygons = coordinates if kind.startswith("Multi") else [coordinates]
        if any(len(ring) < 4 or ring[0] != ring[-1] for rings in polygons for ring in rings):
            raise _bad(_("A ring must end where it begins and have at least four positions."))
    try:
        shape = shapely.geometry.shape({"type": kind, "coordinates": coordinates})
    except (ValueError, TypeError, shapely.errors.ShapelyError) as error:
        raise _bad(_("The geometry cannot be built: %(why)s") % {"why": error}) from error
    shape = shapely.force_2d(shape)
    if why := trouble(shape):
        raise _bad(why)
    return shape


def parse_area(value: str | bytes | dict) -> dict:
    """A checked polygon or multipolygon as a GeoJSON object of plain lists."""
    shape = parse_geojson(value, types=("Polygon", "MultiPolygon"))
    text = shapely.to_geojson(shape)
    if len(text) > MAX_AREA:
        raise TooLarge(fields={"geometry": _("The text of the geometry is too long.")})
    return json.loads(text)


def trouble(shape: BaseGeometry | None, *, max_vertices: int = MAX_VERTICES) -> str | None:
    """Why this WGS 84 geometry cannot be used, in words, or None."""
    if shape is None or shapely.is_empty(shape):
        return _("The geometry is empty.")
    if shapely.get_num_coordinates(shape) > max_vertices:
        return _("The geometry has more than %(limit)s vertices.") % {"limit": max_vertices}
    west, south, east, north = shapely.bounds(shape)
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        return _("The geometry has a coordinate that is not a finite number.")
    if west < -180 or east > 180 or south < -90 or north > 90:
        return _("The geometry leaves the bounds of longitude and latitude.")
    if east - west > 180:
        return _("The geometry crosses the antimeridian or spans half the globe.")
    if not shapely.is_valid(shape):
        kind, _bracket, where = explain_validity(shape).partition("[")
        told = {"why": WRONG.get(kind, kind), "where": where.rstrip("]").replace(" ", ", ")}
        return _("The geometry is not valid: %(why)s (near %(where)s).") % told
    if shape.geom_type in ("LineString", "MultiLineString") and shape.length == 0:
        return _("The geometry is empty.")
    return None


def _bad(message: str) -> Invalid:
    return Invalid(message, fields={"geometry": message})


def _load(text: str | bytes) -> dict:
    if len(text) > MAX_TEXT:
        raise TooLarge(fields={"geometry": _("The text of the geometry is too long.")})
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise _bad(_("The geometry is not GeoJSON.")) from error
    if not isinstance(value, dict):
        raise _bad(_("The geometry is not GeoJSON."))
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _check_numbers(value: object, depth: int, budget: list[int]) -> None:
    """Every position is two or three finite numbers, exactly `depth` lists deep."""
    if not isinstance(value, list | tuple):
        raise _bad(_("The coordinates are not nested as their type demands."))
    if depth > 1:
        for item in value:
            _check_numbers(item, depth - 1, budget)
        return
    budget[0] -= 1
    if budget[0] < 0:
        raise TooLarge(fields={"geometry": _("The geometry has too many vertices.")})
    if len(value) not in (2, 3):
        raise _bad(_("A position must be a longitude and a latitude."))
    for number in value:
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise _bad(_("A coordinate must be a number."))
        if isinstance(number, int) and abs(number) > 1e9 or not math.isfinite(number):
            raise _bad(_("The geometry has a coordinate that is not a finite number."))

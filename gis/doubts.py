"""What looks wrong about a typed position, so that the officer can be asked.

Owns: the signs of swapped numbers, of a place outside the office's extent, and of a pair that was
typed in another coordinate system than declared. Promises: it only asks: a doubt carries a code, a
message and, where there is one, the better reading; no doubt proves anything and none changes what
was typed. Must not know: incidents, forms, users.
"""

from typing import Any

from django.utils.translation import gettext as _
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from realtime.problems import Invalid

from . import coordinates, geometry, layers, search
from .models import Extent, Role

# When is another system the better reading? GCJ-02 lies 300 to 700 m from WGS 84 in China and
# BD-09 about 1,150 m, so a reading fits when it is close to something known and the typed one
# clearly is not. Named in the address, a thing may be large; met by chance, it must be hit.
NAMED_NEAR_M, NAMED_FAR_M = 150, 300
MET_NEAR_M, MET_FAR_M = 40, 100

_ELLIPSOID = Geod(ellps="WGS84")
Doubt = dict[str, Any]


def doubts(
    lon: float,
    lat: float,
    *,
    crs: str = "wgs84",
    address: str = "",
    visible: layers.Visible = layers.everything,
) -> list[Doubt]:
    """Questions about a position typed in this system; [] when nothing looks wrong.

    Each: `{code, message, suggestion: {lon, lat, crs} | None, distance_m: int | None}` with code
    swapped, outside_province or maybe_<system>. Raises Invalid for numbers that are no position
    and have no better reading.
    """
    boxes = list(Extent.objects.all())
    inside = _inside(lon, lat, crs, boxes)
    if not inside and _inside(lat, lon, crs, boxes):
        message = _("Latitude and longitude look swapped.")
        return [_doubt("swapped", message, {"lon": lat, "lat": lon, "crs": crs})]
    point = geometry.parse_point(lon, lat)
    if boxes and not inside:
        here = coordinates.convert(point.x, point.y, source=crs, target="wgs84")
        distance = min(_distance_to_box(*here, box) for box in boxes)
        names = ", ".join(box.name for box in boxes)
        message = _("The position is outside %(area)s.") % {"area": names}
        return [_doubt("outside_province", message, None, distance)]
    return _other_systems(point.x, point.y, crs, address, visible)


def _doubt(
    code: str, message: str, suggestion: dict[str, Any] | None, distance: float | None = None
) -> Doubt:
    metres = None if distance is None else round(distance)
    return {"code": code, "message": message, "suggestion": suggestion, "distance_m": metres}


def _inside(lon: float, lat: float, crs: str, boxes: list[Extent]) -> bool:
    try:
        point = geometry.parse_point(lon, lat)
    except Invalid:
        return False
    x, y = coordinates.convert(point.x, point.y, source=crs, target="wgs84")
    return any(box.west <= x <= box.east and box.south <= y <= box.north for box in boxes)


def _distance_to_box(lon: float, lat: float, box: Extent) -> float:
    x, y = min(max(lon, box.west), box.east), min(max(lat, box.south), box.north)
    return _ELLIPSOID.inv(lon, lat, x, y)[2]


def _other_systems(
    lon: float, lat: float, crs: str, address: str, visible: layers.Visible
) -> list[Doubt]:
    typed = _metric(lon, lat, crs)
    # CGCS2000 is the same position as WGS 84: never a better reading
    others = {
        code: _metric(lon, lat, code)
        for code in ("wgs84", "gcj02", "bd09")
        if code != crs and not (code == "wgs84" and crs == "cgcs2000")
    }
    best = _by_address(typed, others, address, visible) or _by_chance(typed, others, visible)
    if best is None:
        return []
    code, name = best
    message = _(
        "Read as %(system)s, these numbers lie at %(name)s; as typed they are %(metres)s m away."
    ) % {
        "system": coordinates.TITLES[code],
        "name": name,
        "metres": round(typed.distance(others[code])),
    }
    suggestion = {"lon": lon, "lat": lat, "crs": code}
    return [_doubt(f"maybe_{code}", message, suggestion, typed.distance(others[code]))]


def _metric(lon: float, lat: float, crs: str) -> BaseGeometry:
    return geometry.metric_point(*coordinates.convert(lon, lat, source=crs, target="wgs84"))


def _by_address(
    typed: BaseGeometry, others: dict[str, BaseGeometry], address: str, visible: layers.Visible
) -> tuple[str, str] | None:
    """The system in which the numbers lie at the place that the address names best."""
    if not address.strip():
        return None
    areas = (Role.DISTRICT, Role.ZONE)
    found = [m for m in search.matches(address, visible=visible) if m.layer.role not in areas]
    for match in found[:3]:
        shape = match.shapes.metric[match.index]
        if typed.distance(shape) < NAMED_FAR_M:
            return None
        code = min(others, key=lambda system: others[system].distance(shape))
        if others[code].distance(shape) <= NAMED_NEAR_M:
            return code, match.shapes.names[match.index]
    return None


def _by_chance(
    typed: BaseGeometry, others: dict[str, BaseGeometry], visible: layers.Visible
) -> tuple[str, str] | None:
    """The system in which the numbers hit a known point while nothing known is near as typed."""
    roles = (Role.PLACE, Role.FACILITY)
    found = layers.current_layers(visible=visible, roles=roles)
    known = [layers.shapes_of(layer) for layer in found if layer.kind == "point"]
    if any(len(shapes.within(typed, MET_FAR_M)[0]) for shapes in known):
        return None
    hits = [
        (float(distance), code, shapes.names[i])
        for code, point in others.items()
        for shapes in known
        for i, distance in zip(*shapes.within(point, MET_NEAR_M), strict=True)
    ]
    return min(hits)[1:] if hits else None

"""Conversion among the four coordinate systems met in China, for numpy arrays and numbers.

Owns: WGS 84, CGCS2000, GCJ-02 (AMap, Tencent, phones) and BD-09 (Baidu) as codes and the maths
between them. Promises: vectorised; both inverses are fixed points of the forward formula, so a
round trip closes to less than 0.1 mm; outside China's box GCJ-02 and BD-09 are the same as
WGS 84, as their makers publish them. CGCS2000 differs from WGS 84 by centimetres (two
realisations of the same frame, plate motion apart), less than any typed coordinate knows, so
between these two the conversion is the identity. Must not know: layers, models, requests.
"""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

CODES = ("wgs84", "cgcs2000", "gcj02", "bd09")
TITLES = {"wgs84": "WGS 84", "cgcs2000": "CGCS2000", "gcj02": "GCJ-02", "bd09": "BD-09"}

# The published box within which the offset applies, and the ellipsoid of its formula
# (Krasovsky 1940): part of the definition of GCJ-02, not values an office could change.
BOX = (72.004, 0.8293, 137.8347, 55.8271)
_AXIS = 6378245.0
_ECCENTRICITY2 = 0.00669342162296594323
_BAIDU_PI = np.pi * 3000.0 / 180.0

_CLOSE_ENOUGH = 1e-10  # degrees: 0.01 mm
_MOST_STEPS = 30  # three to eight are used; the bound only keeps NaN from looping

Numbers = TypeVar("Numbers", float, np.ndarray)
Pair = tuple[np.ndarray, np.ndarray]


def convert(lon: Numbers, lat: Numbers, *, source: str, target: str) -> tuple[Numbers, Numbers]:
    """Longitude and latitude of `source` expressed in `target`; numbers in, numbers out."""
    for code in (source, target):
        if code not in CODES:
            raise ValueError(f"unknown coordinate system {code!r}, known: {', '.join(CODES)}")
    pair = (np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
    scalar = pair[0].ndim == 0
    if source != target:
        pair = _FROM_WGS84[target](*_TO_WGS84[source](*pair))
    if scalar:
        return float(pair[0]), float(pair[1])
    return pair


def convert_shapes(shapes: BaseGeometry | np.ndarray, *, source: str, target: str):
    """The same for shapely geometries, one or an array, vertex by vertex."""

    def change(points: np.ndarray) -> np.ndarray:
        lon, lat = convert(points[:, 0], points[:, 1], source=source, target=target)
        return np.column_stack([lon, lat])

    return shapely.transform(shapes, change)


def _inside(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    west, south, east, north = BOX
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def _gcj02_offset(lon: np.ndarray, lat: np.ndarray) -> Pair:
    """How far GCJ-02 lies from WGS 84 at this WGS 84 position, in degrees."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    wave = 20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (wave + 20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3)) * 2 / 3
    north += (160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (wave + 20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3)) * 2 / 3
    east += (150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30)) * 2 / 3
    phi = np.radians(lat)
    w2 = 1 - _ECCENTRICITY2 * np.sin(phi) ** 2
    meridian = _AXIS * (1 - _ECCENTRICITY2) / (w2 * np.sqrt(w2))
    parallel = _AXIS / np.sqrt(w2) * np.cos(phi)
    return np.degrees(east / parallel), np.degrees(north / meridian)


def _bd09_offset(lon: np.ndarray, lat: np.ndarray) -> Pair:
    """How far BD-09 lies from GCJ-02 at this GCJ-02 position, in degrees."""
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU_PI)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU_PI)
    return radius * np.cos(angle) + 0.0065 - lon, radius * np.sin(angle) + 0.006 - lat


def _forward(offset: Callable[..., Pair], lon: np.ndarray, lat: np.ndarray) -> Pair:
    inside = _inside(lon, lat)
    d_lon, d_lat = offset(lon, lat)
    return lon + np.where(inside, d_lon, 0.0), lat + np.where(inside, d_lat, 0.0)


def _inverse(offset: Callable[..., Pair], lon: np.ndarray, lat: np.ndarray) -> Pair:
    """The position whose forward image is this one: a fixed point, the offset being smooth."""
    inside = _inside(lon, lat)
    x, y = lon, lat
    for _step in range(_MOST_STEPS):
        d_lon, d_lat = offset(x, y)
        new_x = lon - np.where(inside, d_lon, 0.0)
        new_y = lat - np.where(inside, d_lat, 0.0)
        moved = max(np.max(np.abs(new_x - x), initial=0.0), np.max(np.abs(new_y - y), initial=0.0))
        x, y = new_x, new_y
        if not moved > _CLOSE_ENOUGH:
            break
    return x, y


def _same(lon: np.ndarray, lat: np.ndarray) -> Pair:
    return lon, lat


def _wgs84_to_gcj02(lon: np.ndarray, lat: np.ndarray) -> Pair:
    return _forward(_gcj02_offset, lon, lat)


def _gcj02_to_wgs84(lon: np.ndarray, lat: np.ndarray) -> Pair:
    return _inverse(_gcj02_offset, lon, lat)


def _wgs84_to_bd09(lon: np.ndarray, lat: np.ndarray) -> Pair:
    return _forward(_bd09_offset, *_wgs84_to_gcj02(lon, lat))


def _bd09_to_wgs84(lon: np.ndarray, lat: np.ndarray) -> Pair:
    return _gcj02_to_wgs84(*_inverse(_bd09_offset, lon, lat))


_FROM_WGS84 = {
    "wgs84": _same,
    "cgcs2000": _same,
    "gcj02": _wgs84_to_gcj02,
    "bd09": _wgs84_to_bd09,
}
_TO_WGS84 = {
    "wgs84": _same,
    "cgcs2000": _same,
    "gcj02": _gcj02_to_wgs84,
    "bd09": _bd09_to_wgs84,
}

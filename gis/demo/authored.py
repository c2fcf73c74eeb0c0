"""Reads the files in `data/` into frames that the geo platform can publish.

Owns: the small forms they are written in: a record with lon and lat is a point; `points` holds
"lon lat;lon lat;…", for areas with "/" between parts; `form` says open, ring (smooth, closed) or
corners (straight, closed). Promises: WGS 84 frames with id, name and the record's own columns;
columns of whole numbers come as numbers. Must not know: the database, layers' versions.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from .curves import smooth

DATA = Path(__file__).parent / "data"
WGS84 = "EPSG:4326"
_SHAPE_COLUMNS = {"lon", "lat", "points", "form", "stations"}


def records(name: str) -> list[dict[str, str]]:
    """The rows of data/<name>.csv as they stand."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def points(slug: str) -> gpd.GeoDataFrame:
    """A point a record."""
    rows = records(slug)
    where = np.array([(row["lon"], row["lat"]) for row in rows], dtype=float)
    return _frame(rows, shapely.points(where))


def lines(slug: str) -> gpd.GeoDataFrame:
    """A line a record, smoothed unless its form says corners."""
    rows = records(slug)
    return _frame(rows, [_line(row["points"], row["form"]) for row in rows])


def areas(slug: str) -> gpd.GeoDataFrame:
    """A polygon of one or more smooth parts a record."""
    rows = records(slug)
    return _frame(rows, [_area(row["points"].split("/")) for row in rows])


def metro_lines() -> gpd.GeoDataFrame:
    """Each line of the metro through its stations in order."""
    at = {row["name"]: (float(row["lon"]), float(row["lat"])) for row in records("metro_stations")}
    rows = records("metro_lines")
    paths = [[at[name] for name in row["stations"].split(" ")] for row in rows]
    return _frame(rows, [shapely.LineString(smooth(np.array(path))) for path in paths])


def _area(parts: list[str]) -> shapely.MultiPolygon:
    return shapely.MultiPolygon(
        [shapely.Polygon(smooth(_pairs(part), closed=True)) for part in parts]
    )


def _line(text: str, form: str) -> shapely.LineString:
    vertices = _pairs(text)
    if form == "corners":
        return shapely.LineString(np.concatenate([vertices, vertices[:1]]))
    return shapely.LineString(smooth(vertices, closed=form == "ring"))


def _pairs(text: str) -> np.ndarray:
    return np.array([pair.split(" ") for pair in text.split(";")], dtype=float)


def _frame(rows: list[dict[str, str]], shapes: object) -> gpd.GeoDataFrame:
    columns = {name: _values(name, rows) for name in rows[0] if name not in _SHAPE_COLUMNS}
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=WGS84)


def _values(name: str, rows: list[dict[str, str]]) -> list:
    values = [row[name] for row in rows]
    if name == "verified":
        return [value == "true" for value in values]
    if name not in ("id", "district", "lines") and all(_whole(values)):
        return [int(value) for value in values]
    return values


def _whole(values: list[str]) -> Iterator[bool]:
    return (value.isascii() and value.isdigit() for value in values)

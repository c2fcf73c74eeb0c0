"""Spreads each district's 2020 census figure over a 100 m grid: a model, not a survey.

Owns: the weights. People gather around centres (`centres.csv`), towns and metro stations,
thinly in the fields, hardly at all south of the mountains' foot (`mountain_foot.csv`), never in
a river. Promises: whole people; the cells whose middle lies in a district sum exactly to its
figure in `census2020.csv` (largest remainder); seeded, the same cells every time.
Figures: Xixian New Area and the development zones are no districts. Whoever lives in a district's
area is counted there, whichever zone administers the street, where the source counts so
(`scope`); Xixian's part outside the thirteen districts is not on the grid at all. Each figure
carries its scope, source and `verified`. Must not know: the database, layers' versions.
"""

from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from .authored import points, records

METRIC = "EPSG:4545"
CELL_M = 100
SEED = 610100
RIVER_HALF_WIDTH_M = {"large": 350.0, "medium": 140.0, "small": 45.0}
STATION = (650.0, 45.0)  # radius in metres, people per hectare in the middle
SETTLEMENTS = {"地名": (450.0, 25.0), "村庄": (250.0, 6.0)}  # the same, by class of place
FIELDS = 3.0  # people per hectare, villages and farms taken together
MOUNTAIN_M = 350.0  # beyond the foot, within this, the fields thin out to the mountains' share
MOUNTAIN_SHARE = 0.03
BLOCK = 4  # cells across a village: the roughness of the fields


@dataclass(frozen=True)
class People:
    """People per cell, rows from north to south; west and north edge in EPSG:4545 metres."""

    cells: np.ndarray
    west: float
    north: float
    district: np.ndarray  # per cell: position in the frame of districts, -1 = none


def people_grid(
    districts: gpd.GeoDataFrame,
    places: gpd.GeoDataFrame,
    rivers: gpd.GeoDataFrame,
    progress: Callable[[int, int], None],
) -> People:
    """The grid over all districts; `progress` hears how many of them are done."""
    outlines = districts.to_crs(METRIC)
    west, south, east, north = _edges(outlines)
    x = np.arange(west + CELL_M / 2, east, CELL_M)
    y = np.arange(north - CELL_M / 2, south, -CELL_M)
    weights = _weights(x, y, places)
    for shape, width in zip(rivers.to_crs(METRIC).geometry, rivers["width"], strict=True):
        _cut(weights, x, y, shape.buffer(RIVER_HALF_WIDTH_M[width], quad_segs=4))
    cells = np.zeros(weights.shape, dtype=np.float32)
    owner = np.full(weights.shape, -1, dtype=np.int16)
    for at, (shape, total) in enumerate(
        zip(outlines.geometry, districts["people_2020"], strict=True)
    ):
        window, inside = _inside(x, y, shape)
        inside &= owner[window] < 0
        cells[window][inside] = _shares(weights[window][inside], int(total))
        owner[window][inside] = at
        progress(at + 1, len(outlines))
    return People(cells, west, north, owner)


def _edges(outlines: gpd.GeoDataFrame) -> tuple[float, float, float, float]:
    west, south, east, north = outlines.total_bounds
    down, up = np.floor, np.ceil
    return (
        float(down(west / CELL_M) * CELL_M),
        float(down(south / CELL_M) * CELL_M),
        float(up(east / CELL_M) * CELL_M),
        float(up(north / CELL_M) * CELL_M),
    )


def _weights(x: np.ndarray, y: np.ndarray, places: gpd.GeoDataFrame) -> np.ndarray:
    """Expected people per cell, before the census figures scale them district by district."""
    random = np.random.default_rng(SEED)
    rough = random.lognormal(0.0, 0.25, (len(y), len(x)))
    blocks = random.lognormal(0.0, 1.1, (len(y) // BLOCK + 1, len(x) // BLOCK + 1))
    villages = np.repeat(np.repeat(blocks, BLOCK, axis=0), BLOCK, axis=1)
    weights = FIELDS * villages[: len(y), : len(x)] * _lowland(x, y)
    centres = points("centres").to_crs(METRIC)
    for shape, radius, density in zip(
        centres.geometry, centres["radius_m"], centres["people_per_ha"], strict=True
    ):
        _gather(weights, x, y, shape, float(radius), float(density))
    for shape in points("metro_stations").to_crs(METRIC).geometry:
        _gather(weights, x, y, shape, *STATION)
    for kind, bell in SETTLEMENTS.items():
        for shape in places[places["class"] == kind].to_crs(METRIC).geometry:
            _gather(weights, x, y, shape, *bell)
    return weights * rough


def _lowland(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """1 north of the mountains' foot, falling to the mountains' share south of it."""
    rows = records("mountain_foot")
    where = [shapely.Point(float(row["lon"]), float(row["lat"])) for row in rows]
    foot = gpd.GeoSeries(where, crs="EPSG:4326").to_crs(METRIC)
    beyond = np.interp(x, foot.x, foot.y)[None, :] - y[:, None]
    return np.maximum(np.exp(-np.maximum(beyond, 0.0) / MOUNTAIN_M), MOUNTAIN_SHARE)


def _gather(
    weights: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    middle: shapely.Point,
    radius: float,
    density: float,
) -> None:
    """Adds a bell of people around `middle`, out to three radii."""
    window = _window(x, y, middle.buffer(3 * radius).bounds)
    across = np.exp(-0.5 * ((x[window[1]] - middle.x) / radius) ** 2)
    along = np.exp(-0.5 * ((y[window[0]] - middle.y) / radius) ** 2)
    weights[window] += density * along[:, None] * across[None, :]


def _cut(weights: np.ndarray, x: np.ndarray, y: np.ndarray, shape: shapely.Geometry) -> None:
    window, inside = _inside(x, y, shape)
    weights[window][inside] = 0.0


def _inside(
    x: np.ndarray, y: np.ndarray, shape: shapely.Geometry
) -> tuple[tuple[slice, slice], np.ndarray]:
    """The window of cells around the shape, and which of their middles lie inside it."""
    window = _window(x, y, shape.bounds)
    shapely.prepare(shape)
    return window, shapely.contains_xy(shape, *np.meshgrid(x[window[1]], y[window[0]]))


def _window(
    x: np.ndarray, y: np.ndarray, bounds: tuple[float, float, float, float]
) -> tuple[slice, slice]:
    west, south, east, north = bounds
    columns = slice(*np.searchsorted(x, [west, east]))
    rows = slice(*np.searchsorted(-y, [-north, -south]))
    return rows, columns


def _shares(weights: np.ndarray, total: int) -> np.ndarray:
    """`total` whole people in proportion to the weights, by the largest remainder."""
    exact = weights * (total / weights.sum())
    whole = np.floor(exact)
    missing = total - int(whole.sum())
    first = np.argsort(whole - exact, kind="stable")[:missing]
    whole[first] += 1
    return whole

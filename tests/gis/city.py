"""A small city for the tests of the geo platform, published through its services.

Owns: frames and arrays made from a seed, nothing real. Promises: positions lie around the middle
of Xi'an in WGS 84; the same call gives the same content.
"""

from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from gis import geometry
from gis.models import LayerVersion
from gis.services import publish_grid, publish_layer

MIDDLE = (108.9423, 34.2610)


def points(names: list[str], positions: list[tuple[float, float]], **columns: Any):
    """A frame of named points."""
    return gpd.GeoDataFrame(
        {"id": [f"p{i}" for i in range(len(names))], "name": names, **columns},
        geometry=shapely.points(positions),
        crs=4326,
    )


def scattered(count: int, seed: int = 1, spread: float = 0.08):
    """A frame of points around the middle."""
    positions = np.random.default_rng(seed).normal(MIDDLE, spread, (count, 2))
    return points([f"第{i}处" for i in range(count)], [tuple(p) for p in positions])


def squares(side: int = 3, size: float = 0.1):
    """A frame of adjoining squares that cover the middle."""
    west, south = MIDDLE[0] - side * size / 2, MIDDLE[1] - side * size / 2
    cells = [(west + x * size, south + y * size) for x in range(side) for y in range(side)]
    return gpd.GeoDataFrame(
        {"id": [f"s{i}" for i in range(len(cells))], "name": [f"区{i}" for i in range(len(cells))]},
        geometry=[shapely.box(x, y, x + size, y + size) for x, y in cells],
        crs=4326,
    )


def layer(slug: str, frame: gpd.GeoDataFrame, **properties: Any) -> LayerVersion:
    """Publish a frame; a facility layer of points for everybody unless said otherwise."""
    defaults = {
        "title": slug,
        "title_en": slug,
        "kind": "point",
        "role": "facility",
        "actor": "test",
        "min_zoom": 8,
        "max_zoom": 8,
    }
    return publish_layer(slug=slug, frame=frame, **defaults | properties)


def people(seed: int = 2, side: int = 120, cell_m: float = 100) -> tuple[np.ndarray, float, float]:
    """Random people per cell around the middle, with the grid's west and north edge."""
    middle = geometry.metric_point(*MIDDLE)
    half = side * cell_m / 2
    counts = np.random.default_rng(seed).integers(0, 300, (side, side))
    return counts.astype(np.float32), round(middle.x - half, 0), round(middle.y + half, 0)


def grid(seed: int = 2, **properties: Any) -> LayerVersion:
    """Publish a population grid."""
    counts, west, north = people(seed)
    return publish_grid(
        slug="population",
        title="人口",
        title_en="Population",
        people=counts,
        west=west,
        north=north,
        actor="test",
        **properties,
    )


def whole_city() -> None:
    """Districts, zones, three facility layers, places and people."""
    layer("districts", squares(), kind="area", role="district")
    layer("zones", squares(2, 0.11), kind="area", role="zone")
    layer("hospitals", scattered(200, 3), nearest=5)
    layer("schools", scattered(400, 4))
    layer("hazards", scattered(60, 5), audience=["sensitive"])
    names = ["汉城服务区", "大雁塔", "汉城"]
    layer(
        "places",
        points(
            names,
            [(108.87, 34.33), (108.9594, 34.2197), (108.86, 34.31)],
            name_en=["Hancheng Service Area", "Big Wild Goose Pagoda", ""],
        ),
        role="place",
    )
    grid()

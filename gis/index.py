"""Layer versions in memory: loaded once per process, looked up by hash.

Owns: the cache and its lock, the spatial index (shapely's STRtree over metres). Promises: a
version is read from disk once and checked against its hash; several threads may ask at the same
time; at most two versions of a layer are kept. Must not know: which version is current, rights,
requests.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from . import files, geometry
from .names import Names

KEPT = 2  # versions of one layer

_lock = threading.RLock()
_loaded: dict[tuple[str, str], Any] = {}


@dataclass(frozen=True, eq=False)
class Shapes:
    """The features of one version, column by column, in WGS 84 and in metres."""

    ids: np.ndarray
    names: np.ndarray
    names_en: np.ndarray
    attributes: np.ndarray
    wgs84: np.ndarray
    metric: np.ndarray
    tree: shapely.STRtree

    @cached_property
    def searchable(self) -> Names:
        """The names, ready for search."""
        return Names(self.names, self.names_en)

    @cached_property
    def anchors(self) -> np.ndarray:
        """One position per feature (longitude, latitude) that lies on it."""
        points = shapely.point_on_surface(self.wgs84)
        return np.round(shapely.get_coordinates(points), 6)

    def at(self, point: BaseGeometry) -> np.ndarray:
        """Indices of features that the metric point touches, in order."""
        return np.sort(self.tree.query(point, predicate="intersects"))

    def within(self, point: BaseGeometry, radius_m: float) -> tuple[np.ndarray, np.ndarray]:
        """Indices and distances of features within the radius, nearest first."""
        found = self.tree.query(point, predicate="dwithin", distance=radius_m)
        return self._sorted(point, found)

    def nearest(self, point: BaseGeometry, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Indices and distances of the nearest `count` features, nearest first."""
        radius, found = 2_000.0, np.arange(len(self.ids))
        if count < len(found):
            while radius < 4e7:
                near = self.tree.query(point, predicate="dwithin", distance=radius)
                if len(near) >= count:
                    found = near
                    break
                radius *= 3
        found, distances = self._sorted(point, found)
        return found[:count], distances[:count]

    def _sorted(self, point: BaseGeometry, found: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        distances = shapely.distance(self.metric[found], point)
        order = np.lexsort((self.ids[found], distances))
        return found[order], distances[order]

    def attributes_of(self, index: int) -> dict[str, Any]:
        """The other columns of one feature."""
        return orjson.loads(self.attributes[index])


def shapes(slug: str, sha256: str) -> Shapes:
    """The features of a version."""
    return _get(slug, sha256, _load_shapes)


def grid(slug: str, sha256: str) -> files.Grid:
    """The grid of a version."""
    return _get(slug, sha256, files.load_grid)


def kept() -> set[tuple[str, str]]:
    """What is in memory now."""
    return set(_loaded)


def _get(slug: str, sha256: str, load: Callable[[str, str], Any]) -> Any:
    key = (slug, sha256)
    if (value := _loaded.get(key)) is not None:
        return value
    with _lock:
        if (value := _loaded.get(key)) is None:
            value = _loaded[key] = load(slug, sha256)
            for old in [known for known in _loaded if known[0] == slug][:-KEPT]:
                del _loaded[old]
    return value


def _load_shapes(slug: str, sha256: str) -> Shapes:
    frame = files.load_shapes(slug, sha256)
    wgs84 = np.asarray(frame.geometry.array)
    metric = geometry.to_metric(wgs84)
    columns = [frame[name].to_numpy(dtype=object) for name in files.COLUMNS]
    return Shapes(*columns, wgs84, metric, shapely.STRtree(metric))

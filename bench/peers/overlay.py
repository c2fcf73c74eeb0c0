"""The peer of ties: what lies around a point, as somebody at ease with GeoPandas writes it.

Owns: an answer from GeoDataFrames alone, with their spatial indexes. Promises: the same questions
as a survey answers, in metres of EPSG:4545; frames come projected, so that only asking is
measured. Must not know: how the node answers them.
"""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import shapely

METRIC = "EPSG:4545"


@dataclass(frozen=True)
class Overlay:
    """Projected frames by layer: areas, facilities, and the grid as cells with people."""

    areas: dict[str, gpd.GeoDataFrame]
    facilities: dict[str, gpd.GeoDataFrame]
    cells: gpd.GeoDataFrame
    radii: list[int]
    nearest: dict[str, int]

    def around(self, lon: float, lat: float) -> dict[str, Any]:
        """The answer for one WGS 84 point."""
        here = gpd.GeoDataFrame(geometry=[shapely.Point(lon, lat)], crs="EPSG:4326").to_crs(METRIC)
        point = here.geometry.iloc[0]
        return {
            "areas": {
                slug: sorted(gpd.sjoin(frame, here, predicate="intersects")["id"])
                for slug, frame in self.areas.items()
            },
            "rings": [self._ring(here, point, radius) for radius in self.radii],
            "nearest": {
                slug: self._nearest(self.facilities[slug], point, count)
                for slug, count in self.nearest.items()
            },
        }

    def _ring(self, here: gpd.GeoDataFrame, point: shapely.Point, radius: int) -> dict[str, Any]:
        circle = point.buffer(radius, quad_segs=64)
        cells = self.cells.iloc[self.cells.sindex.query(circle, predicate="intersects")]
        shares = cells.intersection(circle).area / cells.area
        facilities = {}
        for slug, frame in self.facilities.items():
            found = gpd.sjoin(frame, here, predicate="dwithin", distance=radius)
            found = found.assign(metres=found.distance(point)).sort_values(["metres", "id"])
            facilities[slug] = list(zip(found["id"], found["metres"], strict=True))
        return {"people": float((cells["people"] * shares).sum()), "facilities": facilities}

    def _nearest(
        self, frame: gpd.GeoDataFrame, point: shapely.Point, count: int
    ) -> list[tuple[str, float]]:
        found = frame.assign(metres=frame.distance(point))
        found = found.sort_values(["metres", "id"]).head(count)
        return list(zip(found["id"], found["metres"], strict=True))

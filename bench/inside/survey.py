"""Surveys of random points and the peer's answers to the same, timed and compared.

Owns: nothing. Promises: both work on the files of the node's current layer versions; times are of
asking alone; an answer that differs is told with its point.
"""

import json
import random
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

import geopandas as gpd  # noqa: E402
import numpy as np  # noqa: E402
import shapely  # noqa: E402

from bench.peers.overlay import METRIC, Overlay  # noqa: E402
from bench.posting import CENTRE  # noqa: E402
from emergency.services.ties import surroundings  # noqa: E402
from gis import files, selectors  # noqa: E402
from gis.models import Role, SurveyRing  # noqa: E402

Point = tuple[float, float]


def overlay() -> Overlay:
    """The peer on the layers in force."""
    layers = selectors.current_layers()

    def frames(*roles: str) -> dict[str, gpd.GeoDataFrame]:
        return {
            layer.slug: files.load_shapes(layer.slug, layer.current.sha256).to_crs(METRIC)
            for layer in layers
            if layer.role in roles
        }

    grid = next(layer for layer in layers if layer.role == Role.POPULATION)
    made = Overlay(
        areas=frames(*selectors.AREAS),
        facilities=frames(Role.FACILITY),
        cells=_cells(files.load_grid(grid.slug, grid.current.sha256)),
        radii=list(SurveyRing.objects.values_list("radius_m", flat=True)),
        nearest={layer.slug: layer.nearest for layer in layers if layer.nearest},
    )
    made.cells.sindex  # noqa: B018 - built at the first touch, which is not what is measured
    return made


def _cells(grid: files.Grid) -> gpd.GeoDataFrame:
    row, column = np.nonzero(grid.people)
    west, north = grid.west + column * grid.cell_m, grid.north - row * grid.cell_m
    shapes = shapely.box(west, north - grid.cell_m, west + grid.cell_m, north)
    people = grid.people[row, column].astype(np.float64)
    return gpd.GeoDataFrame({"people": people}, geometry=shapes, crs=METRIC)


def differs(ours: dict[str, Any], peer: dict[str, Any]) -> str:
    """What differs first; empty when both say the same."""
    areas = sorted(area["id"] for area in ours["districts"] + ours["zones"])
    if areas != sorted(id for ids in peer["areas"].values() for id in ids):
        return f"areas {areas} {peer['areas']}"
    for one, other in zip(ours["rings"], peer["rings"], strict=True):
        if abs(one["people"] - other["people"]) > 1:
            return f"people {one['people']} {other['people']}"
        for slug, found in other["facilities"].items():
            if not _same(one["facilities"][slug], found):
                return f"{slug} within {one['radius_m']} m"
    for slug, found in peer["nearest"].items():
        if not _same(ours["nearest"][slug], found):
            return f"nearest {slug}"
    return ""


def _same(ours: list[dict[str, Any]], peer: list[tuple[str, float]]) -> bool:
    return [item["id"] for item in ours] == [id for id, _metres in peer] and all(
        abs(item["distance_m"] - metres) <= 1
        for item, (_id, metres) in zip(ours, peer, strict=True)
    )


def timed(ask: Callable[..., Any], points: list[Point]) -> tuple[list[float], list[Any]]:
    """Milliseconds and answer of each point."""
    taken, answers = [], []
    for point in points:
        started = time.perf_counter()
        answers.append(ask(*point))
        taken.append((time.perf_counter() - started) * 1000)
    return taken, answers


def in_own_thread(*point: float) -> None:
    """Both surveys of a report in a fresh thread, as a request runs."""
    thread = threading.Thread(target=surroundings, args=point)
    thread.start()
    thread.join()


def main(count: int, sample: int) -> None:
    """Ask, compare, print."""
    west, east, south, north = CENTRE
    chance = random.Random(20)
    points = [(chance.uniform(west, east), chance.uniform(south, north)) for _n in range(count)]
    some = points[:: max(1, count // sample)][:sample]
    peer = overlay()
    timed(selectors.survey, points[:5])
    timed(peer.around, points[:2])
    ours, answers = timed(selectors.survey, points)
    theirs, others = timed(peer.around, some)
    report, _none = timed(in_own_thread, points)
    known = dict(zip(points, answers, strict=True))
    found = {
        point: what
        for point, other in zip(some, others, strict=True)
        if (what := differs(known[point], other))
    }
    told = {
        "ours": ours,
        "peer": theirs,
        "report": report,
        "layers": f"{len(peer.areas)} of areas, {len(peer.facilities)} of facilities, "
        f"{len(peer.cells):,} cells with people",
        "differences": [f"{point}: {what}" for point, what in found.items()],
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))

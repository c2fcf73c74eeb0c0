"""Place search: names of every layer in characters or pinyin, and pasted coordinates.

Owns: which matches come first. Promises: reads only layers the caller may see; a name that stands
inside a longer sentence is found, longest first; a feature is also found by what others call it,
where an app registers such names at start; pasted coordinates are offered in every system they may
be meant in, converted to WGS 84. Must not know: who searches, what for, whose the other names are.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely

from . import coordinates, geometry, index, layers, names
from .models import Extent, Layer, Role
from .typed import Candidate, parse_coordinates

LONGEST = 300  # characters of a query that are looked at
MOST = 50  # results
ROLES = (Role.DISTRICT, Role.ZONE, Role.PLACE, Role.FACILITY, Role.BASE)


# layer slug, feature id, another name of the feature
OtherNames = Callable[[], Iterable[tuple[str, str, str]]]
_other_names: OtherNames = tuple


def register_names(source: OtherNames) -> None:
    """Find features by these names too; called once, when the app starts."""
    global _other_names
    _other_names = source


@dataclass(frozen=True)
class Match:
    """A feature whose name fits the text, and how well: smaller keys are better."""

    key: tuple
    layer: Layer
    shapes: index.Shapes
    index: int
    inside: bool  # the name stands inside a longer word of the text
    other_name: str = ""  # by which it was found

    @property
    def name(self) -> str:
        own = self.shapes.searchable.folded[self.index]
        return names.fold(self.other_name) if self.other_name else own


def find_places(
    text: str, *, limit: int = 12, visible: layers.Visible = layers.everything
) -> list[dict[str, Any]]:
    """Places for a text, best first, as plain JSON values in WGS 84."""
    limit = max(1, min(limit, MOST))
    areas = layers.current_layers(visible=visible, roles=[Role.DISTRICT])
    if candidates := parse_coordinates(text):
        found = [item for candidate in _likely(candidates) for item in _readings(candidate)]
    else:
        others = list(_other_names())
        found = [_feature(match) for match in matches(text, visible=visible, others=others)[:limit]]
    for item in found[:limit]:
        item["district"] = _district(item["lon"], item["lat"], areas)
    return found[:limit]


def matches(
    text: str,
    *,
    visible: layers.Visible = layers.everything,
    others: Sequence[tuple[str, str, str]] = (),
) -> list[Match]:
    """Every feature whose name, or one of the others, fits a word of the text, best first."""
    words = names.words(text[:LONGEST])
    whole = names.fold(text[:LONGEST])
    if len(words) > 1 and whole not in words:
        words.append(whole)
        words.append(whole.replace(" ", ""))
    found = []
    for layer in layers.current_layers(visible=visible, roles=ROLES):
        shapes = layers.shapes_of(layer)
        hits = {i: (ranks, "") for i, ranks in _hits(shapes.searchable, words).items()}
        known = tuple((ident, name) for slug, ident, name in others if slug == layer.slug)
        for j, ranks in _hits(_searchable(known), words).items():
            for i in np.flatnonzero(shapes.ids == known[j][0]).tolist():
                if i not in hits or (hits[i][1] and min(ranks) < min(hits[i][0])):
                    hits[i] = (ranks, known[j][1])
        order = (ROLES.index(layer.role), layer.order)
        for i, (ranks, other) in hits.items():
            best = min(ranks)
            key = (-len(ranks), *best, *order, shapes.ids[i])
            found.append(Match(key, layer, shapes, i, best[0] == names.INSIDE, other))
    return _without_parts(sorted(found, key=lambda match: match.key))


@lru_cache(maxsize=64)
def _searchable(known: tuple[tuple[str, str], ...]) -> names.Names:
    return names.Names([name for _ident, name in known], [""] * len(known))


def _hits(searchable: names.Names, words: list[str]) -> dict[int, list[tuple[int, int]]]:
    """The ranks of each name that fits one of the words."""
    hits: dict[int, list[tuple[int, int]]] = {}
    for word in words:
        for i, rank in searchable.search(word).items():
            hits.setdefault(i, []).append(rank)
    return hits


def _without_parts(found: list[Match]) -> list[Match]:
    """Leave out names found inside the text that are only part of a longer name found there."""
    longer = {match.name for match in found if match.inside}
    parts = {name for name in longer if any(name != other and name in other for other in longer)}
    return [match for match in found if not (match.inside and match.name in parts)]


def _feature(match: Match) -> dict[str, Any]:
    shapes, i = match.shapes, match.index
    lon, lat = (float(value) for value in shapes.anchors[i])
    point = match.layer.kind == "point"
    return {
        "kind": "feature",
        "layer": match.layer.slug,
        "layer_title": match.layer.title,
        "layer_title_en": match.layer.title_en,
        "id": shapes.ids[i],
        "name": shapes.names[i],
        "name_en": shapes.names_en[i],
        "other_name": match.other_name,
        "lon": lon,
        "lat": lat,
        "crs": "wgs84",
        "typed": None,
        "assumed_order": "",
        "bounds": None if point else [round(v, 6) for v in shapely.bounds(shapes.wgs84[i])],
    }


def _likely(candidates: list[Candidate]) -> list[Candidate]:
    """Only readings within the office's extent, if there are any."""
    boxes = list(Extent.objects.all())
    inside = [c for c in candidates if any(_in_box(c, box) for box in boxes)]
    return inside or candidates


def _in_box(candidate: Candidate, box: Extent) -> bool:
    return box.west <= candidate.lon <= box.east and box.south <= candidate.lat <= box.north


def _readings(candidate: Candidate) -> list[dict[str, Any]]:
    systems = (candidate.crs,) if candidate.crs else coordinates.CODES
    return [_reading(candidate, crs) for crs in systems]


def _reading(candidate: Candidate, crs: str) -> dict[str, Any]:
    lon, lat = coordinates.convert(candidate.lon, candidate.lat, source=crs, target="wgs84")
    title = coordinates.TITLES[crs]
    return {
        "kind": "coordinates",
        "layer": "",
        "layer_title": title,
        "layer_title_en": title,
        "id": "",
        "name": f"{title} {candidate.lon:.6f}, {candidate.lat:.6f}",
        "name_en": "",
        "other_name": "",
        "lon": round(lon, 7),
        "lat": round(lat, 7),
        "crs": crs,
        "typed": {"lon": candidate.lon, "lat": candidate.lat},
        "assumed_order": candidate.assumed_order,
        "bounds": None,
    }


def _district(lon: float, lat: float, areas: list[Layer]) -> str:
    point = geometry.metric_point(lon, lat)
    for layer in areas:
        shapes = layers.shapes_of(layer)
        if len(found := shapes.at(point)):
            return shapes.names[found[0]]
    return ""

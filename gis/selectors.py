"""What the layers say about a point or a shape: pure reads over versions held in memory.

Owns: the survey (areas, rings, nearest) and its parts; it is also where other apps find the
readers of gis.layers, gis.search and gis.doubts. Promises: distances and areas are measured in
EPSG:4545; a survey names the versions it came from; `visible` decides layer by layer what may be
used, and what is not visible is as if it did not exist. Must not know: why somebody asks, requests.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from realtime.problems import Invalid

from . import geometry, index, population
from .doubts import doubts
from .layers import (
    Visible,
    audiences,
    current_layer,
    current_layers,
    everything,
    shapes_of,
    versions,
    visible_to,
)
from .models import Layer, Role, SurveyRing
from .search import find_places

__all__ = [
    "areas_at",
    "areas_within",
    "audiences",
    "current_layer",
    "current_layers",
    "doubts",
    "everything",
    "features_in_box",
    "find_places",
    "labels",
    "nearest",
    "people_in",
    "people_within",
    "shapes_of",
    "survey",
    "versions",
    "visible_to",
    "widest_ring",
    "within",
]

Item = dict[str, Any]
AREAS = (Role.DISTRICT, Role.ZONE)
SURVEYED = (*AREAS, Role.FACILITY, Role.POPULATION)


def areas_at(lon: float, lat: float, *, visible: Visible = everything) -> dict[str, list[Item]]:
    """Districts and zones that a point lies in, by layer."""
    point = geometry.metric_point(lon, lat)
    layers = current_layers(visible=visible, roles=AREAS)
    return {layer.slug: _areas(shapes_of(layer), point) for layer in layers}


def areas_within(
    shape: dict[str, Any], radius_m: float, *, visible: Visible = everything
) -> list[Item]:
    """Districts and zones within a radius of a WGS 84 GeoJSON geometry, with `layer` and
    `distance_m`, nearest first in each layer; a radius of 0 is what the geometry touches."""
    metric = geometry.to_metric(geometry.parse_geojson(shape))
    layers = current_layers(visible=visible, roles=AREAS)
    return [
        {"layer": layer.slug, **one}
        for layer in layers
        for one in _near(shapes_of(layer), metric, radius_m)[0]
    ]


def widest_ring() -> int:
    """The radius of the outermost survey ring in metres, 0 where there is none."""
    return max(SurveyRing.objects.values_list("radius_m", flat=True), default=0)


def within(
    lon: float, lat: float, radius_m: float, *, visible: Visible = everything
) -> dict[str, list[Item]]:
    """Facilities within a radius by layer, nearest first."""
    point = geometry.metric_point(lon, lat)
    layers = current_layers(visible=visible, roles=[Role.FACILITY])
    return {layer.slug: _near(shapes_of(layer), point, radius_m)[0] for layer in layers}


def nearest(
    slug: str, lon: float, lat: float, count: int, *, visible: Visible = everything
) -> list[Item]:
    """The nearest features of one layer with distance and bearing."""
    point = geometry.metric_point(lon, lat)
    return _nearest(shapes_of(current_layer(slug, visible=visible)), point, count)


def people_in(shape: BaseGeometry, *, visible: Visible = everything) -> int | None:
    """People who live in a WGS 84 shape; None without a visible population layer."""
    return _people(_population(visible), geometry.to_metric(shape))


def people_within(
    lon: float, lat: float, radius_m: float, *, visible: Visible = everything
) -> int | None:
    """People who live within a radius; None without a visible population layer."""
    point = geometry.metric_point(lon, lat)
    return _people(_population(visible), geometry.circle(point, radius_m))


def features_in_box(
    layer: Layer, box: tuple[float, float, float, float], *, limit: int
) -> dict[str, Any]:
    """A GeoJSON collection of the layer's features that touch a WGS 84 box."""
    if box[0] >= box[2] or box[1] >= box[3]:
        raise Invalid(fields={"east": _("A box runs from west to east and south to north.")})
    if layer.kind == "grid":
        return {"type": "FeatureCollection", "features": [], "complete": True}
    shapes = shapes_of(layer)
    outline = shapely.box(*box)
    shapely.prepare(outline)
    found = shapely.intersects(outline, shapes.wgs84).nonzero()[0]
    features = [
        {
            "type": "Feature",
            "id": shapes.ids[i],
            "geometry": mapping(shapes.wgs84[i]),
            "properties": {
                "name": shapes.names[i],
                "name_en": shapes.names_en[i],
                **shapes.attributes_of(i),
            },
        }
        for i in found[:limit]
    ]
    return {
        "type": "FeatureCollection",
        "features": features,
        "complete": len(found) <= limit,
    }


def labels(layer: Layer) -> dict[str, Any]:
    """A GeoJSON collection of one point per feature, with its names."""
    if layer.kind == "grid":
        return {"type": "FeatureCollection", "features": []}
    shapes = shapes_of(layer)
    columns = zip(shapes.ids, shapes.names, shapes.names_en, shapes.anchors.tolist(), strict=True)
    features = [
        {
            "type": "Feature",
            "id": ident,
            "geometry": {"type": "Point", "coordinates": point},
            "properties": {"id": ident, "name": name, "name_en": name_en},
        }
        for ident, name, name_en, point in columns
    ]
    return {"type": "FeatureCollection", "features": features}


def survey(lon: float, lat: float, *, visible: Visible = everything) -> dict[str, Any]:
    """Everything the layers know about a point, as plain JSON values.

    Facilities of a ring are all within its radius, so a wider ring repeats those of a narrower
    one. `people` is None without a population layer.
    """
    (only,) = surveys(lon, lat, parts=[visible])
    return only


def surveys(lon: float, lat: float, *, parts: Sequence[Visible]) -> list[dict[str, Any]]:
    """One survey of the point for each part of the layers, all of the same moment."""
    point = geometry.metric_point(lon, lat)
    layers = current_layers(roles=SURVEYED)
    radii = list(SurveyRing.objects.values_list("radius_m", flat=True))
    return [_survey(point, lon, lat, [one for one in layers if part(one)], radii) for part in parts]


def _survey(
    point: BaseGeometry, lon: float, lat: float, layers: list[Layer], radii: list[int]
) -> dict[str, Any]:
    grid = next((layer for layer in layers if layer.role == Role.POPULATION), None)
    found = _Found([], [], [{} for _radius in radii], {})
    for layer in layers:
        _look(layer, point, radii, found)
    rings = [
        {
            "radius_m": radius,
            "people": _people(grid, geometry.circle(point, radius)),
            "facilities": facilities,
        }
        for radius, facilities in zip(radii, found.rings, strict=True)
    ]
    return {
        "lon": float(lon),
        "lat": float(lat),
        "layers": {layer.slug: layer.current.sha256 for layer in layers},
        "districts": found.districts,
        "zones": found.zones,
        "rings": rings,
        "nearest": found.nearest,
    }


@dataclass(frozen=True)
class _Found:
    districts: list[Item]
    zones: list[Item]
    rings: list[dict[str, list[Item]]]
    nearest: dict[str, list[Item]]


def _look(layer: Layer, point: BaseGeometry, radii: list[int], found: _Found) -> None:
    """Add what one layer says about the point."""
    if layer.role == Role.POPULATION:
        return
    shapes = shapes_of(layer)
    if layer.role == Role.DISTRICT:
        found.districts.extend(_areas(shapes, point))
    elif layer.role == Role.ZONE:
        found.zones.extend(_areas(shapes, point))
    else:
        items, distances = _near(shapes, point, max(radii, default=0))
        for radius, ring in zip(radii, found.rings, strict=True):
            ring[layer.slug] = items[: int((distances <= radius).sum())]
        if layer.nearest:
            found.nearest[layer.slug] = _nearest(shapes, point, layer.nearest)


def _areas(shapes: index.Shapes, point: BaseGeometry) -> list[Item]:
    return [{"id": shapes.ids[i], "name": shapes.names[i]} for i in shapes.at(point)]


def _near(shapes: index.Shapes, point: BaseGeometry, radius_m: float) -> tuple[list[Item], Any]:
    found, distances = shapes.within(point, radius_m)
    items = [_item(shapes, i, d) for i, d in zip(found, distances, strict=True)]
    return items, distances


def _nearest(shapes: index.Shapes, point: BaseGeometry, count: int) -> list[Item]:
    items = []
    for i, distance in zip(*shapes.nearest(point, count), strict=True):
        end = shapely.shortest_line(point, shapes.metric[i]).coords[-1]
        items.append(
            {**_item(shapes, i, distance), "bearing": geometry.bearing(point.x, point.y, *end)}
        )
    return items


def _item(shapes: index.Shapes, i: int, distance: float) -> Item:
    return {"id": shapes.ids[i], "name": shapes.names[i], "distance_m": round(float(distance))}


def _population(visible: Visible) -> Layer | None:
    return next(iter(current_layers(visible=visible, roles=[Role.POPULATION])), None)


def _people(layer: Layer | None, shape: BaseGeometry) -> int | None:
    if layer is None:
        return None
    return round(population.people_in(index.grid(layer.slug, layer.current.sha256), shape))

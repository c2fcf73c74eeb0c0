"""The survey of a point equals an independent GeoPandas overlay of the same layers."""

import json

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis import geometry, index, population, selectors
from gis.files import Grid
from gis.models import Layer, SurveyRing
from realtime.problems import Invalid, NotFound

from . import city

SPOTS = [city.MIDDLE, (108.90, 34.22), (108.9923, 34.3110), (108.81, 34.38)]


@pytest.fixture
def town(node):
    city.whole_city()


def frame_of(slug: str) -> gpd.GeoDataFrame:
    layer = selectors.current_layer(slug)
    shapes = selectors.shapes_of(layer)
    frame = gpd.GeoDataFrame({"id": shapes.ids}, geometry=shapes.wgs84, crs=4326)
    return frame.to_crs(4545)


def cells() -> gpd.GeoDataFrame:
    people, west, north = city.people()
    rows, columns = np.indices(people.shape)
    x, y = west + columns.ravel() * 100.0, north - rows.ravel() * 100.0
    return gpd.GeoDataFrame(
        {"people": people.ravel()}, geometry=shapely.box(x, y - 100, x + 100, y), crs=4545
    )


@pytest.mark.parametrize("spot", SPOTS)
def test_the_survey_equals_an_independent_overlay(town, spot):
    found = selectors.survey(*spot)
    point = gpd.GeoDataFrame(geometry=[shapely.Point(spot)], crs=4326).to_crs(4545)

    for name, slug in (("districts", "districts"), ("zones", "zones")):
        joined = gpd.sjoin(frame_of(slug), point, predicate="intersects")
        assert {item["id"] for item in found[name]} == set(joined["id"])

    raster = cells()
    for ring in found["rings"]:
        circle = gpd.GeoDataFrame(geometry=point.buffer(ring["radius_m"], quad_segs=64), crs=4545)
        parts = gpd.overlay(raster, circle, how="intersection")
        people = (parts["people"] * parts.area / 1e4).sum()
        assert ring["people"] == pytest.approx(people, rel=0.005, abs=1)
        for slug, items in ring["facilities"].items():
            away = frame_of(slug).set_index("id").distance(point.geometry[0])
            expected = away[away <= ring["radius_m"]]
            assert {item["id"] for item in items} == set(expected.index)
            assert [i["distance_m"] for i in items] == [round(d) for d in sorted(expected)]

    away = frame_of("hospitals").set_index("id").distance(point.geometry[0]).nsmallest(5)
    assert [item["id"] for item in found["nearest"]["hospitals"]] == list(away.index)


def test_a_survey_is_plain_json_and_names_the_versions_it_used(town):
    found = selectors.survey(*city.MIDDLE)
    assert json.loads(json.dumps(found)) == found
    surveyed = {"districts", "zones", "hospitals", "schools", "hazards", "population"}
    assert found["layers"] == {k: v for k, v in selectors.versions().items() if k in surveyed}
    assert [ring["radius_m"] for ring in found["rings"]] == [500, 1000, 3000]
    assert set(found["nearest"]) == {"hospitals"}
    assert all(0 <= item["bearing"] < 360 for item in found["nearest"]["hospitals"])


def test_the_rings_are_rows_that_an_office_may_change(town):
    SurveyRing.objects.all().delete()
    SurveyRing.objects.create(radius_m=750, source="test")
    found = selectors.survey(*city.MIDDLE)
    assert [ring["radius_m"] for ring in found["rings"]] == [750]


def test_a_layer_that_is_not_visible_is_as_if_it_were_not_there(town):
    found = selectors.survey(*city.MIDDLE, visible=lambda layer: not layer.audience)
    assert "hazards" not in json.dumps(found)
    with pytest.raises(NotFound):
        selectors.nearest("hazards", *city.MIDDLE, 3, visible=lambda layer: not layer.audience)


def test_a_retired_layer_is_not_surveyed(town):
    Layer.objects.filter(slug="schools").update(retired_at="2026-01-01T00:00Z")
    assert "schools" not in selectors.survey(*city.MIDDLE)["layers"]


def test_a_new_version_is_in_the_next_survey(town):
    before = selectors.survey(*city.MIDDLE)
    new = city.layer("schools", city.points(["新校"], [city.MIDDLE]))
    after = selectors.survey(*city.MIDDLE)
    assert after["layers"]["schools"] == new.sha256 != before["layers"]["schools"]
    (school,) = after["rings"][0]["facilities"]["schools"]
    assert (school["name"], school["distance_m"]) == ("新校", 0)


def test_a_point_on_the_border_lies_in_both_districts(node):
    boxes = [shapely.box(108.9, 34.2, 109.0, 34.3), shapely.box(109.0, 34.2, 109.1, 34.3)]
    frame = gpd.GeoDataFrame({"id": ["a", "b"], "name": ["甲", "乙"]}, geometry=boxes, crs=4326)
    city.layer("districts", frame, kind="area", role="district")
    found = selectors.areas_at(109.0, 34.3)["districts"]
    assert [item["name"] for item in found] == ["甲", "乙"]


def test_without_a_population_layer_the_people_are_unknown_and_not_zero(node):
    city.layer("hospitals", city.scattered(3))
    assert {ring["people"] for ring in selectors.survey(*city.MIDDLE)["rings"]} == {None}
    assert selectors.people_within(*city.MIDDLE, 500) is None


def test_outside_of_the_grid_nobody_lives(town):
    assert selectors.people_within(109.9, 34.9, 3000) == 0


def test_people_of_the_whole_grid_are_its_sum(town):
    people, west, north = city.people()
    whole = shapely.box(west - 50, north - 12_050, west + 12_050, north + 50)
    assert selectors.people_in(geometry.to_wgs84(shapely.segmentize(whole, 500))) == people.sum()


def test_the_nearest_of_a_small_layer_are_all_of_it(town):
    assert len(selectors.nearest("places", *city.MIDDLE, 50)) == 3


def test_a_position_out_of_bounds_is_refused(town):
    with pytest.raises(Invalid):
        selectors.survey(34.26, 108.94)


def test_versions_are_kept_in_memory_but_not_for_ever(node):
    for count in (11, 12, 13, 14):
        city.layer("kept", city.scattered(count))
        selectors.shapes_of(selectors.current_layer("kept"))
    assert len([key for key in index.kept() if key[0] == "kept"]) == index.KEPT


SMALL = Grid(np.arange(100, dtype=np.float32).reshape(10, 10), 0.0, 1000.0, 100.0)
CELLS = gpd.GeoDataFrame(
    {"people": SMALL.people.ravel()},
    geometry=[
        shapely.box(c * 100, 900 - r * 100, c * 100 + 100, 1000 - r * 100)
        for r in range(10)
        for c in range(10)
    ],
)
millimetres = st.integers(-300_000, 1_300_000).map(lambda value: value / 1000)
positions = st.tuples(millimetres, millimetres)


@given(st.lists(positions, min_size=3, max_size=12))
def test_people_in_any_shape_equal_the_overlay_of_the_same_cells(corners):
    shape = shapely.convex_hull(shapely.multipoints(corners))
    if shape.geom_type != "Polygon" or shape.area < 1:
        return
    expected = (CELLS["people"] * CELLS.intersection(shape).area / 1e4).sum()
    assert population.people_in(SMALL, shape) == pytest.approx(expected, rel=1e-9, abs=1e-6)


@given(st.lists(positions, min_size=1, max_size=4), st.floats(1, 600))
def test_people_in_several_circles_with_holes_equal_the_overlay(centres, radius):
    shape = shapely.buffer(shapely.multipoints(centres), radius)
    shape = shape.difference(shapely.Point(centres[0]).buffer(radius / 2))
    expected = (CELLS["people"] * CELLS.intersection(shape).area / 1e4).sum()
    assert population.people_in(SMALL, shape) == pytest.approx(expected, rel=1e-9, abs=1e-6)

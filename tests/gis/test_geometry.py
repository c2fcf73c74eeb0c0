"""The only parser of points and GeoJSON, and the way into metres."""

import json

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis import geometry
from realtime.problems import Invalid, Problem, TooLarge

from .city import MIDDLE

SQUARE = [[108, 34], [108.1, 34], [108.1, 34.1], [108, 34.1], [108, 34]]


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


@pytest.mark.parametrize("place", [MIDDLE, (107.7, 33.7), (109.8, 34.7)])
def test_a_circle_of_one_kilometre_has_the_area_of_one(place):
    circle = geometry.circle(geometry.metric_point(*place), 1000)
    assert circle.area / 1e6 == pytest.approx(3.14159, rel=0.005)


def test_metres_go_back_to_the_same_degrees():
    shape = shapely.box(107.7, 33.7, 109.8, 34.7)
    again = geometry.to_wgs84(geometry.to_metric(shape))
    assert shapely.equals_exact(shape, again, 1e-9)


def test_easting_comes_first_and_the_meridian_is_108_east():
    point = geometry.metric_point(108.0, 34.0)
    assert point.x == pytest.approx(500_000, abs=0.01)
    assert 3_760_000 < point.y < 3_770_000


@pytest.mark.parametrize(
    ("to", "degrees"), [((0, 1), 0), ((1, 0), 90), ((0, -1), 180), ((-1, 0), 270), ((1, 1), 45)]
)
def test_bearings_run_clockwise_from_north(to, degrees):
    assert geometry.bearing(0, 0, *to) == degrees


@pytest.mark.parametrize(
    ("lon", "lat", "field"),
    [
        (float("nan"), 34, "lon"),
        (108, float("inf"), "lat"),
        (181, 34, "lon"),
        (34, 108, "lat"),
        (1e308, 34, "lon"),
        ("108", 34, "lon"),
        (True, 34, "lon"),
        (None, 34, "lon"),
        ([108], 34, "lon"),
    ],
)
def test_a_point_that_is_none_names_the_field(lon, lat, field):
    with pytest.raises(Invalid) as raised:
        geometry.parse_point(lon, lat)
    assert field in raised.value.fields


@pytest.mark.parametrize(
    "value",
    [
        "", "{", "[]", "null", "1", '{"type": "Point"}', b"\xff\xfe",
        {"type": "Circle", "coordinates": [1, 2]},
        {"type": "Feature", "geometry": polygon(SQUARE)},
        {"type": "GeometryCollection", "geometries": []},
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": [1]},
        {"type": "Point", "coordinates": [1, 2, 3, 4]},
        {"type": "Point", "coordinates": ["1", "2"]},
        {"type": "Point", "coordinates": [True, False]},
        {"type": "Point", "coordinates": [float("nan"), 1]},
        {"type": "Point", "coordinates": [10**400, 1]},
        {"type": "Point", "coordinates": {"lon": 1}},
        {"type": "Point", "coordinates": [181, 0]},
        '{"type": "Point", "coordinates": [NaN, 1]}',
        '{"type": "Point", "coordinates": [Infinity, 1]}',
        {"type": "LineString", "coordinates": [[1, 2]]},
        {"type": "LineString", "coordinates": [[1, 2], [1, 2]]},
        {"type": "Polygon", "coordinates": []},
        polygon(),
        polygon(SQUARE[:2]),
        polygon(SQUARE[:-1] + [[50, 50]]),
        polygon([[108, 34], [109, 35], [109, 34], [108, 35], [108, 34]]),
        polygon(SQUARE, [[1, 1], [2, 1], [2, 2], [1, 1]]),
        polygon([[-179, 1], [179, 1], [179, 2], [-179, 1]]),
        {"type": "MultiPolygon", "coordinates": [SQUARE]},
        "[" * 10_000,
        '{"type":' * 10_000,
        '{"type": "Polygon", "coordinates": ' + "[" * 10_000 + "]" * 10_000 + "}",
    ],
)  # fmt: skip
def test_what_is_no_usable_geometry_is_refused(value):
    with pytest.raises(Invalid) as raised:
        geometry.parse_geojson(value)
    assert "geometry" in raised.value.fields


def test_a_million_vertices_are_too_many():
    line = {"type": "LineString", "coordinates": [[i / 1e6, 0] for i in range(1_000_000)]}
    with pytest.raises(TooLarge):
        geometry.parse_geojson(line)
    with pytest.raises(TooLarge):
        geometry.parse_geojson(" " * (geometry.MAX_TEXT + 1))


def test_a_self_crossing_shape_is_reported_and_not_mended():
    bow = polygon([[108, 34], [109, 35], [109, 34], [108, 35], [108, 34]])
    with pytest.raises(Invalid, match="crosses itself|自相交"):
        geometry.parse_geojson(bow)


def test_an_area_comes_back_as_plain_lists():
    area = geometry.parse_area(polygon(SQUARE))
    assert shapely.equals(shapely.from_geojson(json.dumps(area)), shapely.box(108, 34, 108.1, 34.1))
    with pytest.raises(Invalid):
        geometry.parse_area({"type": "Point", "coordinates": [108, 34]})


def test_heights_are_dropped():
    shape = geometry.parse_geojson({"type": "Point", "coordinates": [108, 34, 400]})
    assert not shape.has_z


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=20,
)


@given(kind=st.sampled_from(geometry.TYPES), coordinates=anything)
def test_no_coordinates_break_the_parser(kind, coordinates):
    try:
        shape = geometry.parse_geojson({"type": kind, "coordinates": coordinates})
    except Problem:
        return
    assert shape.is_valid
    assert not shape.is_empty


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_no_text_breaks_the_parser(text):
    with pytest.raises(Problem):
        geometry.parse_geojson(text)


@given(
    west=st.floats(-170, 160), south=st.floats(-80, 70), wide=st.floats(0.001, 9),
    high=st.floats(0.001, 9),
)  # fmt: skip
def test_a_box_comes_back_as_it_was(west, south, wide, high):
    box = shapely.box(west, south, west + wide, south + high)
    assert shapely.equals(geometry.parse_geojson(shapely.to_geojson(box)), box)

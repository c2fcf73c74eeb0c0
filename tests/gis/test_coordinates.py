"""The four coordinate systems: known pairs, and round trips that close."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gis.coordinates import CODES, convert, convert_shapes

PAGODA = (108.9594, 34.2197)
LONGITUDES = st.floats(75, 134)
LATITUDES = st.floats(18, 53)
TENTH_OF_A_MILLIMETRE = 1e-4 / 111_320


@pytest.mark.parametrize(
    ("code", "expected"),
    [("gcj02", (108.964106, 34.218133)), ("bd09", (108.970522, 34.224457))],
)
def test_pagoda_has_its_known_place_in_every_system(code, expected):
    assert convert(*PAGODA, source="wgs84", target=code) == pytest.approx(expected, abs=5e-7)
    assert convert(*expected, source=code, target="wgs84") == pytest.approx(PAGODA, abs=1e-6)


@given(lon=LONGITUDES, lat=LATITUDES, there=st.sampled_from(CODES), back=st.sampled_from(CODES))
def test_a_round_trip_within_china_closes_to_a_tenth_of_a_millimetre(lon, lat, there, back):
    middle = convert(lon, lat, source=back, target=there)
    again = convert(*middle, source=there, target=back)
    assert again == pytest.approx((lon, lat), abs=TENTH_OF_A_MILLIMETRE, rel=0)


@given(lon=LONGITUDES, lat=LATITUDES)
def test_bd09_goes_through_gcj02(lon, lat):
    direct = convert(lon, lat, source="bd09", target="gcj02")
    through = convert(
        *convert(lon, lat, source="bd09", target="wgs84"), source="wgs84", target="gcj02"
    )
    assert direct == through


def test_cgcs2000_is_the_same_position_as_wgs84():
    assert convert(*PAGODA, source="cgcs2000", target="wgs84") == PAGODA


@pytest.mark.parametrize("place", [(2.35, 48.86), (-74.0, 40.7), (151.2, -33.9), (0.0, 0.0)])
@pytest.mark.parametrize("code", ["gcj02", "bd09"])
def test_outside_china_there_is_no_offset(place, code):
    assert convert(*place, source="wgs84", target=code) == place
    assert convert(*place, source=code, target="wgs84") == place


def test_arrays_give_what_single_points_give():
    lon, lat = np.array([108.9, 2.35, 113.3]), np.array([34.2, 48.86, 23.1])
    together = np.column_stack(convert(lon, lat, source="bd09", target="wgs84"))
    single = [convert(x, y, source="bd09", target="wgs84") for x, y in zip(lon, lat, strict=True)]
    assert together == pytest.approx(np.array(single), abs=1e-11)


def test_shapes_are_converted_vertex_by_vertex():
    square = shapely.box(108.9, 34.2, 109.0, 34.3)
    moved = convert_shapes(square, source="wgs84", target="gcj02")
    corners = [convert(x, y, source="wgs84", target="gcj02") for x, y in square.exterior.coords]
    assert list(moved.exterior.coords) == corners


def test_an_unknown_system_is_an_error():
    with pytest.raises(ValueError, match="unknown coordinate system"):
        convert(*PAGODA, source="wgs84", target="mars")


def test_what_is_no_number_ends_without_a_result():
    lon, _lat = convert(float("nan"), 34.0, source="bd09", target="wgs84")
    assert np.isnan(lon)

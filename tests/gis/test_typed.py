"""Coordinates as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.typed import parse_coordinates

PAGODA = (108.9594, 34.2197)


def readings(text):
    return [(c.lon, c.lat, c.crs) for c in parse_coordinates(text)]


@pytest.mark.parametrize(
    "text",
    [
        "108.9594,34.2197",
        "34.2197, 108.9594",
        "34.2197N 108.9594E",
        "N34.2197 E108.9594",
        "108.9594°E，34.2197°N",
        "34°13'10.92\"N 108°57'33.84\"E",
        "34°13′10.92″N, 108°57′33.84″E",
        "北纬34度13分10.92秒，东经108度57分33.84秒",
        "东经108.9594° 北纬34.2197°",
        "１０８．９５９４，３４．２１９７",
        "经度：108.9594 纬度：34.2197",
        "纬度34.2197、经度108.9594",
        "lat=34.2197&lng=108.9594".replace("&", " "),
        "(108.9594 34.2197)",
        " 108.9594/34.2197 ",
    ],
)
def test_the_same_place_is_read_from_every_way_of_writing_it(text):
    ((lon, lat, crs),) = readings(text)
    assert (lon, lat) == pytest.approx(PAGODA, abs=1e-9)
    assert crs is None


@pytest.mark.parametrize(
    ("text", "crs"),
    [
        ("gcj02 108.96,34.21", "gcj02"),
        ("GCJ-02: 108.96,34.21", "gcj02"),
        ("108.96,34.21（高德）", "gcj02"),
        ("腾讯坐标 108.96，34.21", "gcj02"),
        ("百度坐标：108.96，34.21", "bd09"),
        ("BD09 34.21N 108.96E", "bd09"),
        ("WGS84 108.96 34.21", "wgs84"),
        ("GPS: 34.21, 108.96", "wgs84"),
        ("CGCS2000 108.96,34.21", "cgcs2000"),
    ],
)
def test_the_system_that_the_text_names_is_kept(text, crs):
    assert readings(text) == [(108.96, 34.21, crs)]


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "绕城高速汉城服务区", "108.9594", "108.9,34.2,5", "91,181", "NaN,Infinity",
        "34.2N 35.1N", "34°61'N 108°0'E", "34.5°13'N 108°E", "N-34.2 E108.9", "2024-05-01",
        "二环北路 108.9,34.2 附近", "1e308,1", "108.9594,34.2197" + "0" * 300, "\x00", "٣٤,١٠٨",
    ],
)  # fmt: skip
def test_what_is_no_pair_of_coordinates_has_no_reading(text):
    assert readings(text) == []


def test_two_numbers_that_could_stand_in_either_order_are_offered_in_both():
    assert readings("34.2, 35.1") == [(34.2, 35.1, None), (35.1, 34.2, None)]


@given(st.text(max_size=250) | st.from_regex(r"[NSEW0-9.,°'\" -]{0,40}"))
def test_no_text_breaks_the_reading_and_none_leads_out_of_bounds(text):
    for candidate in parse_coordinates(text):
        assert abs(candidate.lon) <= 180
        assert abs(candidate.lat) <= 90


@given(lon=st.floats(-180, 180), lat=st.floats(-90, 90))
def test_a_written_position_is_read_back(lon, lat):
    text = f"{abs(lat):.7f}{'S' if lat < 0 else 'N'} {abs(lon):.7f}{'W' if lon < 0 else 'E'}"
    ((x, y, _crs),) = readings(text)
    assert (x, y) == pytest.approx((lon, lat), abs=1e-7)


@given(lon=st.floats(0, 180), lat=st.floats(0, 90), wide=st.booleans())
def test_degrees_minutes_and_seconds_are_read_back(lon, lat, wide):
    def written(value):
        total = round(value * 3600, 4)
        return f"{int(total // 3600)}°{int(total % 3600 // 60)}'{total % 60:.4f}\""

    text = f"{written(lat)}N {written(lon)}E"
    if wide:
        text = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in text)
    ((x, y, _crs),) = readings(text)
    assert (x, y) == pytest.approx((lon, lat), abs=1e-7)

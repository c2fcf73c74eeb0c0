"""Place search and the questions about a typed position."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gis import coordinates, selectors
from gis.models import Extent
from realtime.problems import Invalid

from . import city

PAGODA = (108.9594, 34.2197)


@pytest.fixture
def town(node):
    city.whole_city()


def names(text, **options):
    return [item["name"] for item in selectors.find_places(text, **options)]


@pytest.mark.parametrize(
    "text",
    [
        "大雁塔",
        "大雁",
        "雁塔",
        "dayanta",
        "dyt",
        "da yan ta",
        "dayan",
        "ＤＹＴ",
        "wild goose",
        "Goose",
    ],
)
def test_a_place_is_found_by_characters_pinyin_initials_and_english(town, text):
    assert names(text)[0] == "大雁塔"


def test_a_place_inside_a_report_is_found_and_its_parts_are_not(town):
    assert names("绕城高速汉城服务区 甲醇罐车泄漏") == ["汉城服务区"]


def test_the_exact_name_comes_before_longer_ones(town):
    assert names("汉城")[:2] == ["汉城", "汉城服务区"]


def test_a_place_says_its_district_and_layer(town):
    (place,) = selectors.find_places("大雁塔")
    assert place["district"].startswith("区")
    assert (place["layer"], place["kind"], place["crs"]) == ("places", "feature", "wgs84")
    assert (place["lon"], place["lat"]) == PAGODA


def test_an_area_is_found_with_its_bounds(town):
    area = next(item for item in selectors.find_places("区4") if item["layer"] == "districts")
    west, south, east, north = area["bounds"]
    assert west < area["lon"] < east
    assert south < area["lat"] < north


def test_layers_that_are_not_visible_give_no_places(town):
    hidden = "第59处"
    assert "hazards" in {item["layer"] for item in selectors.find_places(hidden)}
    found = selectors.find_places(hidden, visible=lambda layer: not layer.audience)
    assert "hazards" not in {item["layer"] for item in found}


def test_the_limit_holds(town):
    assert len(names("处", limit=7)) == 7


@pytest.mark.parametrize("code", coordinates.CODES)
def test_pasted_coordinates_are_offered_in_every_system(town, code):
    lon, lat = (round(v, 6) for v in coordinates.convert(*PAGODA, source="wgs84", target=code))
    found = selectors.find_places(f"{lat}，{lon}")
    assert [item["crs"] for item in found] == list(coordinates.CODES)
    mine = next(item for item in found if item["crs"] == code)
    assert (mine["lon"], mine["lat"]) == pytest.approx(PAGODA, abs=2e-6)
    assert mine["district"].startswith("区")


def test_coordinates_that_name_their_system_are_offered_in_that_alone(town):
    (found,) = selectors.find_places("百度坐标 108.970522,34.224457")
    assert (found["lon"], found["lat"]) == pytest.approx(PAGODA, abs=2e-6)
    assert found["typed"] == {"lon": 108.970522, "lat": 34.224457}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=400))
def test_no_text_breaks_the_search(town, text):
    assert len(selectors.find_places(text)) <= 12


def codes(lon, lat, **options):
    return [doubt["code"] for doubt in selectors.doubts(lon, lat, **options)]


def test_swapped_numbers_are_noticed_with_the_better_reading(town):
    (doubt,) = selectors.doubts(34.2197, 108.9594)
    assert doubt["code"] == "swapped"
    assert doubt["suggestion"] == {"lon": 108.9594, "lat": 34.2197, "crs": "wgs84"}


@pytest.mark.parametrize("place", [(0, 0), (121.47, 31.23), (-108.9, 34.2), (108.9, -34.2)])
def test_a_place_outside_the_province_is_noticed_with_its_distance(town, place):
    (doubt,) = selectors.doubts(*place)
    assert doubt["code"] == "outside_province"
    assert doubt["distance_m"] > 100_000


def test_the_extent_is_a_row_that_an_office_may_change(town):
    Extent.objects.update(west=108.95)
    assert codes(108.94, 34.26) == ["outside_province"]
    Extent.objects.all().delete()
    assert codes(0, 0) == []


@pytest.mark.parametrize("code", ["gcj02", "bd09"])
@pytest.mark.parametrize("address", ["", "大雁塔北广场南侧"])
def test_a_pair_of_another_system_typed_as_wgs84_is_noticed(town, code, address):
    typed = coordinates.convert(*PAGODA, source="wgs84", target=code)
    (doubt,) = selectors.doubts(*typed, address=address)
    assert doubt["code"] == f"maybe_{code}"
    assert doubt["suggestion"] == {"lon": typed[0], "lat": typed[1], "crs": code}
    assert "大雁塔" in doubt["message"]


def test_a_wgs84_pair_declared_as_gcj02_is_noticed(town):
    assert codes(*PAGODA, crs="gcj02", address="大雁塔") == ["maybe_wgs84"]


@pytest.mark.parametrize("crs", coordinates.CODES)
def test_a_right_position_raises_no_question(town, crs):
    typed = coordinates.convert(*PAGODA, source="wgs84", target=crs)
    assert codes(*typed, crs=crs) == []
    assert codes(*typed, crs=crs, address="大雁塔") == []


@pytest.mark.parametrize("lon", [float("nan"), float("inf"), 500, "108", None, True])
def test_numbers_that_are_no_position_are_refused(town, lon):
    with pytest.raises(Invalid):
        selectors.doubts(lon, 34.2)


def test_a_reading_says_where_it_assumes_that_latitude_comes_first(town):
    def orders(text):
        return {item["assumed_order"] for item in selectors.find_places(text)}

    assert orders("34.2197, 108.9594") == {"lat_lon"}
    assert orders("108.9594, 34.2197") == {""}
    assert orders("N34.2197 E108.9594") == orders("纬度34.2197 经度108.9594") == {""}

"""The API of the geo platform: shapes, rights, bad parameters."""

import pytest
from django.test import Client

from gis import selectors
from tests import factories

from . import city


@pytest.fixture
def town(node):
    city.whole_city()


@pytest.fixture
def browser(duty, client_of):
    return client_of(duty)


@pytest.fixture
def observer(node, client_of):
    return client_of(factories.officer("observer"))


def test_layers_are_listed_with_what_a_map_needs(town, browser):
    layers = {layer["slug"]: layer for layer in browser.get("/api/layers").json()}
    assert set(layers) == set(selectors.versions())
    hospitals = layers["hospitals"]
    assert hospitals["version"] == selectors.versions()["hospitals"]
    assert hospitals["tiles"] == f"/tiles/hospitals/{hospitals['version']}/{{z}}/{{x}}/{{y}}"
    assert (hospitals["min_zoom"], hospitals["max_zoom"]) == (8, 8)
    west, south, east, north = hospitals["bounds"]
    assert west < city.MIDDLE[0] < east
    assert south < city.MIDDLE[1] < north
    assert layers["population"]["tiles"] is None


def test_a_survey_comes_with_its_questions(town, browser):
    answer = browser.get("/api/survey", {"lon": city.MIDDLE[0], "lat": city.MIDDLE[1]}).json()
    assert answer["survey"] == selectors.survey(*city.MIDDLE)
    swapped = browser.get("/api/survey", {"lon": city.MIDDLE[1], "lat": city.MIDDLE[0]}).json()
    assert swapped["survey"] is None
    assert [hint["code"] for hint in swapped["hints"]] == ["swapped"]


def test_a_survey_takes_points_of_every_system(town, browser):
    query = {"lon": 108.964106, "lat": 34.218133, "crs": "gcj02"}
    survey = browser.get("/api/survey", query).json()["survey"]
    assert (survey["lon"], survey["lat"]) == pytest.approx((108.9594, 34.2197), abs=2e-6)


def test_places_are_found(town, browser):
    assert browser.get("/api/places", {"q": "dyt"}).json()[0]["name"] == "大雁塔"


def test_features_within_a_box_are_geojson(town, browser):
    west, south = city.MIDDLE[0] - 0.05, city.MIDDLE[1] - 0.05
    box = {"west": west, "south": south, "east": west + 0.1, "north": south + 0.1}
    answer = browser.get("/api/layers/hospitals/features", box).json()
    assert answer["complete"]
    assert answer["features"]
    for feature in answer["features"]:
        lon, lat = feature["geometry"]["coordinates"]
        assert west <= lon <= west + 0.1
        assert south <= lat <= south + 0.1
    cut = browser.get("/api/layers/hospitals/features", box | {"limit": 1}).json()
    assert (len(cut["features"]), cut["complete"]) == (1, False)


def test_an_officer_without_the_tag_sees_nothing_of_a_restricted_layer(town, observer):
    box = {"west": 108, "south": 34, "east": 110, "north": 35}
    point = {"lon": city.MIDDLE[0], "lat": city.MIDDLE[1]}
    assert "hazards" not in observer.get("/api/layers").content.decode()
    assert "hazards" not in observer.get("/api/survey", point).content.decode()
    assert "hazards" not in observer.get("/api/places", {"q": "第59处"}).content.decode()
    hidden = observer.get("/api/layers/hazards/features", box)
    absent = observer.get("/api/layers/nothing/features", box)
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content


def test_nobody_reads_nothing(node):
    addresses = [
        "/api/layers",
        "/api/places?q=a",
        "/api/survey?lon=108&lat=34",
        "/api/layers/hospitals/features?west=1&south=1&east=2&north=2",
    ]
    answers = {address: Client().get(address).status_code for address in addresses}
    assert set(answers.values()) == {401}, answers


BAD = [
    "layers?ordering=password",
    "layers?page=-1",
    "places",
    "places?q=",
    "places?q=a&limit=1000000000",
    "places?q=a&limit=x",
    "places?q=a&owner__password__startswith=a",
    "places?q=" + "a" * 301,
    "survey",
    "survey?lon=108",
    "survey?lon=NaN&lat=34",
    "survey?lon=Infinity&lat=34",
    "survey?lon=1e308&lat=34",
    "survey?lon=181&lat=91",
    "survey?lon=１０８度&lat=34",
    "survey?lon=108&lat=34&crs=mars",
    "survey?lon=108&lat=34&realm=real",
    "survey?lon=108&lat=34&address=" + "a" * 301,
    "layers/hospitals/features",
    "layers/hospitals/features?west=NaN&south=1&east=2&north=2",
    "layers/hospitals/features?west=5&south=1&east=2&north=2",
    "layers/hospitals/features?west=1&south=1&east=2&north=2&limit=-1",
]


def test_parameters_that_are_not_right_are_answered_with_the_field(town, browser):
    for address in BAD:
        answer = browser.get(f"/api/{address}")
        body = answer.json()
        assert (answer.status_code, body["code"]) == (422, "invalid"), address
        assert body["fields"], address


ODD = ["\x00", "%", "_", "'", "<svg onload=x>", "𠮷", "🚒", "\u202e大", "a\u0301", "1" * 300]


def test_odd_texts_are_only_texts(town, browser):
    for text in ODD:
        assert browser.get("/api/places", {"q": text}).status_code == 200, text
        query = {"lon": city.MIDDLE[0], "lat": city.MIDDLE[1], "address": text}
        assert browser.get("/api/survey", query).status_code == 200, text


def test_the_geo_platform_takes_no_writes(town, browser):
    for method in (browser.post, browser.put, browser.patch, browser.delete):
        assert method("/api/layers").status_code == 405

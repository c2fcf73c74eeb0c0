"""Tiles: what is served, to whom, and what the browser may keep."""

import gzip

import pytest
from django.test import Client
from pmtiles.reader import MmapSource, Reader, all_tiles

from gis.models import Layer, version_file
from gis.tiles import archive
from realtime import refusals
from tests import factories

from . import city


@pytest.fixture
def hospitals(node):
    return city.layer("hospitals", city.scattered(50), max_zoom=10)


@pytest.fixture
def hazards(node):
    return city.layer("hazards", city.scattered(50), audience=["sensitive"])


@pytest.fixture
def browser(duty, client_of):
    return client_of(duty)


def stored(version) -> dict[tuple[int, int, int], bytes]:
    path = version_file(version.layer.slug, version.sha256, "pmtiles")
    with path.open("rb") as file:
        return dict(all_tiles(MmapSource(file)))


def address(version, z, x, y):
    return f"/tiles/{version.layer.slug}/{version.sha256}/{z}/{x}/{y}"


def test_every_stored_tile_is_found_as_the_reference_reader_finds_it(hospitals):
    tiles = stored(hospitals)
    mine = archive("hospitals", hospitals.sha256)
    path = version_file("hospitals", hospitals.sha256, "pmtiles")
    with path.open("rb") as file:
        reader = Reader(MmapSource(file))
        for z, x, y in tiles:
            for place in ((z, x, y), (z, x + 1, y), (z, x, y + 1)):
                if place[1] < 2**z and place[2] < 2**z:
                    assert mine.get(*place) == reader.get(*place)
    assert len(tiles) == 10


def test_a_tile_is_passed_on_compressed_as_it_is_stored(hospitals, browser):
    place, data = next(iter(stored(hospitals).items()))
    answer = browser.get(address(hospitals, *place), headers={"accept-encoding": "gzip"})
    assert answer.status_code == 200
    assert answer["Content-Encoding"] == "gzip"
    assert answer["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert answer.content == data
    plain = browser.get(address(hospitals, *place))
    assert "Content-Encoding" not in plain
    assert plain.content == gzip.decompress(data)
    assert b"hospitals" in plain.content


def test_a_tile_that_the_browser_has_is_not_sent_again(hospitals, browser):
    place = next(iter(stored(hospitals)))
    tag = browser.get(address(hospitals, *place))["ETag"]
    again = browser.get(address(hospitals, *place), headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    other = browser.get(address(hospitals, *place), headers={"if-none-match": '"other"'})
    assert other.status_code == 200


def test_only_a_layer_for_everybody_is_kept_without_asking(hospitals, hazards, browser):
    place = next(iter(stored(hospitals)))
    kept = browser.get(address(hospitals, *place))["Cache-Control"]
    assert kept.startswith("private, max-age=")
    asked = browser.get(address(hazards, *next(iter(stored(hazards)))))
    assert asked["Cache-Control"] == "private, no-cache"


def test_a_tile_without_features_is_empty(hospitals, browser):
    assert browser.get(address(hospitals, 10, 0, 0)).status_code == 204


OUTSIDE = ["3/8/0", "3/0/8", "40/1/1", "0/1/0", "9" * 30 + "/1/1"]
NO_TILE = ["-1/0/0", "a/b/c", "1.5/0/0", "%00/0/0", "0/0"]


def test_a_place_outside_of_the_pyramid_is_not_found(hospitals, browser):
    base = address(hospitals, 0, 0, 0).removesuffix("/0/0/0")
    answers = {place: browser.get(f"{base}/{place}").status_code for place in OUTSIDE + NO_TILE}
    assert set(answers.values()) == {404}, answers


def test_an_unknown_version_is_not_found(hospitals, browser):
    versions = ["0" * 64, "x", "..", "%2e%2e%2fetc", "%00"]
    found = {v: browser.get(f"/tiles/hospitals/{v}/0/0/0").status_code for v in versions}
    assert set(found.values()) == {404}, found


def test_nobody_gets_no_tile(hospitals):
    answer = Client().get(address(hospitals, 8, 0, 0))
    assert answer.status_code == 401
    assert answer.json()["code"] == "not_signed_in"
    assert answer["Cache-Control"] == "no-store"


def test_a_layer_that_is_not_yours_answers_like_one_that_does_not_exist(hazards, client_of):
    place = next(iter(stored(hazards)))
    observer = client_of(factories.officer("observer"))
    hidden = observer.get(address(hazards, *place))
    absent = observer.get(f"/tiles/nothing/{hazards.sha256}/8/0/0")
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content


def test_a_refused_tile_is_recorded(hazards, client_of, monkeypatch):
    seen = []
    monkeypatch.setattr(refusals, "count", lambda who, what: seen.append((who, what)))
    officer = factories.officer("observer")
    client_of(officer).get(address(hazards, 8, 0, 0))
    assert seen == [(officer.username, "tiles of layer hazards")]


def test_a_browser_that_has_a_tile_does_not_keep_a_right_it_lost(hazards, browser, duty):
    place = next(iter(stored(hazards)))
    tag = browser.get(address(hazards, *place))["ETag"]
    duty.role = "observer"
    duty.save(update_fields=["role"])
    again = browser.get(address(hazards, *place), headers={"if-none-match": tag})
    assert again.status_code == 404


def test_a_retired_layer_has_no_tiles(hospitals, browser):
    place = next(iter(stored(hospitals)))
    Layer.objects.update(retired_at="2026-01-01T00:00Z")
    assert browser.get(address(hospitals, *place)).status_code == 404


def test_a_tile_is_read_only(hospitals, browser):
    assert browser.post(address(hospitals, 0, 0, 0)).status_code == 405


def test_an_old_version_is_still_served(hospitals, browser):
    place, data = next(iter(stored(hospitals).items()))
    city.layer("hospitals", city.scattered(51))
    answer = browser.get(address(hospitals, *place), headers={"accept-encoding": "gzip"})
    assert answer.content == data

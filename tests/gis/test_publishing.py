"""Publishing: versions are immutable, named by their content, and told to the log."""

import hashlib
import json

import geopandas as gpd
import numpy as np
import pytest
import shapely

from gis import events, files, selectors
from gis.models import Layer, LayerVersion, version_file
from gis.services import publish_grid
from realtime import log
from realtime.models import Envelope
from realtime.problems import Invalid

from . import city

pytestmark = pytest.mark.usefixtures("node")


def told() -> list[dict]:
    rows = Envelope.objects.filter(type="layer.published").order_by("position")
    return [json.loads(bytes(row.public)) for row in rows]


def test_a_file_carries_the_hash_of_its_content():
    version = city.layer("hospitals", city.scattered(5))
    for suffix in ("fgb", "pmtiles"):
        assert version_file("hospitals", version.sha256, suffix).exists()
    content = version_file("hospitals", version.sha256, "fgb").read_bytes()
    assert hashlib.sha256(content).hexdigest() == version.sha256


def test_the_log_tells_the_layer_in_the_shape_of_the_api():
    city.layer("hospitals", city.scattered(5), nearest=5, note="演示数据")
    layer = Layer.objects.select_related("current").get(slug="hospitals")
    assert told() == [json.loads(json.dumps(events.layer_data(layer)))]
    row = Envelope.objects.get(type="layer.published")
    assert (row.subject, row.realm, row.rev, row.actor) == ("layer/hospitals", "real", 1, "test")


def test_the_same_content_again_makes_no_version_and_no_envelope():
    first = city.layer("hospitals", city.scattered(5))
    again = city.layer("hospitals", city.scattered(5).iloc[::-1])
    assert again.pk == first.pk
    assert len(told()) == 1


def test_other_properties_are_told_without_a_new_version():
    first = city.layer("hospitals", city.scattered(5))
    again = city.layer("hospitals", city.scattered(5), title="医院")
    assert again.pk == first.pk
    assert [data["rev"] for data in told()] == [1, 2]
    assert told()[-1]["title"] == "医院"


def test_a_new_version_leaves_the_old_one_as_it_was():
    old = city.layer("hospitals", city.scattered(5))
    before = version_file("hospitals", old.sha256, "fgb").read_bytes()
    new = city.layer("hospitals", city.scattered(6))
    assert selectors.versions() == {"hospitals": new.sha256}
    assert version_file("hospitals", old.sha256, "fgb").read_bytes() == before
    assert LayerVersion.objects.get(pk=old.pk).feature_count == 5
    assert len(files.load_shapes("hospitals", old.sha256)) == 5


def test_an_earlier_content_published_again_is_in_force_again():
    old = city.layer("hospitals", city.scattered(5))
    city.layer("hospitals", city.scattered(6))
    city.layer("hospitals", city.scattered(5))
    assert selectors.versions() == {"hospitals": old.sha256}
    assert [data["rev"] for data in told()] == [1, 2, 3]
    assert LayerVersion.objects.count() == 2


def test_a_failing_log_leaves_no_row(monkeypatch):
    def fail(*_args, **_fields):
        raise RuntimeError("the log is full")

    monkeypatch.setattr(log, "append", fail)
    with pytest.raises(RuntimeError, match="full"):
        city.layer("hospitals", city.scattered(5))
    assert not Layer.objects.exists()
    assert not LayerVersion.objects.exists()


def test_attributes_survive_in_the_file():
    frame = city.points(
        ["甲", "乙"], [(108.9, 34.2), (108.95, 34.3)], beds=[120, 0], kind=["三甲", None]
    )
    version = city.layer("hospitals", frame)
    stored = files.load_shapes("hospitals", version.sha256).sort_values("id")
    assert [json.loads(text) for text in stored["attributes"]] == [
        {"beds": 120, "kind": "三甲"},
        {"beds": 0},
    ]


def broken(change) -> gpd.GeoDataFrame:
    frame = city.scattered(3)
    change(frame)
    return frame


def without(column: str):
    return city.scattered(3).drop(columns=column)


def squares_with(shape) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"id": ["1"], "name": ["甲"]}, geometry=[shape], crs=4326)


BOW = shapely.Polygon([(108, 34), (109, 35), (109, 34), (108, 35)])


@pytest.mark.parametrize(
    ("frame", "kind"),
    [
        (without("id"), "point"),
        (without("name"), "point"),
        (city.scattered(3).iloc[:0], "point"),
        (city.scattered(3).set_crs(4490, allow_override=True), "point"),
        (city.scattered(3), "area"),
        (city.scattered(3), "grid"),
        (city.scattered(3), "circle"),
        (broken(lambda f: f.__setitem__("id", ["1", "1", "2"])), "point"),
        (broken(lambda f: f.__setitem__("id", ["1", " ", "2"])), "point"),
        (broken(lambda f: f.__setitem__("name", ["甲" * 300] * 3)), "point"),
        (squares_with(BOW), "area"),
        (squares_with(shapely.Polygon()), "area"),
        (squares_with(None), "area"),
        (squares_with(shapely.box(100, 80, 120, 100)), "area"),
        (squares_with(shapely.Point(float("nan"), 1)), "point"),
    ],
)
def test_a_frame_that_is_not_right_publishes_nothing(frame, kind):
    with pytest.raises(Invalid):
        city.layer("hospitals", frame, kind=kind)
    assert not Layer.objects.exists()
    assert told() == []


@pytest.mark.parametrize(
    "properties",
    [
        {"role": "incident"},
        {"title": ""},
        {"title": "x" * 500},
        {"audience": [1]},
        {"max_zoom": 30},
        {"min_zoom": 12, "max_zoom": 3},
    ],
)
def test_properties_that_are_not_right_publish_nothing(properties):
    with pytest.raises(Invalid):
        city.layer("hospitals", city.scattered(3), **properties)
    assert not Layer.objects.exists()


@pytest.mark.parametrize("slug", ["../etc", "a/b", "", "a.b", "x" * 61])
def test_a_slug_that_is_no_slug_publishes_nothing(slug):
    with pytest.raises(Invalid):
        city.layer(slug, city.scattered(3))
    assert not Layer.objects.exists()


def test_a_grid_comes_back_cell_by_cell():
    version = city.grid()
    grid = files.load_grid("population", version.sha256)
    people, west, north = city.people()
    assert np.array_equal(grid.people, people)
    assert (grid.west, grid.north, grid.cell_m) == (west, north, 100)


@pytest.mark.parametrize(
    "people",
    [
        np.zeros((0, 3)),
        np.zeros(3),
        np.array([[1.0, -1.0]]),
        np.array([[float("nan")]]),
        np.array([[float("inf")]]),
    ],
)
def test_a_grid_that_is_not_right_publishes_nothing(people):
    with pytest.raises(Invalid):
        publish_grid(
            slug="population", title="人口", title_en="", people=people, west=0, north=0, actor="t"
        )
    assert not Layer.objects.exists()


def test_a_file_that_was_changed_afterwards_is_not_used():
    version = city.layer("hospitals", city.scattered(7, seed=99))
    path = version_file("hospitals", version.sha256, "fgb")
    path.chmod(0o640)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(files.DamagedFile):
        files.load_shapes("hospitals", version.sha256)
    path.unlink()
    with pytest.raises(files.DamagedFile):
        files.load_shapes("hospitals", version.sha256)

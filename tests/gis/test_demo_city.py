"""The demonstration city: people add up, things lie where they say, a second build changes nothing.

Owns: what the demonstration data promises to whoever looks at the map or asks for a survey. The
authored files are read as they are; nothing is replaced.
"""

import csv
from collections import Counter
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from gis.demo import authored, build, population, sources
from gis.models import Layer, LayerVersion
from realtime.models import Envelope
from tests.gis import city

FACILITIES = ("hospitals", "fire_stations", "police_stations", "schools", "shelters", "hazards")
LEAST = {
    "hospitals": 40,
    "fire_stations": 35,
    "police_stations": 45,
    "schools": 120,
    "shelters": 40,
    "hazards": 30,
    "metro_stations": 120,
    "places": 150,
}
METRIC = population.METRIC


@pytest.fixture(scope="module")
def districts() -> gpd.GeoDataFrame:
    return sources.districts()


@pytest.fixture(scope="module")
def places(districts) -> gpd.GeoDataFrame:
    return sources.places(districts)


@pytest.fixture(scope="module")
def rivers() -> gpd.GeoDataFrame:
    return authored.lines("rivers")


@pytest.fixture(scope="module")
def people(districts, places, rivers) -> population.People:
    return population.people_grid(districts, places, rivers, lambda done, total: None)


def _holder(districts: gpd.GeoDataFrame, shape: shapely.Point) -> str:
    return ",".join(districts["id"][districts.contains(shape)])


def _rings() -> dict[str, shapely.Polygon]:
    frame = authored.lines("ring_roads").to_crs(METRIC)
    return {row.id: shapely.Polygon(row.geometry.coords) for row in frame.itertuples(index=False)}


def test_the_thirteen_districts_have_code_name_and_english_name(districts):
    assert len(districts) == 13
    assert districts["id"].str.fullmatch(r"6101\d\d").all()
    assert (districts["name"] != "").all() and (districts["name_en"] != "").all()
    assert districts.is_valid.all()


def test_districts_do_not_overlap(districts):
    shapes = districts.to_crs(METRIC).geometry
    assert shapes.union_all().area == pytest.approx(shapes.area.sum(), rel=1e-6)


def test_check_points_convert_to_within_a_metre_and_lie_in_their_district(districts):
    found = sources.check_points(districts)
    assert {point.name for point in found} == {"钟楼", "大雁塔", "开元商城钟楼店"}
    for point in found:
        assert point.residual_m < 1
        assert point.district == point.expected


def test_outlines_left_in_their_own_system_put_a_check_point_elsewhere(districts):
    left = districts.set_geometry(list(sources.raw_outlines().values()), crs=districts.crs)
    wrong = [point for point in sources.check_points(left) if point.district != point.expected]
    assert [point.name for point in wrong] == ["开元商城钟楼店"]


@pytest.mark.parametrize("slug", FACILITIES)
def test_every_facility_lies_in_the_district_it_states(slug, districts):
    frame = authored.points(slug)
    astray = [
        row.name
        for row in frame.itertuples(index=False)
        if _holder(districts, row.geometry) != row.district
    ]
    assert astray == []


def test_metro_stations_and_places_lie_in_the_district_they_state_or_outside_all(districts, places):
    for frame in (authored.points("metro_stations"), places):
        for row in frame.itertuples(index=False):
            assert _holder(districts, row.geometry) == row.district, row.name


@pytest.mark.parametrize("slug", FACILITIES)
def test_every_district_has_some_of_each_facility(slug, districts):
    count = Counter(authored.points(slug)["district"])
    assert all(count[code] >= 2 for code in districts["id"])


@pytest.mark.parametrize("slug", LEAST)
def test_layers_are_as_full_as_promised(slug, places):
    frame = places if slug == "places" else authored.points(slug)
    assert len(frame) >= LEAST[slug]
    assert frame["id"].is_unique
    assert (frame["name"] != "").all()


def test_every_metro_line_runs_through_its_stations_in_order():
    stations = authored.points("metro_stations").set_index("name").geometry
    paths = authored.metro_lines().set_index("id").geometry
    for row in authored.records("metro_lines"):
        along = [paths[row["id"]].project(stations[name]) for name in row["stations"].split()]
        assert along == sorted(along) and len(set(along)) == len(along), row["name"]


def test_ring_roads_lie_inside_each_other_around_the_bell_tower():
    rings = _rings()
    order = [rings[name] for name in ("yihuan", "erhuan", "sanhuan", "raocheng")]
    wall = authored.lines("city_wall").to_crs(METRIC).geometry.iloc[0]
    tower = gpd.GeoSeries([shapely.Point(108.94234, 34.26101)], crs=4326).to_crs(METRIC).iloc[0]
    assert shapely.Polygon(wall.coords).contains(tower)
    assert order[0].contains(wall)
    for inner, outer in zip(order, order[1:], strict=False):
        assert outer.contains(inner)
        assert inner.exterior.distance(outer.exterior) > 200


@pytest.mark.parametrize("slug", ["rivers", "ring_roads", "main_roads", "railways", "metro_lines"])
def test_lines_are_smooth_and_do_not_cross_themselves(slug):
    frame = authored.metro_lines() if slug == "metro_lines" else authored.lines(slug)
    assert frame.geometry.is_simple.all()
    for shape in frame.to_crs(METRIC).geometry:
        steps = np.diff(shapely.get_coordinates(shape), axis=0)
        bearings = np.unwrap(np.arctan2(steps[:, 0], steps[:, 1]))
        turns = np.degrees(np.abs(np.diff(bearings)))
        assert turns.max(initial=0.0) < 35


def test_hancheng_service_area_lies_on_the_ring_expressway(places):
    area = places[places["name"] == "汉城服务区"].to_crs(METRIC).geometry.iloc[0]
    assert _rings()["raocheng"].exterior.distance(area) < 150


def test_people_of_each_district_add_up_to_its_census_figure(people, districts):
    census = {row["id"]: int(row["people"]) for row in authored.records("census2020")}
    for at, code in enumerate(districts["id"]):
        assert people.cells[people.district == at].sum(dtype=float) == census[code]
    assert people.cells.sum(dtype=float) == sum(census.values())


def test_people_are_whole_and_nobody_lives_outside_the_districts(people):
    assert (people.cells == np.floor(people.cells)).all()
    assert people.cells.min() == 0
    assert not people.cells[people.district < 0].any()


def test_nobody_lives_in_a_river(people, rivers):
    river = rivers.to_crs(METRIC).geometry[rivers["id"] == "wei"].iloc[0]
    along = shapely.get_coordinates(river)
    columns = ((along[:, 0] - people.west) // population.CELL_M).astype(int)
    rows = ((people.north - along[:, 1]) // population.CELL_M).astype(int)
    height, width = people.cells.shape
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    assert inside.sum() > 500
    assert not people.cells[rows[inside], columns[inside]].any()


def test_mountains_are_nearly_empty_and_the_centre_is_full(people, districts):
    def density(lon: float, lat: float) -> float:
        middle = gpd.GeoSeries([shapely.Point(lon, lat)], crs=4326).to_crs(METRIC).iloc[0]
        column = int((middle.x - people.west) // population.CELL_M)
        row = int((people.north - middle.y) // population.CELL_M)
        return people.cells[row - 10 : row + 11, column - 10 : column + 11].mean()

    assert density(108.942, 34.261) > 200
    assert density(108.70, 33.93) < 1
    assert density(108.10, 33.85) < 1
    assert density(108.26, 34.18) > density(108.10, 33.85)


def test_the_grid_is_the_same_every_time(people, districts, places, rivers):
    again = population.people_grid(districts, places, rivers, lambda done, total: None)
    assert (again.cells == people.cells).all()


def test_every_record_says_where_it_is_from_and_whether_it_was_verified():
    for path in sorted(authored.DATA.glob("*.csv")):
        for row in authored.records(path.stem):
            assert row["verified"] in ("true", "false"), path.name
            assert "source" in row, path.name
            if row["verified"] == "false":
                assert row["source"], path.name


def test_building_twice_publishes_every_layer_once(node, monkeypatch):
    told = []
    first = build.build_demo_city(actor="test", progress=lambda *step: told.append(step))
    layers = {row["slug"]: row for row in authored.records("layers")}
    assert set(Layer.objects.values_list("slug", flat=True)) == set(layers)
    for layer in Layer.objects.all():
        assert layer.current is not None
        assert layer.title_en
        assert layer.note == layers[layer.slug]["note"]
        assert layer.note in ("演示数据", "示意")
        assert not layer.verified
    assert Layer.objects.get(slug="districts").current.residual_m < 1
    assert "高德" in Layer.objects.get(slug="districts").attribution
    assert Layer.objects.get(slug="hazards").audience == ["sensitive"]
    assert {layer.slug for layer in Layer.objects.filter(nearest=5)} == {
        "hospitals",
        "fire_stations",
    }
    assert any("大雁塔" in text and " m" in text for text, _done, _total in told)
    written = Envelope.objects.count()
    versions = LayerVersion.objects.count()
    second = build.build_demo_city(actor="test", progress=lambda *step: None)
    assert second.layers == first.layers
    assert LayerVersion.objects.count() == versions == len(layers)
    assert Envelope.objects.count() == written
    monkeypatch.setattr(build, "_recipe", lambda: "another")
    third = build.build_demo_city(actor="test", progress=lambda *step: None)
    assert third.layers == first.layers
    assert LayerVersion.objects.count() == versions
    assert first.people == sum(int(row["people"]) for row in authored.records("census2020"))


def test_building_again_leaves_a_layer_alone_that_was_imported_over_ours(node):
    def build_it() -> list[tuple[str, str, int]]:
        return build.build_demo_city(actor="test", progress=lambda *step: None).layers

    ours = {slug: sha256 for slug, sha256, _count in build_it()}
    imported = city.layer("schools", city.points(["一小"], [city.MIDDLE]))
    again = {slug: sha256 for slug, sha256, _count in build_it()}
    assert again == ours | {"schools": imported.sha256}
    assert Layer.objects.get(slug="schools").current == imported


def test_a_build_that_stopped_half_way_is_finished_by_the_next(node, monkeypatch):
    def fail(*told: object) -> None:
        raise RuntimeError("stopped")

    with monkeypatch.context() as patch:
        patch.setattr(population, "people_grid", fail)
        with pytest.raises(RuntimeError, match="stopped"):
            build.build_demo_city(actor="test", progress=lambda *step: None)
    assert not Layer.objects.filter(slug="population").exists()
    build.build_demo_city(actor="test", progress=lambda *step: None)
    assert Layer.objects.filter(current__isnull=False).count() == len(authored.records("layers"))


def test_a_check_point_in_the_wrong_district_stops_the_build(node, monkeypatch):
    outlines = sources.districts()
    raw = outlines.set_geometry(list(sources.raw_outlines().values()), crs=outlines.crs)
    monkeypatch.setattr(sources, "districts", lambda: raw)
    with pytest.raises(build.OutOfPlace, match="开元商城"):
        build.build_demo_city(actor="test", progress=lambda *step: None)
    assert not Layer.objects.exists()


def test_every_area_of_a_demo_organisation_is_a_feature_of_its_layer():
    """Otherwise an incident there never reaches the organisation."""
    tree = Path(__file__).parents[2]

    def rows(path):
        return list(csv.DictReader((tree / path).read_text(encoding="utf-8").splitlines()))

    areas = {row["area"] for row in rows("emergency/demo/organisations.csv")} - {""}
    slugs = ("districts", "zones")
    there = {f"{slug}/{row['id']}" for slug in slugs for row in rows(f"gis/demo/data/{slug}.csv")}
    assert areas - there == set()
    assert len(areas) == 20

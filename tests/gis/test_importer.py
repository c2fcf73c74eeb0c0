"""Importing foreign files: good ones become layers, bad ones leave nothing."""

import dataclasses
import io
import json
import socket
import tempfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from django.core.management import CommandError, call_command

from gis import coordinates, files, selectors
from gis.importer import parent
from gis.importer.limits import MIB, Limits
from gis.importer.words import REASONS, ImportRefused
from gis.models import Layer
from gis.services import import_file
from gis.services.imports import CheckPoint
from realtime.models import Envelope

from . import foreign

PAGODA = CheckPoint(108.9594, 34.2197, "大雁塔")
QUICK = {"min_zoom": 8, "max_zoom": 8}


def bring(path: Path, **options):
    return import_file(path, slug="brought", actor="test", **QUICK | options)


def stored(version) -> gpd.GeoDataFrame:
    return files.load_shapes("brought", version.sha256).set_index("name")


GOOD = {
    "shapefile": foreign.shapefile,
    "shapefile in GBK with its code page": lambda f: foreign.shapefile(f, encoding="GBK"),
    "shapefile in metres": lambda f: foreign.shapefile(f, crs="EPSG:4545"),
    "shapefile in a zip": foreign.zipped_shapefile,
    "geopackage": foreign.geopackage,
    "geojson": foreign.geojson,
}


@pytest.mark.parametrize("make", GOOD.values(), ids=GOOD)
def test_a_good_file_becomes_a_layer(node, tmp_path, make):
    version = bring(make(tmp_path), check=PAGODA)
    found = stored(version)
    for name, spot in zip(foreign.NAMES, foreign.SPOTS, strict=True):
        point = found.loc[name].geometry
        assert (point.x, point.y) == pytest.approx(spot, abs=1e-7)
    assert version.residual_m < 0.01
    assert version.report["kept"] == version.report["total"] == 3
    assert 0 < version.report["peak_bytes"] < 512 * MIB
    assert json.loads(found.loc["大雁塔"]["attributes"])["beds"] == 2
    survey = selectors.survey(*foreign.SPOTS[0])
    assert survey["rings"][0]["facilities"]["brought"][0]["name"] == "汉城服务区"


@pytest.mark.parametrize("page", [None, b"nonsense", b"\xff\xfe"])
@pytest.mark.parametrize("encoding", ["UTF-8", "GBK"])
def test_names_are_read_by_trial_where_the_code_page_says_nothing(node, tmp_path, page, encoding):
    path = foreign.shapefile(tmp_path, encoding=encoding)
    path.with_suffix(".cpg").unlink()
    if page is not None:
        path.with_suffix(".cpg").write_bytes(page)
    assert set(stored(bring(path)).index) == set(foreign.NAMES)


@pytest.mark.parametrize("code", ["gcj02", "bd09"])
def test_a_declared_system_is_converted_and_recorded(node, tmp_path, code):
    frame = foreign.frame()
    lon, lat = coordinates.convert(*np.array(foreign.SPOTS).T, source="wgs84", target=code)
    frame.geometry = shapely.points(lon, lat)
    frame.to_file(tmp_path / "a.geojson", driver="GeoJSON")
    wrong = bring(tmp_path / "a.geojson", check=PAGODA)
    assert wrong.residual_m > 400
    assert wrong.report["check"]["read_as"][code] < 0.01
    right = bring(tmp_path / "a.geojson", check=PAGODA, declared_crs=code)
    assert right.residual_m < 0.01
    assert (right.declared_crs, right.conversion) == (
        code,
        f"{coordinates.TITLES[code]} -> WGS 84",
    )


def test_a_file_without_a_system_is_imported_when_it_is_declared(node, tmp_path):
    version = bring(foreign.shapefile(tmp_path, crs=None), declared_crs="cgcs2000", check=PAGODA)
    assert version.residual_m < 0.01
    assert version.declared_crs == "cgcs2000"


BOW = [[[108, 34], [109, 35], [109, 34], [108, 35], [108, 34]]]
SQUARE = [[[108, 34], [108.1, 34], [108.1, 34.1], [108, 34.1], [108, 34]]]


def test_every_row_that_is_left_out_is_named_with_its_reason(node, tmp_path):
    def area(ring, **properties):
        return foreign.feature({"type": "Polygon", "coordinates": ring}, **properties)

    far = [[[x + 100, y] for x, y in SQUARE[0]]]
    path = foreign.text(
        tmp_path,
        "rows.geojson",
        foreign.collection(
            area(SQUARE, id="1"),
            area(BOW, id="2"),
            area(SQUARE, id="1"),
            foreign.feature(None, id="4"),
            area(SQUARE, id="5", name=None),
            area(far, id="6"),
            foreign.feature({"type": "Point", "coordinates": [108, 34]}, id="7"),
            area(SQUARE, id="8"),
        ),
    )
    report = bring(path, kind="area").report
    assert {row["row"]: row["code"] for row in report["skipped"]} == {
        2: "unusable_geometry",
        3: "duplicate_id",
        4: "empty_geometry",
        5: "missing_name",
        6: "unusable_geometry",
        7: "other_kind",
    }
    assert all(row["reason"] for row in report["skipped"])
    assert (report["total"], report["kept"]) == (8, 2)
    frame = files.load_shapes("brought", selectors.versions()["brought"])
    assert set(frame["id"]) == {"1", "8"}


def test_what_is_not_said_stays_as_the_layer_has_it(node, tmp_path):
    bring(
        foreign.geojson(tmp_path), title="医院", nearest=5, audience=["sensitive"], note="演示数据"
    )
    bring(foreign.geopackage(tmp_path), title_en="Hospitals")
    layer = Layer.objects.get(slug="brought")
    assert (layer.title, layer.title_en, layer.nearest) == ("医院", "Hospitals", 5)
    assert (layer.audience, layer.note) == (["sensitive"], "演示数据")


@pytest.mark.parametrize("make", foreign.BAD.values(), ids=foreign.BAD)
def test_a_bad_file_is_refused_and_leaves_nothing(node, tmp_path, make):
    (tmp_path / "in").mkdir()
    path = make(tmp_path / "in")
    before = set(tmp_path.rglob("*"))
    with pytest.raises(ImportRefused) as raised:
        bring(path)
    assert raised.value.reason in REASONS
    assert raised.value.reason not in ("not_confined", "crashed", "timeout"), raised.value.message
    assert raised.value.fields["file"]
    assert not Layer.objects.exists()
    assert not Envelope.objects.filter(type="layer.published").exists()
    assert set(tmp_path.rglob("*")) == before
    assert raised.value.report.get("peak_bytes", 0) < 512 * MIB


def test_no_foreign_file_reaches_the_network(node, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.setblocking(False)
        url = f"http://127.0.0.1:{canary.getsockname()[1]}"
        for name, path in foreign.calling_out(tmp_path, url).items():
            try:
                bring(path)
            except ImportRefused as refusal:
                assert refusal.reason in ("unknown_format", "damaged", "no_rows"), name
            else:
                assert name == "crs by link"
        with pytest.raises(BlockingIOError):
            canary.accept()


def test_a_private_folder_is_gone_afterwards(node, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    bring(foreign.shapefile(tmp_path))
    with pytest.raises(ImportRefused):
        bring(foreign.text(tmp_path, "a.shp", b"nothing"))
    assert not list(tmp_path.glob("belltower-import-*"))


def limited(**bounds) -> Limits:
    return dataclasses.replace(Limits(), **bounds)


@pytest.mark.parametrize(
    ("bounds", "code"),
    [
        ({"wall_seconds": 0.05}, "timeout"),
        ({"rows": 2}, "too_large"),
        ({"columns": 1}, "too_large"),
        ({"input_bytes": 100}, "too_large"),
        ({"all_vertices": 2}, "too_large"),
        ({"vertices": 0}, "no_rows"),
    ],
)
def test_an_import_stays_within_its_limits(node, tmp_path, bounds, code):
    path = foreign.geojson(tmp_path)
    with pytest.raises(ImportRefused) as raised:
        bring(path, limits=limited(**bounds))
    assert raised.value.reason == code


def test_a_file_that_needs_more_memory_than_allowed_is_refused(node, tmp_path):
    point = {"type": "Point", "coordinates": [108, 34]}
    rows = [foreign.feature(point, id=str(i), a="x" * 10_000) for i in range(20_000)]
    path = foreign.text(tmp_path, "big.geojson", foreign.collection(*rows))
    with pytest.raises(ImportRefused) as raised:
        bring(path, limits=limited(memory_bytes=180 * MIB))
    # where native code meets the wall first the child dies without a word
    assert raised.value.reason in ("memory", "crashed")
    assert not Layer.objects.exists()


def test_the_walls_hold_without_a_network_namespace(node, tmp_path, monkeypatch):
    monkeypatch.setattr(parent, "namespace", lambda: ())
    assert bring(foreign.geojson(tmp_path)).report["confinement"] == [
        "limits",
        "system-call filter",
    ]


def test_a_child_that_lies_is_not_believed(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    row = {"row": 1, "id": "1", "name": "甲", "name_en": "", "attributes": {}}
    far = shapely.Point(500, 500)
    bow = shapely.Polygon(BOW[0])
    lines = [json.dumps(row | {"wkb": shapely.to_wkb(shape, hex=True)}) for shape in (far, bow)]
    (out / "rows.jsonl").write_text("\n".join(lines))
    (out / "about.json").write_text(json.dumps({"total": 2, "skipped": []}))
    with pytest.raises(ImportRefused) as raised:
        parent._result(out, Limits(), lambda *_step: None)
    assert [row["code"] for row in raised.value.report["skipped"]] == ["unusable_geometry"] * 2


def test_the_command_shows_progress_and_reports_rows(node, tmp_path):
    said, progress = io.StringIO(), io.StringIO()
    path = foreign.text(
        tmp_path,
        "新学校.geojson",
        foreign.collection(
            foreign.feature({"type": "Point", "coordinates": [108.9, 34.2]}),
            foreign.feature(None, name="乙"),
        ),
    )
    report = tmp_path / "report.json"
    call_command("importlayer", str(path), report=report, stdout=said, stderr=progress, **QUICK)
    assert Layer.objects.get().slug == "xin-xue-xiao"
    assert "乙" in said.getvalue()
    assert "read" in progress.getvalue()
    assert json.loads(report.read_text())["skipped"][0]["row"] == 2


def test_a_file_of_the_same_content_is_told_what_became_of_itself(node, tmp_path):
    good = foreign.feature({"type": "Point", "coordinates": [108.9, 34.2]}, id="1")
    bad = foreign.feature(None, id="2", name="空的")
    for name, rows, left_out in (("a", (good, bad), 1), ("b", (good,), 0)):
        path = foreign.text(tmp_path, f"{name}.geojson", foreign.collection(*rows))
        report = bring(path).report
        assert (report["total"], len(report["skipped"])) == (1 + left_out, left_out)
    assert len(Layer.objects.get().versions.all()) == 1


def test_the_command_fails_with_a_clear_message(node, tmp_path):
    path = foreign.shapefile(tmp_path, crs=None)
    with pytest.raises(CommandError, match="gcj02"):
        call_command("importlayer", str(path), stdout=io.StringIO(), stderr=io.StringIO())
    assert not Layer.objects.exists()

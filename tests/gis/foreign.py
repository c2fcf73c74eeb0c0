"""Foreign files for the importer's tests: good ones, and every bad one that was thought of.

Owns: the making of files in a folder of the test. Promises: nothing here is downloaded; every
function returns the path to hand to the importer. Must not know: what the importer answers.
"""

import json
import shutil
import sqlite3
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np

from . import city

NAMES = ["汉城服务区", "大雁塔", "钟楼"]
SPOTS = [(108.87, 34.33), (108.9594, 34.2197), (108.94234, 34.26101)]


def frame(crs: str | None = "EPSG:4326") -> gpd.GeoDataFrame:
    made = city.points(NAMES, SPOTS, beds=[1, 2, 3])
    return made if crs == "EPSG:4326" else made.set_crs(crs, allow_override=True)


def shapefile(folder: Path, *, encoding: str = "UTF-8", crs: str | None = "EPSG:4326") -> Path:
    path = folder / "points.shp"
    made = frame().rename(columns={"name": "名称"})
    made = made.to_crs(crs) if crs else made
    made.to_file(path, encoding=encoding)
    if crs is None:
        path.with_suffix(".prj").unlink()
    return path


def geopackage(folder: Path) -> Path:
    frame().to_file(folder / "points.gpkg", driver="GPKG", layer="points")
    return folder / "points.gpkg"


def geojson(folder: Path) -> Path:
    frame().to_file(folder / "points.geojson", driver="GeoJSON")
    return folder / "points.geojson"


def text(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def feature(geometry: object, **properties: object) -> dict:
    return {"type": "Feature", "geometry": geometry, "properties": {"name": "甲"} | properties}


def collection(*features: dict) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


SOUND = collection(feature({"type": "Point", "coordinates": [108.9, 34.2]})).encode()


def zipped(folder: Path, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    path = folder / "layer.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return path


def zipped_shapefile(folder: Path) -> Path:
    source = shapefile(folder)
    parts = sorted(source.parent.glob("points.*"))
    return zipped(folder, *((f"城市/{p.name}", p.read_bytes()) for p in parts))


def vrt(url: str) -> str:
    return (
        '<OGRVRTDataSource><OGRVRTLayer name="points"><SrcDataSource>'
        f"/vsicurl/{url}/a.geojson</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    )


def gml(url: str) -> str:
    return (
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        f'<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml" xmlns:xlink="{url}"'
        f' xlink:href="{url}/a.xsd">&x;</gml:FeatureCollection>'
    )


def kml(url: str) -> str:
    return (
        '<kml xmlns="http://www.opengis.net/kml/2.2"><NetworkLink><Link>'
        f"<href>{url}/a.kml</href></Link></NetworkLink></kml>"
    )


def calling_out(folder: Path, url: str) -> dict[str, Path]:
    """Files that make a careless reader open a connection."""
    crs = {"type": "link", "properties": {"href": url}}
    point = feature({"type": "Point", "coordinates": [108, 34]})
    linked = json.dumps({"type": "FeatureCollection", "crs": crs, "features": [point]})
    (folder / "zip").mkdir()
    return {
        "vrt as shp": text(folder, "a.shp", vrt(url)),
        "vrt as geojson": text(folder, "b.geojson", vrt(url)),
        "vrt as gpkg": text(folder, "c.gpkg", vrt(url)),
        "vrt in a zip": zipped(folder / "zip", ("a.geojson", vrt(url).encode())),
        "gml": text(folder, "d.geojson", gml(url)),
        "kml": text(folder, "e.shp", kml(url)),
        "address": text(folder, "f.geojson", f"/vsicurl/{url}/a.geojson"),
        "json with an address": text(folder, "g.geojson", json.dumps({"type": "/vsicurl/" + url})),
        "esri json": text(folder, "h.geojson", json.dumps({"type": "x", "url": url, "fields": []})),
        "crs by link": text(folder, "i.geojson", linked),
        "service": text(folder, "j.geojson", f'<GDAL_WFS><Url>{url}</Url></GDAL_WFS> {{"type":1}}'),
    }  # fmt: skip


def _cut(path: Path, share: float = 0.6) -> Path:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


def _patched(path: Path, at: int, data: bytes) -> Path:
    content = bytearray(path.read_bytes())
    content[at : at + len(data)] = data
    path.write_bytes(content)
    return path


def _without(path: Path, suffix: str) -> Path:
    path.with_suffix(suffix).unlink()
    return path


def _dbf(folder: Path, at: int, data: bytes) -> Path:
    path = shapefile(folder)
    _patched(path.with_suffix(".dbf"), at, data)
    return path


def _negative_record(folder: Path) -> Path:
    path = shapefile(folder)
    _patched(path.with_suffix(".shx"), 104, b"\xff\xff\xff\xf0")
    return path


def _bomb(folder: Path) -> Path:
    path = zipped(folder)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("a.geojson", "w") as sink:
            sink.write(SOUND)
            for _megabyte in range(300):
                sink.write(b" " * 1_000_000)
    return path


def _long_prj(folder: Path) -> Path:
    path = shapefile(folder)
    path.with_suffix(".prj").write_bytes(b" " * 10_000_000)
    return path


def _sql(folder: Path, *statements: str) -> Path:
    path = geopackage(folder)
    with sqlite3.connect(path) as database:
        for statement in statements:
            database.execute(statement)
    database.close()
    return path


def _plain_sqlite(folder: Path) -> Path:
    database = sqlite3.connect(folder / "a.gpkg")
    database.execute("CREATE TABLE points (id, name)")
    database.commit()
    database.close()
    return folder / "a.gpkg"


def _two_layers(folder: Path) -> Path:
    path = geopackage(folder)
    frame().to_file(path, driver="GPKG", layer="others")
    return path


def _link(folder: Path) -> Path:
    entry = zipfile.ZipInfo("a.geojson")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    return zipped(folder, (entry, SOUND))


def _encrypted(folder: Path) -> Path:
    path = zipped(folder, ("a.geojson", SOUND))
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    path.write_bytes(content)
    return path


def _wrong_crc(folder: Path) -> Path:
    path = zipped(folder, ("a.geojson", SOUND))
    content = path.read_bytes()
    return _patched(path, content.index(b"PK\x01\x02") + 16, b"\0\0\0\0")


def _lying_size(folder: Path) -> Path:
    path = zipped(folder, ("a.geojson", SOUND + b" " * 100_000))
    return _patched(
        path, path.read_bytes().index(b"PK\x01\x02") + 24, struct.pack("<I", len(SOUND))
    )


def _nested(folder: Path) -> Path:
    inner = zipped(folder, ("a.geojson", SOUND)).read_bytes()
    return zipped(folder, ("inner.zip", inner))


def _circle_of(vertices: int) -> str:
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    ring = np.column_stack([108.9 + np.cos(angle) / 10, 34.2 + np.sin(angle) / 10]).tolist()
    return collection(feature({"type": "Polygon", "coordinates": [[*ring, ring[0]]]}))


def _unnamed(folder: Path) -> Path:
    made = frame().rename(columns={"name": "a"}).assign(b="x")
    made.drop(columns="id").to_file(folder / "a.geojson", driver="GeoJSON")
    return folder / "a.geojson"


def _renamed(folder: Path) -> Path:
    return Path(shutil.move(geopackage(folder), folder / "points.shp"))


BAD: dict[str, Callable[[Path], Path]] = {
    "absent": lambda f: f / "nothing.shp",
    "a folder": lambda f: f,
    "empty": lambda f: text(f, "a.shp", b""),
    "noise": lambda f: text(f, "a.geojson", bytes(range(256)) * 40),
    "a picture": lambda f: text(f, "a.gpkg", b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
    "shapefile cut short": lambda f: _cut(shapefile(f)),
    "shapefile without shx": lambda f: _without(shapefile(f), ".shx"),
    "shapefile without dbf": lambda f: _without(shapefile(f), ".dbf"),
    "shapefile of negative length": lambda f: _patched(shapefile(f), 24, b"\xff\xff\xff\xf0"),
    "record of negative length": _negative_record,
    "dbf of 2^31 records": lambda f: _dbf(f, 4, struct.pack("<I", 2**31)),
    "dbf of wide records": lambda f: _dbf(f, 10, b"\xff\xff"),
    "dbf without header": lambda f: _dbf(f, 8, b"\0\0"),
    "prj of 10 MB": _long_prj,
    "no system": lambda f: shapefile(f, crs=None),
    "geojson cut short": lambda f: _cut(geojson(f)),
    "geojson of depth 10^4": lambda f: text(
        f,
        "a.geojson",
        '{"type":"FeatureCollection","features":' + "[" * 10_000 + "]" * 10_000 + "}",
    ),
    "properties of depth 10^4": lambda f: text(
        f,
        "a.geojson",
        collection(feature({"type": "Point", "coordinates": [108, 34]}, a=0)).replace(
            '"a": 0', '"a": ' + '{"a":' * 10_000 + "0" + "}" * 10_000
        ),
    ),
    "geojson without features": lambda f: text(f, "a.geojson", collection()),
    "geojson with no position": lambda f: text(f, "a.geojson", collection(feature(None))),
    "geojson out of bounds": lambda f: text(
        f, "a.geojson", collection(feature({"type": "Point", "coordinates": [34.2, 108.9]}))
    ),
    "10^6 vertices": lambda f: text(f, "a.geojson", _circle_of(1_000_000)),
    "kinds mixed": lambda f: text(
        f,
        "a.geojson",
        collection(
            feature({"type": "Point", "coordinates": [108, 34]}),
            feature({"type": "LineString", "coordinates": [[108, 34], [109, 34]]}),
        ),
    ),
    "no column for the name": _unnamed,
    "sqlite that is no geopackage": _plain_sqlite,
    "geopackage cut short": lambda f: _cut(geopackage(f)),
    "geopackage with a view": lambda f: _sql(f, "CREATE VIEW v AS SELECT * FROM points"),
    "geopackage with a trigger": lambda f: _sql(
        f, "CREATE TRIGGER t AFTER INSERT ON points BEGIN DELETE FROM points; END"
    ),
    "geopackage with another virtual table": lambda f: _sql(
        f, "CREATE VIRTUAL TABLE v USING fts5(a)"
    ),
    "geopackage with two layers": _two_layers,
    "zip of nothing": lambda f: zipped(f),
    "zip without a layer": lambda f: zipped(f, ("readme.txt", b"hello")),
    "zip in a zip": _nested,
    "zip with ..": lambda f: zipped(f, ("../../a.geojson", SOUND)),
    "zip with an absolute path": lambda f: zipped(f, ("/tmp/a.geojson", SOUND)),
    "zip with a drive": lambda f: zipped(f, ("C:\\a.geojson", SOUND)),
    "zip with a link": _link,
    "zip with 100,000 entries": lambda f: zipped(
        f, ("a.geojson", SOUND), *((f"{i}.txt", b"") for i in range(100_000))
    ),
    "zip with the same name twice": lambda f: zipped(
        f, ("a.geojson", SOUND), ("A.txt", b"1"), ("a.TXT", b"2")
    ),
    "zip that is encrypted": _encrypted,
    "zip with a wrong sum": _wrong_crc,
    "zip that lies about a size": _lying_size,
    "zip cut short": lambda f: _cut(zipped_shapefile(f)),
    "zip bomb": _bomb,
}

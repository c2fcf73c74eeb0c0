"""Reads one foreign layer with GDAL inside the child: checks first, rows after.

Owns: what makes a shapefile, GeoPackage or GeoJSON acceptable before GDAL opens it, the decoding
of names, the conversion to WGS 84. Promises: opens only with the driver that the content shows;
every row comes out or is named in the report with a code. Must not know: Django, rights, what a
layer is for.
"""

import codecs
import sqlite3
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from gis import coordinates

from .limits import DRIVERS, SIDE_FILES, Limits, Refused

SHP_MAGIC, SQLITE_MAGIC, ZIP_MAGIC = b"\x00\x00\x27\x0a", b"SQLite format 3\x00", b"PK\x03\x04"
GPKG_IDS = (b"GPKG", b"GP10", b"GP11")
CODE_PAGES = {
    **dict.fromkeys(("utf-8", "utf8", "65001", "unicode"), "utf-8"),
    **dict.fromkeys(("gbk", "gb2312", "gb18030", "936", "cp936", "54936", "ansi 936"), "gb18030"),
    **dict.fromkeys(("iso-8859-1", "88591", "latin1", "1252", "cp1252", "ansi 1252"), "cp1252"),
}
TRIED = ("utf-8", "gb18030")
STANDARD_TRIGGERS = ("rtree_", "trigger_insert_", "trigger_delete_", "gpkg_", "fkc_")
_TEXT_SAMPLE = 4 * 1024 * 1024  # bytes of a .dbf that are tried


@dataclass(frozen=True)
class Wish:
    """What the caller said about the file."""

    crs: str = ""  # one of coordinates.CODES, or EPSG:n; "" = as the file says
    encoding: str = ""
    layer: str = ""
    id_column: str = ""
    name_column: str = ""


@dataclass(frozen=True)
class Table:
    """One foreign layer, geometry in WGS 84."""

    columns: list[str]
    values: list[np.ndarray]
    shapes: np.ndarray
    about: dict[str, Any]  # driver, layer, crs, conversion, encoding

    def rows(self) -> Iterator[tuple[int, Any, dict[str, Any]]]:
        """Row number from 1, shape or None, attributes."""
        for i, shape in enumerate(self.shapes):
            yield i + 1, shape, {c: v[i] for c, v in zip(self.columns, self.values, strict=True)}


def kind_of(path: Path) -> str:
    """shp, gpkg, geojson or zip by content; anything else is refused, whatever its name."""
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(SHP_MAGIC):
        return "shp"
    if head.startswith(SQLITE_MAGIC) and head[68:72] in GPKG_IDS:
        return "gpkg"
    if head.startswith(ZIP_MAGIC):
        return "zip"
    text = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if text.startswith(b"{") and b'"type"' in text.replace(b" ", b""):
        return "geojson"
    raise Refused("unknown_format")


def read(path: Path, wish: Wish, limits: Limits) -> Table:
    """The layer in this file. Raises Refused."""
    kind = kind_of(path)
    {"shp": _check_shapefile, "gpkg": _check_geopackage}.get(kind, _nothing)(path)
    options = {"encoding": "ISO-8859-1"} if kind == "shp" else {}
    if kind == "gpkg":
        options |= {"IMMUTABLE": "YES", "LIST_ALL_TABLES": "NO"}
    try:
        layer = _layer(path, wish.layer)
        info = pyogrio.read_info(path, layer=layer, **options)
        if info["driver"] != DRIVERS[kind]:
            raise Refused("unknown_format", info["driver"])
        if info["features"] > limits.rows or len(info["fields"]) > limits.columns:
            raise Refused("too_large", f"{info['features']} rows, {len(info['fields'])} columns")
        meta, _fids, shapes, values = pyogrio.raw.read(
            path, layer=layer, force_2d=True, datetime_as_string=True, **options
        )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise Refused("damaged", str(error).replace(str(path.parent), "")) from error
    if len(shapes) > limits.rows:
        raise Refused("too_large", f"{len(shapes)} rows")
    columns, values = list(meta["fields"]), list(values)
    encoding = "utf-8"
    if kind == "shp":
        encoding = wish.encoding or _encoding(path)
        columns, values = _decoded(columns, values, encoding)
    shapes = shapely.from_wkb(shapes, on_invalid="ignore")
    if shapely.get_num_coordinates(shapes).sum() > limits.all_vertices:
        raise Refused("too_large", "vertices")
    shapes, about = _to_wgs84(shapes, meta["crs"] or "", wish.crs)
    about |= {"driver": info["driver"], "layer": layer, "encoding": encoding}
    return Table(columns, values, shapes, about)


def _nothing(_path: Path) -> None:
    return None


def _layer(path: Path, wanted: str) -> str:
    names = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    if wanted and wanted in names:
        return wanted
    if len(names) == 1 and not wanted:
        return names[0]
    raise Refused("several_layers" if names else "no_layer", ", ".join(names))


def _check_shapefile(path: Path) -> None:
    """The headers of .shp, .shx and .dbf must agree with the sizes of the files."""
    sizes = {}
    for suffix in (".shp", ".shx", ".dbf"):
        part = path.with_suffix(suffix)
        if not part.exists():
            raise Refused("missing_part", suffix)
        sizes[suffix] = part.stat().st_size
    for suffix, most in SIDE_FILES.items():
        part = path.with_suffix(suffix)
        if part.exists() and part.stat().st_size > most:
            raise Refused("too_large", suffix)
    for suffix in (".shp", ".shx"):
        head = path.with_suffix(suffix).open("rb").read(100)
        if len(head) < 100 or struct.unpack(">i", head[24:28])[0] * 2 != sizes[suffix]:
            raise Refused("damaged", f"{suffix}: length")
    head = path.with_suffix(".dbf").open("rb").read(32)
    if len(head) < 32:
        raise Refused("damaged", ".dbf: header")
    rows, header, width = struct.unpack("<IHH", head[4:12])
    if rows != (sizes[".shx"] - 100) // 8 or header + rows * width > sizes[".dbf"]:
        raise Refused("damaged", f".dbf: {rows} rows")


def _check_geopackage(path: Path) -> None:
    """No views, no foreign triggers, no virtual tables but the spatial index."""
    database = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        database.execute("PRAGMA trusted_schema=OFF")
        database.execute("PRAGMA cell_size_check=ON")
        for kind, name, sql in database.execute("SELECT type, name, sql FROM sqlite_master"):
            text = " ".join((sql or "").split()).casefold()
            odd = (
                kind == "view"
                or (kind == "trigger" and not name.casefold().startswith(STANDARD_TRIGGERS))
                or (text.startswith("create virtual") and "using rtree" not in text)
            )
            if odd:
                raise Refused("unsafe_database", f"{kind} {name}"[:100])
        if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise Refused("damaged", "SQLite")
    except sqlite3.Error as error:
        raise Refused("damaged", f"SQLite: {error}") from error
    finally:
        database.close()


def _encoding(path: Path) -> str:
    """By the .cpg where it names a known code page, else the first that reads the text."""
    page = path.with_suffix(".cpg")
    if page.exists():
        name = page.read_bytes().decode("ascii", "ignore").strip().casefold()
        if name in CODE_PAGES:
            return CODE_PAGES[name]
    with path.with_suffix(".dbf").open("rb") as file:
        head = file.read(32)
        header, width = struct.unpack("<HH", head[8:12])
        fields = file.read(header - 32)
        texts = [
            raw.rstrip(b" \0")
            for record in _records(file.read(_TEXT_SAMPLE), width)
            for raw in _texts(fields, record)
        ]
    for name in TRIED:
        if all(_readable(raw, name) for raw in texts):
            return name
    raise Refused("no_encoding")


def _records(data: bytes, width: int) -> Iterator[bytes]:
    for start in range(0, len(data) - width + 1, width or 1):
        yield data[start : start + width]


def _texts(fields: bytes, record: bytes) -> Iterator[bytes]:
    """The text fields of one .dbf record by the field descriptors of its header."""
    start = 1
    for at in range(0, len(fields) - 31, 32):
        length = fields[at + 16]
        if fields[at + 11 : at + 12] == b"C":
            yield record[start : start + length]
        start += length


def _readable(raw: bytes, encoding: str) -> bool:
    """Does the text decode, a character cut by the field's end apart?"""
    try:
        codecs.getincrementaldecoder(encoding)().decode(raw, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(
    columns: list[str], values: list[np.ndarray], encoding: str
) -> tuple[list[str], list[np.ndarray]]:
    """Text that was read byte by byte (ISO 8859-1) in its real encoding."""
    try:
        codecs.lookup(encoding)
    except LookupError as error:
        raise Refused("no_encoding", encoding) from error

    def decode(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        raw = value.encode("latin-1", "replace")
        return codecs.getincrementaldecoder(encoding)("replace").decode(raw, final=False)

    again = [
        np.array([decode(v) for v in array], dtype=object) if array.dtype == object else array
        for array in values
    ]
    return [decode(name) for name in columns], again


def _to_wgs84(shapes: np.ndarray, found: str, wanted: str) -> tuple[np.ndarray, dict[str, Any]]:
    """Shapes in WGS 84 by the declared system, or by the one the file names."""
    offset = wanted if wanted in ("gcj02", "bd09") else ""
    source = {"wgs84": "EPSG:4326", "cgcs2000": "EPSG:4490"}.get(wanted, wanted or found)
    if offset:
        source = found or "EPSG:4326"
    if not source:
        raise Refused("no_crs")
    try:
        crs = CRS.from_user_input(source)
        if wanted in coordinates.CODES and not crs.is_geographic and not offset:
            raise Refused("unknown_crs", crs.name)
        change = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
        shapes = shapely.transform(shapes, change.transform, interleaved=False)
    except (CRSError, ProjError) as error:
        raise Refused("unknown_crs", source[:80]) from error
    steps = [] if crs.to_epsg() in (4326, 4490) else [f"{crs.name} -> WGS 84"]
    if offset:
        shapes = coordinates.convert_shapes(shapes, source=offset, target="wgs84")
        steps.append(f"{coordinates.TITLES[offset]} -> WGS 84")
    declared = wanted or (f"EPSG:{crs.to_epsg()}" if crs.to_epsg() else crs.name)
    # an accuracy of -1 means that PROJ does not know how far off its change of datum is
    accuracy = change.accuracy if steps and not offset else 0
    about = {
        "declared_crs": declared[:120],
        "file_crs": found[:120],
        "conversion": ", ".join(steps)[:200],
        "accuracy_m": accuracy if accuracy >= 0 else None,
    }
    return shapes, about

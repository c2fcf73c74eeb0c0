"""The child: `python -m gis.importer.child FOLDER`, confined before it touches the file.

Owns: the order (walls, unpack, read, rows out) and the form of what it leaves behind:
`out/rows.jsonl` with one kept row a line (geometry as hexadecimal WKB) and `out/about.json` with
what was found, skipped or refused. Promises: progress as JSON lines on stdout; a refusal is an
answer and exits 0, anything else is a crash. Must not know: Django, layers, rights.
"""

import json
import math
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from .confine import lock
from .limits import DRIVERS, Limits, Refused
from .reading import Table, Wish, kind_of, read
from .unpack import unpack

ID_COLUMNS = ("id", "code", "gid", "adcode", "编码", "代码", "编号")
NAME_COLUMNS = ("name", "名称", "名字", "mc", "title", "标题", "name_chn", "name_zh", "地名")
ENGLISH_COLUMNS = ("name_en", "name_eng", "ename", "英文名称")
EVERY = 2000  # rows between two words of progress


def main() -> None:
    folder = Path(sys.argv[1])
    request = json.loads((folder / "request.json").read_text())
    limits, wish = Limits(**request["limits"]), Wish(**request["wish"])
    out = folder / "out"
    about: dict[str, Any] = {}
    try:
        about["confinement"] = lock(limits, in_namespace=request["in_namespace"])
        _only_allowed_drivers()
        os.chdir(folder)
        path = _main_file(folder / request["file"], wish, limits)
        about |= _write_rows(read(path, wish, limits), wish, limits, out / "rows.jsonl")
    except Refused as refusal:
        about["refused"] = {"code": refusal.code, "detail": refusal.detail}
    except MemoryError:
        about["refused"] = {"code": "memory", "detail": ""}
    about["peak_bytes"] = _peak()
    (out / "about.json").write_text(json.dumps(about, ensure_ascii=False))


def _only_allowed_drivers() -> None:
    """GDAL was started with every other driver skipped; make sure of it."""
    extra = set(pyogrio.list_drivers()) - set(DRIVERS.values())
    if extra:
        raise Refused("not_confined", f"drivers {sorted(extra)[:5]}")


def _main_file(path: Path, wish: Wish, limits: Limits) -> Path:
    if kind_of(path) != "zip":
        return path
    inside = path.parent / "unpacked"
    inside.mkdir()
    found = unpack(path, inside, limits)
    stems = {name.rsplit(".", 1)[0]: file for name, file in found.items()}
    if wish.layer in stems:
        return stems[wish.layer]
    if len(found) != 1:
        raise Refused("several_layers" if found else "no_layer", ", ".join(stems))
    return next(iter(found.values()))


def _write_rows(table: Table, wish: Wish, limits: Limits, path: Path) -> dict[str, Any]:
    total = len(table.shapes)
    id_column = _column(table.columns, wish.id_column, ID_COLUMNS)
    name_column = _column(table.columns, wish.name_column, NAME_COLUMNS) or _only_text(table)
    english = _column(table.columns, "", ENGLISH_COLUMNS)
    if name_column is None:
        raise Refused("no_name_column", ", ".join(table.columns[:40]))
    own = {id_column, name_column, english}
    skipped: list[dict[str, Any]] = []
    kept, seen = 0, set()
    with path.open("w", encoding="utf-8") as sink:
        for number, shape, attributes in table.rows():
            name = _text(attributes[name_column], 200)
            key = _text(attributes[id_column], 100) if id_column else str(number)
            code = _trouble(shape, key, seen, limits)
            if not code and "\ufffd" in name:
                code = "unreadable_name"
            if code:
                skipped.append({"row": number, "id": key, "name": name, "code": code})
            else:
                seen.add(key)
                kept += 1
                row = {
                    "row": number,
                    "id": key,
                    "name": name,
                    "name_en": _text(attributes[english], 200) if english else "",
                    "wkb": shapely.to_wkb(shape, hex=True, output_dimension=2),
                    "attributes": {
                        column[:60]: plain
                        for column, value in attributes.items()
                        if column not in own and (plain := _plain(value, limits)) is not None
                    },
                }
                sink.write(json.dumps(row, ensure_ascii=False) + "\n")
            if number % EVERY == 0 or number == total:
                _progress(number, total)
    columns = {"id": id_column, "name": name_column, "name_en": english}
    return {**table.about, "columns": columns, "total": total, "kept": kept, "skipped": skipped}


def _column(columns: list[str], wanted: str, usual: tuple[str, ...]) -> str | None:
    if wanted and wanted not in columns:
        raise Refused("no_column", wanted)
    if wanted:
        return wanted
    folded = {column.casefold(): column for column in reversed(columns)}
    return next((folded[name] for name in usual if name in folded), None)


def _only_text(table: Table) -> str | None:
    """The one column that holds text, where there is exactly one."""
    texts = [
        column
        for column, values in zip(table.columns, table.values, strict=True)
        if any(isinstance(value, str) for value in values[:100])
    ]
    return texts[0] if len(texts) == 1 else None


def _trouble(shape: Any, key: str, seen: set[str], limits: Limits) -> str:
    if shape is None or shape.is_empty:
        return "empty_geometry"
    if shapely.get_num_coordinates(shape) > limits.vertices:
        return "too_many_vertices"
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        return "not_finite"
    if not key:
        return "missing_id"
    return "duplicate_id" if key in seen else ""


def _text(value: Any, most: int) -> str:
    if value is None or (isinstance(value, float | np.floating) and math.isnan(value)):
        return ""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        value = int(value)
    return str(value).replace("\x00", "").strip()[:most]


def _plain(value: Any, limits: Limits) -> str | int | float | bool | None:
    """An attribute as JSON can hold it; None for nothing and for binary values."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return _text(value, limits.text) or None if isinstance(value, str) else None


def _peak() -> int:
    """The most memory that this process ever held at once."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


def _progress(done: int, total: int) -> None:
    sys.stdout.write(json.dumps({"done": done, "total": total}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

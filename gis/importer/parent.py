"""Starts the confined child for one foreign file and checks what it brings back.

Owns: the private folder, the child's environment and deadline, the words for its codes, and the
second check of every row. Promises: the foreign file is copied under a name of ours and opened by
the child only; a child that crashes, hangs or lies ends in ImportRefused; the folder is always
removed. Must not know: which layer the rows become, rights.
"""

import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import shapely
from django.utils.translation import gettext as _

from gis import geometry

from .confine import namespace
from .limits import DRIVERS, PARTS, Limits, Refused
from .reading import Wish
from .words import ImportRefused, reason, row_reason

ROOT = Path(__file__).resolve().parent.parent.parent
NO_MEMORY = ("MemoryError", "bad_alloc", "Cannot allocate", "Out of memory")
EVERY = 1000  # rows between two words of progress
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Imported:
    """Rows that passed, in WGS 84 with their number as `_row`, and the report of the file."""

    frame: gpd.GeoDataFrame
    report: dict[str, Any]


def read_file(path: Path, wish: Wish, *, limits: Limits, progress: Progress) -> Imported:
    """Read a foreign file in the child. Raises ImportRefused."""
    with tempfile.TemporaryDirectory(prefix="belltower-import-") as name:
        folder = Path(name)
        (folder / "out").mkdir()
        try:
            file = _copy(Path(path), folder, limits)
            progress("copy", 1, 1)
            _run(folder, file, wish, limits, progress)
            return _result(folder / "out", limits, progress)
        except Refused as refusal:
            raise ImportRefused(refusal.code, refusal.detail) from refusal


def _copy(path: Path, folder: Path, limits: Limits) -> str:
    """The file, and the other parts of a shapefile, under names of our own."""
    if not path.is_file():
        raise Refused("no_file", path.name)
    files = {path.suffix.lower(): path}
    if path.suffix.lower() == ".shp":
        for other in path.parent.iterdir():
            if other.stem == path.stem and other.suffix.lower() in PARTS and other.is_file():
                files.setdefault(other.suffix.lower(), other)
    if sum(file.stat().st_size for file in files.values()) > limits.input_bytes:
        raise Refused("too_large", path.name)
    main = ""
    for suffix, file in files.items():
        known = suffix if suffix in (*PARTS, ".gpkg", ".geojson", ".json", ".zip") else ".bin"
        shutil.copyfile(file, folder / f"layer{known}")
        main = main or f"layer{known}"
    return main


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of ours but where Python is; every GDAL driver but the allowed ones is skipped."""
    drivers = [name for name in pyogrio.list_drivers() if name not in DRIVERS.values()]
    return {
        "PATH": os.environ.get("PATH", ""),
        "LANG": "C.UTF-8",
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "PYTHONUTF8": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "GDAL_NUM_THREADS": "1",
        "GDAL_SKIP": ",".join(drivers),
        "OGR_SKIP": ",".join(drivers),
        "GDAL_DISABLE_READDIR_ON_OPEN": "TRUE",
        "GDAL_HTTP_TIMEOUT": "1",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
        "OGR_SQLITE_PRAGMA": "trusted_schema=0",
        "OGR_GEOJSON_MAX_OBJ_SIZE": "64",
        "PROJ_NETWORK": "OFF",
    }


def _run(folder: Path, file: str, wish: Wish, limits: Limits, progress: Progress) -> None:
    prefix = namespace()
    request = {
        "file": file,
        "wish": dataclasses.asdict(wish),
        "limits": dataclasses.asdict(limits),
        "in_namespace": bool(prefix),
    }
    (folder / "request.json").write_text(json.dumps(request))
    with (folder / "errors.txt").open("wb") as errors:
        child = subprocess.Popen(
            [*prefix, sys.executable, "-m", "gis.importer.child", str(folder)],
            cwd=ROOT,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
        late = threading.Event()

        def stop() -> None:
            late.set()
            os.killpg(child.pid, signal.SIGKILL)

        timer = threading.Timer(limits.wall_seconds, stop)
        timer.start()
        try:
            for line in child.stdout:
                _tell(line, progress)
            code = child.wait()
        finally:
            timer.cancel()
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
            child.stdout.close()
    if late.is_set() or code == -signal.SIGXCPU:
        raise Refused("timeout")
    if code != 0:
        said = (folder / "errors.txt").read_bytes()[-2000:].decode("utf-8", "replace")
        memory = any(word in said for word in NO_MEMORY)
        raise Refused("memory" if memory else "crashed", "" if memory else f"exit {code}")


def _tell(line: bytes, progress: Progress) -> None:
    try:
        word = json.loads(line[:1000])
        progress("read", int(word["done"]), int(word["total"]))
    except (ValueError, KeyError, TypeError):
        return


def _result(out: Path, limits: Limits, progress: Progress) -> Imported:
    try:
        about = json.loads((out / "about.json").read_text())
    except (OSError, ValueError) as error:
        raise Refused("crashed", "no report") from error
    if refused := about.get("refused"):
        raise ImportRefused(str(refused["code"]), str(refused.get("detail", "")), report=about)
    if (out / "rows.jsonl").stat().st_size > limits.result_bytes:
        raise Refused("too_large", "result")
    rows = []
    skipped = [{**row, "reason": row_reason(row["code"])} for row in about["skipped"]]
    with (out / "rows.jsonl").open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            shape = shapely.from_wkb(row.pop("wkb"))
            why = geometry.trouble(shape, max_vertices=limits.vertices)
            if why:
                brief = {name: row[name] for name in ("row", "id", "name")}
                skipped.append({**brief, "code": "unusable_geometry", "reason": why})
            else:
                rows.append((row, shape))
            if (checked := len(rows) + len(skipped)) % EVERY == 0 or checked == about["total"]:
                progress("check", checked, about["total"])
    if len(rows) + len(skipped) != about["total"]:
        raise Refused("crashed", _("rows are missing"))
    report = {**about, "kept": len(rows), "skipped": sorted(skipped, key=lambda r: r["row"])}
    if not rows:
        raise ImportRefused("no_rows", reason("no_rows"), report=report)
    return Imported(_frame(rows), report)


def _frame(rows: list[tuple[dict[str, Any], Any]]) -> gpd.GeoDataFrame:
    own = ("id", "name", "name_en")
    columns: dict[str, list] = {name: [row[name] for row, _shape in rows] for name in own}
    columns["_row"] = [row["row"] for row, _shape in rows]
    others = dict.fromkeys(key for row, _shape in rows for key in row["attributes"])
    for key in others:
        column = key if key not in (*own, "geometry", "_row") else f"{key}_"
        columns[column] = [row["attributes"].get(key) for row, _shape in rows]
    return gpd.GeoDataFrame(columns, geometry=[shape for _row, shape in rows], crs=geometry.WGS84)

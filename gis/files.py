"""Files of layer versions: written once under the hash of their content, checked when read.

Owns: the forms on disk (FlatGeobuf for shapes, compressed numpy for grids, PMTiles for the
screen) and their names. Promises: a file appears whole under its final name or not at all; equal
content gives the equal hash; what is read back has the hash of its name, so nothing but our own
files is ever parsed here. Must not know: layers' rights, requests, foreign files.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import orjson
import pyogrio

from .models import version_file

COLUMNS = ("id", "name", "name_en", "attributes")


class DamagedFile(RuntimeError):
    """A stored file that is missing or no longer has the content of its name."""


@dataclass(frozen=True)
class Grid:
    """People per cell, rows from north to south, the corner in EPSG:4545 metres."""

    people: np.ndarray
    west: float
    north: float
    cell_m: float


def store_shapes(slug: str, frame: gpd.GeoDataFrame) -> str:
    """Write the frame's COLUMNS and geometry as FlatGeobuf and return its hash."""
    shapes = frame[[*COLUMNS, "geometry"]].sort_values("id", ignore_index=True)

    def write(path: Path) -> None:
        pyogrio.write_dataframe(shapes, path, driver="FlatGeobuf", layer=slug)

    return _store(slug, "fgb", write)


def store_tiles(slug: str, sha256: str, frame: gpd.GeoDataFrame, zooms: tuple[int, int]) -> None:
    """Write the vector tiles of this version; every scalar column becomes a property."""
    options = {"NAME": slug, "MINZOOM": zooms[0], "MAXZOOM": zooms[1]}

    def write(path: Path) -> None:
        pyogrio.write_dataframe(frame, path, driver="PMTiles", layer=slug, dataset_options=options)

    if not version_file(slug, sha256, "pmtiles").exists():
        _store(slug, "pmtiles", write, name=sha256)


def store_grid(slug: str, grid: Grid) -> str:
    """Write the grid and return the hash of its content."""

    def write(path: Path) -> None:
        with path.open("wb") as file:
            np.savez_compressed(
                file,
                people=grid.people.astype(np.float32),
                west=grid.west,
                north=grid.north,
                cell_m=grid.cell_m,
            )

    return _store(slug, "npz", write)


def load_shapes(slug: str, sha256: str) -> gpd.GeoDataFrame:
    """The shapes of a version in WGS 84, by id."""
    path = checked(slug, sha256, "fgb")
    return pyogrio.read_dataframe(path, use_arrow=False).sort_values("id", ignore_index=True)


def load_grid(slug: str, sha256: str) -> Grid:
    """The grid of a version."""
    with np.load(checked(slug, sha256, "npz"), allow_pickle=False) as data:
        return Grid(
            data["people"], float(data["west"]), float(data["north"]), float(data["cell_m"])
        )


def checked(slug: str, sha256: str, suffix: str) -> Path:
    """The path of a version's file whose content still has the hash of its name."""
    path = version_file(slug, sha256, suffix)
    try:
        found = _digest(path)
    except FileNotFoundError as error:
        raise DamagedFile(f"layer {slug}: the file {path.name} is missing") from error
    if found != sha256:
        raise DamagedFile(f"layer {slug}: the content of {path.name} has been changed")
    return path


def attributes_text(values: dict[str, object]) -> str:
    """Attributes of one feature as canonical JSON; what JSON cannot hold becomes text."""
    options = orjson.OPT_SORT_KEYS | orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS
    return orjson.dumps(values, default=str, option=options).decode()


def _store(slug: str, suffix: str, write: Callable[[Path], None], name: str | None = None) -> str:
    """Let `write` make a file aside, then give it its final name: its hash unless named."""
    folder = version_file(slug, "", suffix).parent
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder) as aside:
        fresh = Path(aside) / f"new.{suffix}"
        write(fresh)
        sha256 = name or _digest(fresh)
        fresh.chmod(0o440)
        _sync(fresh)
        os.replace(fresh, version_file(slug, sha256, suffix))
    _sync(folder)
    return sha256


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

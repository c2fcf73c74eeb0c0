"""A foreign zip archive unpacked inside the child, if it is what it says.

Owns: the checks of names, counts, sizes and kinds of entries. Promises: writes only files with
names of its own into the given folder, never more bytes than the limit whatever the archive's
directory says; anything odd refuses the whole archive. Must not know: Django, what is in the
files.
"""

import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from .limits import PARTS, RATIO_FROM, Limits, Refused

WANTED = (*PARTS, ".gpkg", ".geojson", ".json")
_CHUNK = 1024 * 1024


def unpack(path: Path, folder: Path, limits: Limits) -> dict[str, Path]:
    """Unpack what may be a layer; returns the main file of each by its name in the archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check(entries, path.stat().st_size, limits)
            return _extract(archive, entries, folder, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise Refused("damaged", str(error)) from error


def _check(entries: list[zipfile.ZipInfo], packed: int, limits: Limits) -> None:
    if len(entries) > limits.entries:
        raise Refused("unsafe_archive", f"{len(entries)} entries")
    names = set()
    for entry in entries:
        name = entry.filename.replace("\\", "/")
        shown = name[:80]
        if name.startswith("/") or ":" in name or ".." in PurePosixPath(name).parts:
            raise Refused("unsafe_archive", f"path {shown!r}")
        if any(ord(character) < 32 for character in entry.orig_filename):
            raise Refused("unsafe_archive", f"name {shown!r}")
        if name.casefold() in names:
            raise Refused("unsafe_archive", f"duplicate name {shown!r}")
        if entry.flag_bits & 1:
            raise Refused("unsafe_archive", f"encrypted entry {shown!r}")
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise Refused("unsafe_archive", f"link or device {shown!r}")
        names.add(name.casefold())
    total = sum(entry.file_size for entry in entries)
    if total > limits.unpacked_bytes:
        raise Refused("too_large", f"{total} bytes unpacked")
    if total > RATIO_FROM and total > packed * limits.ratio:
        raise Refused("unsafe_archive", f"{total} bytes out of {packed}")


def _extract(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], folder: Path, limits: Limits
) -> dict[str, Path]:
    stems: dict[str, str] = {}
    found: dict[str, Path] = {}
    left = limits.unpacked_bytes
    for entry in entries:
        name = PurePosixPath(entry.filename.replace("\\", "/"))
        suffix = name.suffix.lower()
        if entry.is_dir() or suffix not in WANTED:
            continue
        stem = str(name.with_suffix("")).casefold()
        target = folder / f"{stems.setdefault(stem, f'layer{len(stems)}')}{suffix}"
        left = _copy(archive, entry, target, left)
        if suffix in (".shp", ".gpkg", ".geojson", ".json"):
            found[name.name] = target
    return found


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, left: int) -> int:
    with archive.open(entry) as source, target.open("xb") as sink:
        while chunk := source.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise Refused("too_large", "more bytes than the archive's directory says")
            sink.write(chunk)
    return left

"""Files that envelopes name, kept under their SHA-256 outside the web root.

Owns: the folder, and the table of which content is here and which is to be fetched. Promises: a
file is on disk, whole and checked, before anybody is told that it is here; no name leads out of the
folder; the same content is kept once; a piece that breaks off goes on where it ended. Must not
know: what a file shows, who may have it, how pieces travel (realtime.link.files).
"""

import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path

import orjson
from django.conf import settings

from .models import Blob, Envelope

HASH = re.compile(r"[0-9a-f]{64}")
SMALL = 1024 * 1024  # bytes; what is larger is fetched when somebody asks for it
NONE = b'"blobs":[]'


class Damaged(ValueError):
    """What was fetched is not what was asked for."""


def path_of(sha256: str) -> Path:
    """Where the content with this hash lies. Raises ValueError for a name that is no hash."""
    if not HASH.fullmatch(sha256):
        raise ValueError("a file is named by its hash alone")
    return Path(settings.FILES_DIR) / "attachments" / sha256[:2] / sha256


def keep(sha256: str, content: bytes) -> None:
    """Write a file under its hash, durably, in one step."""
    path = path_of(sha256)
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(f".{os.getpid()}")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)


def note(rows: Sequence[Envelope]) -> None:
    """Remember what these new envelopes name; part of the transaction that appends them."""
    found = []
    for row in rows:
        if NONE in row.header:
            continue
        for blob in orjson.loads(row.header)["blobs"]:
            here = path_of(blob["sha256"]).exists()
            small = blob["size"] <= SMALL
            found.append(
                Blob(
                    envelope=row,
                    sha256=blob["sha256"],
                    size=blob["size"],
                    here=here,
                    wanted=here or small,
                )
            )
    Blob.objects.bulk_create(found)


def want(sha256: str) -> None:
    """Somebody asked for it: fetch it, however large."""
    Blob.objects.filter(sha256=sha256, here=False).update(wanted=True)


def part_of(sha256: str) -> Path:
    """Where what has come of it so far lies."""
    return path_of(sha256).with_suffix(".part")


def add(sha256: str, offset: int, data: bytes, size: int) -> bool:
    """Add a piece that came; True when the file is whole and is here now.

    Raises Damaged when the whole has another hash; then it begins anew.
    """
    part = part_of(sha256)
    part.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with part.open("ab") as file:
        if file.tell() != offset:
            return False  # a piece that was asked for before a cut
        file.write(data)
        if file.tell() < size:
            return False
        file.flush()
        os.fsync(file.fileno())
    with part.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != sha256:
        part.unlink()
        raise Damaged
    os.replace(part, path_of(sha256))
    Blob.objects.filter(sha256=sha256).update(here=True)
    return True

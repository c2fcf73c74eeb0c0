"""The marker: how far this node's log had come, kept outside database and backup.

Owns: one small JSON file. Promises: it never names a position that was not committed, so a
database behind its marker was restored from a backup; a file that is missing or unreadable
counts as no proof. Must not know: the database.
"""

import json
import os
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

EVERY = 0.5  # seconds between writes of a busy process

_lock = threading.Lock()
_written: dict[Path, float] = {}


@dataclass(frozen=True)
class Marker:
    """Epoch (hex) and a position that the log had reached for certain."""

    epoch: str
    position: int


def read() -> Marker | None:
    """The marker, None where there is no usable one."""
    try:
        data = json.loads(Path(settings.MARKER_FILE).read_text())
        return Marker(str(data["epoch"]), int(data["position"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write(epoch: str, position: int) -> None:
    """Replace the marker, never backwards within an epoch."""
    path = Path(settings.MARKER_FILE)
    with _lock:
        known = read()
        if known and known.epoch == epoch and known.position >= position:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps({"epoch": epoch, "position": position}))
        os.replace(fresh, path)
        _written[path] = time.monotonic()


def note(epoch: str, position: int) -> None:
    """As `write`, but at most once in EVERY seconds: cheap enough for each commit."""
    if time.monotonic() - _written.get(Path(settings.MARKER_FILE), -EVERY) >= EVERY:
        write(epoch, position)

"""Refusals that anybody can provoke, counted in memory and appended once a minute.

Owns: the counters and their way into the log. Promises: a refusal never takes the head lock of
its own, memory stays bounded however many addresses knock, nothing raises into the refused
request. Must not know: why something was refused.
"""

import atexit
import logging
import threading
import uuid
from datetime import UTC, datetime

from django.db import DatabaseError, connection, transaction

from . import log, metrics
from .events import REFUSALS_COUNTED

MINUTE = 60.0
LIMIT = 5000  # distinct pairs held; more are pooled under OTHERS
BATCH = 200  # envelopes while the log's head is locked
WIDTH = 100  # characters kept of who and what
OTHERS = "others"

logger = logging.getLogger(__name__)
_lock = threading.Lock()
_counts: dict[tuple[str, str], dict] = {}
_timer: threading.Timer | None = None


def count(who: str, what: str) -> None:
    """One more refusal of this actor or address; returns at once."""
    global _timer
    metrics.REFUSALS.inc()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with _lock:
        key = (_plain(who), _plain(what))
        if key not in _counts and len(_counts) >= LIMIT:
            key = (OTHERS, OTHERS)
        entry = _counts.setdefault(key, {"count": 0, "first_at": now})
        entry["count"] += 1
        entry["last_at"] = now
        if _timer is None:
            _timer = threading.Timer(MINUTE, _minute)
            _timer.daemon = True
            _timer.start()


def flush() -> int:
    """Append what was counted, one envelope per actor and kind; returns how many.

    A database error keeps the counts for the next minute.
    """
    with _lock:
        taken = list(_counts.items())
        _counts.clear()
    for start in range(0, len(taken), BATCH):
        try:
            _append(taken[start : start + BATCH])
        except DatabaseError:
            logger.exception("refusals could not be recorded, kept for the next minute")
            _keep(taken[start:])
            return start
    return len(taken)


def _append(batch: list[tuple[tuple[str, str], dict]]) -> None:
    with transaction.atomic():
        for (who, what), entry in batch:
            log.append(
                REFUSALS_COUNTED,
                subject=f"audit/{uuid.uuid4()}",
                about=f"refusals/{who}",
                actor=log.SYSTEM,
                realm="real",
                rev=1,
                public={"who": who, "what": what, **entry},
            )


def _keep(taken: list[tuple[tuple[str, str], dict]]) -> None:
    with _lock:
        for key, entry in taken:
            kept = _counts.setdefault(key, entry)
            if kept is not entry:
                kept["count"] += entry["count"]
                kept["first_at"] = entry["first_at"]


def _plain(text: str) -> str:
    """Text that every header and column can hold."""
    return text.encode(errors="replace").decode().replace("\0", "?")[:WIDTH]


def forget() -> None:
    """Drop what was counted and stop the timer."""
    global _timer
    with _lock:
        _counts.clear()
        if _timer is not None:
            _timer.cancel()
            _timer = None


def _minute() -> None:
    global _timer
    with _lock:
        _timer = None
    try:
        flush()
    finally:
        connection.close()


@atexit.register
def _last() -> None:
    if _counts:
        _minute()

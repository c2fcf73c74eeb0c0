"""Refusals that anybody can provoke, counted in memory and appended once a minute.

Owns: the counters and their way into the log. Promises: a refusal never takes the head lock of
its own, memory stays bounded however many addresses knock, nothing raises into the refused
request. Must not know: why something was refused.
"""

import atexit
import logging
import threading
from datetime import UTC, datetime

from django.db import DatabaseError, connection, transaction

from . import log
from .events import REFUSALS_COUNTED

MINUTE = 60.0
LIMIT = 5000  # distinct pairs held; more are pooled under OTHERS
OTHERS = "others"

logger = logging.getLogger(__name__)
_lock = threading.Lock()
_counts: dict[tuple[str, str], dict] = {}
_timer: threading.Timer | None = None


def count(who: str, what: str) -> None:
    """One more refusal of this actor or address; returns at once."""
    global _timer
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with _lock:
        key = (who[:120], what[:120])
        if key not in _counts and len(_counts) >= LIMIT:
            key = (OTHERS, what[:120])
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
        taken = dict(_counts)
        _counts.clear()
    try:
        with transaction.atomic():
            for (who, what), entry in taken.items():
                log.append(
                    REFUSALS_COUNTED,
                    subject=f"refusals/{who}",
                    actor=log.SYSTEM,
                    realm="real",
                    rev=1,
                    public={"who": who, "what": what, **entry},
                )
    except DatabaseError:
        logger.exception("refusals could not be recorded, kept for the next minute")
        with _lock:
            for key, entry in taken.items():
                kept = _counts.setdefault(key, entry)
                if kept is not entry:
                    kept["count"] += entry["count"]
                    kept["first_at"] = entry["first_at"]
        return 0
    return len(taken)


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

"""What must be true before a node serves: durable settings, a log head, a proven epoch.

Owns: the checks at start. Promises: the node refuses to start on a database that may lose an
acknowledged commit; where it cannot prove that its log is complete (marker missing, from another
epoch, or ahead of the database) it begins a new epoch and says so in the log. Must not know: who
serves afterwards.
"""

import secrets
from collections.abc import Callable

from django.db import connection, transaction

from . import keys, log, marker
from .events import EPOCH_RENEWED, EPOCH_SUBJECT
from .link import rotation
from .models import Envelope, LogHead

_when_lost: list[Callable[[int], None]] = []


def when_lost(act: Callable[[int], None]) -> Callable[[int], None]:
    """Call `act(how many)` in the transaction that begins a new epoch because rows were lost."""
    _when_lost.append(act)
    return act


class NotDurable(Exception):
    """The database is set so that an acknowledged commit may be lost."""


def require_durable() -> None:
    """Raise NotDurable unless a commit is on disk before it is acknowledged."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            (level,) = cursor.fetchone()
            if level < 2:
                raise NotDurable("SQLite runs with synchronous below FULL")
            if connection.settings_dict["OPTIONS"].get("transaction_mode") != "IMMEDIATE":
                raise NotDurable("SQLite runs without transaction_mode IMMEDIATE")
        else:
            for name, enough in (("synchronous_commit", {"on", "remote_apply"}), ("fsync", {"on"})):
                cursor.execute(f"SHOW {name}")
                (level,) = cursor.fetchone()
                if level not in enough:
                    raise NotDurable(f"PostgreSQL runs with {name}={level}")


def open_log() -> log.Head:
    """Make the head on the first start, prove the epoch on every other; return the end."""
    require_durable()
    keys.remember()
    with transaction.atomic():
        head, fresh = LogHead.objects.select_for_update().get_or_create(
            id=1, defaults={"epoch": secrets.token_bytes(16), "chain": bytes(32)}
        )
        known = marker.read()
        reason = "" if fresh else _doubt(head, known)
        if reason:
            _renew(head, reason, known.position if known else None)
    rotation.finish()
    end = log.head()
    marker.write(end.epoch, end.position)
    return end


def renew_epoch(reason: str, *, seen: int) -> None:
    """Begin a new epoch because somebody has seen more of this log than there is."""
    with transaction.atomic():
        _renew(LogHead.objects.select_for_update().get(id=1), reason, seen)
    end = log.head()
    marker.write(end.epoch, end.position)


def _renew(head: LogHead, reason: str, known: int | None) -> None:
    lost = max(0, (known or 0) - head.position)
    head.epoch = secrets.token_bytes(16)
    head.save(update_fields=["epoch"])
    for act in _when_lost:
        act(lost)
    log.append(
        EPOCH_RENEWED,
        subject=EPOCH_SUBJECT,
        actor=log.SYSTEM,
        realm="real",
        rev=Envelope.objects.filter(type=EPOCH_RENEWED.name).count() + 1,
        public={
            "epoch": bytes(head.epoch).hex(),
            "reason": reason,
            "position": head.position,
            "marker": known,
        },
    )


def _doubt(head: LogHead, known: marker.Marker | None) -> str:
    """Why this log cannot be proven complete; empty when it can."""
    if known is None:
        return "marker missing" if head.position else ""
    if known.epoch != bytes(head.epoch).hex():
        return "marker of another epoch"
    if known.position > head.position:
        return "database behind its marker"
    return ""

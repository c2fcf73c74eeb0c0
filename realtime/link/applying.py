"""Facts into the tables of the apps: the newest of each subject, and what has to wait.

Owns: which envelope of a subject is in force, and the parked ones. Promises: newer is greater by
term, revision and id, the same on every node, and what is parked is not in force; what cannot be
applied is parked with its reason and tried again when what it is about has come, and every minute;
it is never dropped and stops nothing else. Must not know: what facts mean (each app's appliers),
where they came from.
"""

import logging
import uuid
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from django.db import DatabaseError, transaction

from .. import registry
from ..models import Envelope, Parked
from .items import GREATEST, fact_of

AHEAD = timedelta(minutes=15)  # a clock that is further ahead is not believed yet
WIDTH = 200

logger = logging.getLogger(__name__)


def park(rows: Sequence[Envelope], reasons: dict[uuid.UUID, str]) -> None:
    """Note of the rows with a reason that they wait; part of the caller's transaction."""
    now = datetime.now(UTC)
    Parked.objects.bulk_create(
        Parked(envelope=row, reason=reasons[row.id][:WIDTH], parked_at=now)
        for row in rows
        if row.id in reasons
    )


def retry(things: Collection[str] | None = None) -> int:
    """Try parked rows again, all or those about these things; how many wait no longer."""
    found = Parked.objects.select_related("envelope").order_by("envelope")
    if things is not None:
        found = found.filter(envelope__about__in=things)
    rows = [one.envelope for one in found]
    if not rows:
        return 0
    with transaction.atomic():
        reasons = apply(rows)
        done = [row.pk for row in rows if row.id not in reasons]
        Parked.objects.filter(pk__in=done).delete()
    return len(done)


def apply(rows: Sequence[Envelope]) -> dict[uuid.UUID, str]:
    """Apply the newest of each subject that can be applied; id and reason of what has to wait."""
    parked = {row.id: reason for row in rows if (reason := _too_early(row))}
    left = [row for row in rows if row.id not in parked]
    while left:
        newest = _newest(left)
        by_kind: dict[str, list[Envelope]] = {}
        for row in sorted(left, key=_is_about_another):  # things before what is about them
            if newest[row.subject] == rank(row) and registry.applier(row.subject):
                by_kind.setdefault(row.subject.partition("/")[0], []).append(row)
        failed: dict[uuid.UUID, str] = {}
        for found in by_kind.values():
            failed |= _apply_kind(found)
        parked |= failed
        # where the newest has to wait, the one before it is in force
        again = {row.subject for row in left if row.id in failed}
        left = [row for row in left if row.subject in again and row.id not in failed]
    return parked


def _is_about_another(row: Envelope) -> bool:
    return row.subject != row.about


def _too_early(row: Envelope) -> str:
    """Why this cannot even be tried; empty when it can."""
    declared = registry.find(row.type)
    if declared is None or declared.version < row.version:
        return f"this node does not know {row.type} {row.version} yet"
    if row.time > datetime.now(UTC) + AHEAD:
        return "its time is in the future"
    return ""


def _apply_kind(rows: Sequence[Envelope]) -> dict[uuid.UUID, str]:
    """All at once; where that fails, one by one, so that only what is wrong has to wait."""
    apply = registry.applier(rows[0].subject)
    try:
        with transaction.atomic():
            apply([fact_of(row) for row in rows])
        return {}
    except DatabaseError as error:
        if not _is_about_data(error):
            raise
    except Exception:
        logger.info("a batch could not be applied at once", exc_info=True)
    parked = {}
    for row in rows:
        try:
            with transaction.atomic():
                apply([fact_of(row)])
        except Exception as error:
            if isinstance(error, DatabaseError) and not _is_about_data(error):
                raise
            logger.warning("%s is parked: %r", row.id, error)
            parked[row.id] = f"it cannot be applied: {type(error).__name__}"
    return parked


def _is_about_data(error: DatabaseError) -> bool:
    """A value or a missing row, as against a disk or a server that fails."""
    return type(error).__name__ in ("IntegrityError", "DataError")


def not_in_force(rows: Sequence[Envelope]) -> set[uuid.UUID]:
    """Those of one subject that nobody goes by: what a former home wrote when a newer term had
    begun, and the lesser of two of the same revision. The same whatever came first."""
    least, late = GREATEST["rev"] + 1, set()
    for row in sorted(rows, key=rank, reverse=True):
        if row.rev < least:
            least = row.rev
        else:
            late.add(row.id)
    return late


def rank(row: Envelope) -> tuple[int, int, bytes]:
    """Newer is greater; with equal term and revision the greater id is in force everywhere."""
    return row.term, row.rev, row.id.bytes


def _newest(rows: Sequence[Envelope]) -> dict[str, tuple[int, int, bytes]]:
    """The rank in force of each subject, these rows included and parked ones left out."""
    newest: dict[str, tuple[int, int, bytes]] = {}
    least = min((row.rev for row in rows), default=0)
    kept = Envelope.objects.filter(subject__in={row.subject for row in rows}, rev__gte=least)
    kept = kept.filter(parked=None)
    for subject, term, rev, pk in kept.values_list("subject", "term", "rev", "id"):
        newest[subject] = max(newest.get(subject, (0, 0, b"")), (term, rev, pk.bytes))
    for row in rows:
        newest[row.subject] = max(newest.get(row.subject, (0, 0, b"")), rank(row))
    return newest

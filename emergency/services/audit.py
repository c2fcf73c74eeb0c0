"""What an auditor does with the log: take rows out as a file, verify it.

Owns: both acts and their record. Promises: an export or a verification that cannot be recorded
does not take place; one verification runs at a time in a process. Must not know: files, requests.
"""

import threading
import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from realtime import log
from realtime.models import Envelope
from realtime.problems import Conflict
from realtime.registry import EventType
from realtime.verify import verify_log

from .. import audit_events as events
from ..models import Officer
from ..permissions import require
from ..selectors import actor_text
from ..selectors_audit import Filter, audit_rows

EXPORT_AT_MOST = 10_000
VERIFY_BELOW = 20_000  # rows that a request can check while somebody waits

_verifying = threading.Lock()


def export_log(*, actor: Officer, wanted: Filter, before: int | None = None) -> list[Envelope]:
    """Rows for a file, newest first, at most `EXPORT_AT_MOST`; the export itself is recorded."""
    require(actor, "audit.see")
    with transaction.atomic():
        rows = audit_rows(wanted, before=before, limit=EXPORT_AT_MOST)
        public = {
            "filters": wanted.told(),
            "rows": len(rows),
            "newest": rows[0].position if rows else None,
            "oldest": rows[-1].position if rows else None,
        }
        _append(events.LOG_EXPORTED, actor, public)
    return rows


def verify_now(*, actor: Officer) -> bool:
    """Check the whole log and record what came out; is it as it was written?

    Raises Conflict for a log that is too long for a request, or while another check runs.
    """
    require(actor, "audit.see")
    if log.head().position >= VERIFY_BELOW:
        raise Conflict(_("The log is too long to be verified here. Run manage.py verifylog."))
    if not _verifying.acquire(blocking=False):
        raise Conflict(_("The log is being verified already."))
    try:
        report = verify_log()
    finally:
        _verifying.release()
    public = {
        "rows": report.rows,
        "chain": report.chain,
        "bad": report.bad.position if report.bad else None,
        "reason": report.bad.reason if report.bad else "",
    }
    with transaction.atomic():
        _append(events.LOG_VERIFIED, actor, public)
    return report.bad is None


def _append(event: EventType, actor: Officer, public: dict[str, Any]) -> None:
    log.append(
        event,
        subject=f"audit/{uuid.uuid4()}",
        about="log",
        actor=actor_text(actor),
        realm="real",
        rev=1,
        public=public,
    )

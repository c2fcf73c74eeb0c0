"""Two envelopes of one revision: a home went on from an old copy, or two nodes took over at once.

Owns: noticing them as they come, and the news of it. Promises: whichever end comes to hold both
says so in its own log, so both are alarmed; nothing is lost and nothing merged (which of the two is
in force: applying.py; the other one is shown as a proposal). Must not know: who looks.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from typing_extensions import TypedDict

from .. import log
from ..models import Envelope
from ..registry import applier, declare
from .applying import rank

NEWS = timedelta(hours=48)  # it is told of on every screen
MOST = 100  # of one batch are named
SUBJECT = "log/forks"


class ForkData(TypedDict):
    """Which revisions came twice: subject, term, rev, the ids in force and not."""

    rev: int
    count: int
    forks: list[dict[str, Any]]


FORK_FOUND = declare("fork.found", version=1, topic="audit", data=ForkData)


def note(rows: Sequence[Envelope]) -> None:
    """Say in the log which of these new rows stand beside another of the same revision."""
    seen: dict[tuple[str, int, int], Envelope] = {}
    columns = ("id", "subject", "term", "rev")
    subjects = {row.subject for row in rows if applier(row.subject)}
    for row in Envelope.objects.filter(subject__in=subjects).only(*columns):
        seen[row.subject, row.term, row.rev] = row
    forks = []
    for row in rows:
        other = seen.setdefault((row.subject, row.term, row.rev), row)
        if other.id != row.id and row.subject in subjects:
            lesser, greater = sorted((other, row), key=rank)
            forks.append(
                {
                    "subject": row.subject,
                    "term": row.term,
                    "rev": row.rev,
                    "in_force": str(greater.id),
                    "proposal": str(lesser.id),
                }
            )
    if forks:
        _append(forks)


def _append(forks: list[dict[str, Any]]) -> None:
    rev = Envelope.objects.filter(subject=SUBJECT).count() + 1
    log.append(
        FORK_FOUND,
        subject=SUBJECT,
        actor=log.SYSTEM,
        realm="real",
        rev=rev,
        public={"rev": rev, "count": len(forks), "forks": forks[:MOST]},
    )


def news(now: datetime | None = None) -> dict[str, Any] | None:
    """How many were found while it is news, and when the last was."""
    since = (now or datetime.now(UTC)) - NEWS
    found = Envelope.objects.filter(subject=SUBJECT, time__gte=since).order_by("-position")
    rows = list(found[:MOST])
    if not rows:
        return None
    count = sum(orjson.loads(bytes(row.public))["count"] for row in rows)
    return {"at": rows[0].time.isoformat(), "count": count}

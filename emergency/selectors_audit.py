"""What the audit page reads: rows of the log, newest first, and when it was last verified.

Owns: the filter and its query. Promises: only the columns that are shown are read, never a
personal part; what is said of a row other than who, when and what kind comes from topics of the
audit alone. Must not know: requests, words (emergency/audit_words.py).
"""

from dataclasses import asdict, dataclass
from datetime import datetime

import orjson
from django.db.models import Q, QuerySet

from realtime import registry
from realtime.models import Envelope

from . import audit_events

SHOWN = "position time type actor subject about realm source".split()
OPEN_TOPIC = "audit"


@dataclass(frozen=True)
class Filter:
    """Which rows; what is empty does not narrow."""

    topic: str = ""
    type: str = ""
    actor: str = ""
    subject: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def told(self) -> dict[str, str]:
        """The filter as the log keeps it."""
        given = {name: value for name, value in asdict(self).items() if value}
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in given.items()
        }


def audit_rows(wanted: Filter, *, before: int | None, limit: int) -> list[Envelope]:
    """Rows of the log below a position, newest first."""
    found = _narrowed(wanted)
    if before is not None:
        found = found.filter(position__lt=before)
    return list(found.only(*SHOWN, "public")[:limit])


def _narrowed(wanted: Filter) -> QuerySet[Envelope]:
    found = Envelope.objects.order_by("-position")
    if wanted.topic:
        types = [name for name, kind in registry.declared().items() if kind.topic == wanted.topic]
        found = found.filter(type__in=types)
    if wanted.type:
        found = found.filter(type=wanted.type)
    if wanted.actor:  # a refusal is written down by the system, about who was refused
        refused = f"refusals/{wanted.actor}"
        found = found.filter(Q(actor__icontains=wanted.actor) | Q(about=refused))
    if wanted.subject:
        found = found.filter(Q(subject=wanted.subject) | Q(about=wanted.subject))
    if wanted.since:
        found = found.filter(time__gte=wanted.since)
    if wanted.until:
        found = found.filter(time__lt=wanted.until)
    return found


def topic_of(row: Envelope) -> str:
    """The topic of a row's type, empty for a type that this node does not know."""
    kind = registry.find(row.type)
    return kind.topic if kind else ""


def public_part(row: Envelope) -> dict:
    """The public part of a row of the audit; nothing of any other row."""
    if topic_of(row) != OPEN_TOPIC or row.public is None:
        return {}
    return orjson.loads(bytes(row.public))


def last_verified() -> tuple[datetime, dict] | None:
    """When the log was last verified here, and what came out."""
    found = Envelope.objects.filter(type=audit_events.LOG_VERIFIED.name).order_by("-position")
    row = found.only(*SHOWN, "public").first()
    return (row.time, public_part(row)) if row else None

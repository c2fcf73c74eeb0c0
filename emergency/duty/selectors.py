"""What the duty log says: by day, words, channel, incident.

Owns: reads. Promises: for the desk of the node's own organisation alone; newest first; an entry
stands with what corrected it and with what it corrected; of an incident that may not be seen the
number alone is told. Must not know: how anything is written.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from realtime.problems import NotFound

from ..models import DutyChannel, DutyEntry, Officer
from ..permissions import require
from ..realms import REAL
from ..selectors import open_incidents, visible_incidents

OFFERED = 50


@dataclass(frozen=True)
class Wanted:
    """Which entries; what is empty does not narrow. A day is a local one, of what happened."""

    q: str = ""
    day: date | None = None
    channel: str = ""
    number: str = ""


@dataclass(frozen=True)
class Shown:
    """An entry as it is read; `linked`: its incident may be seen."""

    entry: DutyEntry
    channel: str
    linked: bool
    corrected_by: DutyEntry | None


def entries(
    officer: Officer, wanted: Wanted, *, before: uuid.UUID | None, limit: int
) -> list[Shown]:
    """Entries, newest first, those written before one where it is given."""
    require(officer, "duty.see")
    found = DutyEntry.objects.select_related("corrects", "corrected_by")
    if wanted.q:
        words = Q(summary__icontains=wanted.q) | Q(handling__icontains=wanted.q)
        words |= Q(party__icontains=wanted.q) | Q(phone__icontains=wanted.q)
        found = found.filter(words | Q(author_name__icontains=wanted.q))
    if wanted.day:
        begins = timezone.make_aware(datetime.combine(wanted.day, time()))
        next_day = timezone.make_aware(datetime.combine(wanted.day + timedelta(days=1), time()))
        found = found.filter(at__gte=begins, at__lt=next_day)
    if wanted.channel:
        found = found.filter(channel=wanted.channel)
    if wanted.number:
        found = found.filter(number=wanted.number)
    if before and (last := DutyEntry.objects.filter(pk=before).first()):
        older = Q(recorded_at__lt=last.recorded_at)
        found = found.filter(older | Q(recorded_at=last.recorded_at, pk__lt=last.pk))
    return _shown(officer, list(found[:limit]))


def chain(officer: Officer, pk: uuid.UUID) -> list[Shown]:
    """An entry with all that it corrects and all that corrected it, oldest first. Raises
    NotFound."""
    require(officer, "duty.see")
    row = DutyEntry.objects.select_related("corrects", "corrected_by").filter(pk=pk).first()
    if row is None:
        raise NotFound
    while row.corrects:
        row = row.corrects
    found = [row]
    while newer := getattr(found[-1], "corrected_by", None):
        found.append(newer)
    return _shown(officer, found)


def _shown(officer: Officer, rows: Sequence[DutyEntry]) -> list[Shown]:
    about = {row.incident for row in rows if row.incident}
    seen = set(visible_incidents(REAL, officer).filter(pk__in=about).values_list("pk", flat=True))
    names = {one.code: one.shown_name for one in DutyChannel.objects.all()}
    return [
        Shown(
            row,
            names.get(row.channel, row.channel_name),
            row.incident in seen,
            getattr(row, "corrected_by", None),
        )
        for row in rows
    ]


def channels(*, besides: str = "") -> list[tuple[str, str]]:
    """Channels in use, and another one: code and name."""
    found = DutyChannel.objects.filter(Q(in_use=True) | Q(pk=besides))
    return [(one.code, one.shown_name) for one in found]


def offered(officer: Officer) -> list[tuple[str, str]]:
    """Open incidents, the newest: number and title."""
    seen = visible_incidents(REAL, officer) & open_incidents(REAL)
    return list(seen.values_list("number", "title")[:OFFERED])

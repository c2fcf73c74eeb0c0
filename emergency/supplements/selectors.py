"""Accidents whose casualties are still to be reported, and what of them is not.

Owns: reads. Promises: what the last issued report says is compared with what the incident says; a
reminder counts from a home of the incident alone, and no more once a report was issued. Must not
know: how anything is written.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from ..deadlines.selectors import homes
from ..events import moment
from ..models import Incident, Officer, Report, SupplementReminder, SupplementRule
from ..realms import REAL
from ..selectors import visible_incidents
from ..states import OPEN, State
from . import window

REPORTED_IN = (*OPEN, State.CONCLUDED)  # an archived incident does not change any more


@dataclass(frozen=True)
class Standing:
    """An accident in its days: by which rule, until when, what is not reported, and when exactly
    that was said since the last report."""

    incident: Incident
    rule: window.Rule
    until: datetime
    moved: dict[str, list[int | None]]
    given: Sequence[datetime]


def rules() -> list[window.Rule]:
    """The table."""
    fields = ("type_prefix", "days", "source", "verified")
    return [window.Rule(*row) for row in SupplementRule.objects.values_list(*fields)]


def standing(found: Iterable[Incident], now: datetime) -> list[Standing]:
    """Those of these incidents that have a report, and whose days are not over."""
    table, bound = rules(), {}
    for one in found:
        rule = window.binding(table, one.type_code)
        began = one.occurred_at or one.received_at
        if rule and one.realm == REAL and (until := window.until(began, rule.days)) > now:
            bound[one.pk] = (one, rule, until)
    told = homes([one for one, _rule, _until in bound.values()])
    issued = Report.objects.filter(incident__in=bound).exclude(signed_by="")
    last = {row.incident_id: row for row in issued if (row.incident_id, row.home) in told}
    moved = {pk: _moved(row, bound[pk][0]) for pk, row in last.items()}
    given: dict[uuid.UUID, list[datetime]] = {pk: [] for pk in last}
    for row in SupplementReminder.objects.filter(incident__in=last):
        pk = row.incident_id
        later = row.recorded_at > last[pk].recorded_at
        if later and (pk, row.home) in told and row.moved == moved[pk]:
            given[pk].append(row.recorded_at)
    return [
        Standing(one, rule, until, moved[pk], given[pk])
        for pk, (one, rule, until) in bound.items()
        if pk in last
    ]


def _moved(last: Report, one: Incident) -> dict[str, list[int | None]]:
    reported = last.elements.get("casualties") or {}
    return window.moved(reported, {name: getattr(one, name) for name in window.CASUALTIES})


def here(now: datetime) -> list[Incident]:
    """Incidents of this node that may have something left to report."""
    longest = max((rule.days for rule in rules()), default=0)
    if not longest:
        return []
    since = now - timedelta(days=longest + 2)
    issued = Report.objects.exclude(signed_by="").values("incident")
    own = Incident.objects.filter(home=settings.NODE_ID, state__in=REPORTED_IN)
    return list(own.filter(received_at__gte=since, pk__in=issued))


def for_desk(realm: str, officer: Officer, now: datetime) -> list[dict[str, Any]]:
    """What of the incidents of this node that the officer may see is not reported, each as the row
    of limits takes it."""
    if realm != REAL:
        return []
    seen = set(visible_incidents(realm, officer).values_list("pk", flat=True))
    return [
        {
            "incident": str(one.incident.pk),
            "title": one.incident.title,
            "moved": one.moved,
            "started_at": moment(min(one.given)),
            "until": moment(one.until),
        }
        for one in standing([one for one in here(now) if one.pk in seen], now)
        if one.moved and one.given
    ]


def days_of(incident: Incident, now: datetime) -> dict[str, Any]:
    """`{days, until, source, verified, moved}`: how long changes of its casualties are reported, by
    which rule, and which are not; empty where there are no such days, or they are over."""
    for one in standing([incident], now):
        told = {name: getattr(one.rule, name) for name in ("days", "source", "verified")}
        return told | {"until": moment(one.until), "moved": one.moved}
    return {}

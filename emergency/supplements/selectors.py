"""Accidents whose casualties are still to be reported, and what of them is not.

Owns: reads. Promises: what the last issued report says is compared with what the incident says; a
reminder counts from a home of the incident alone, and for the report that it names; an incident
that cannot be judged hides no other. Must not know: how anything is written.
"""

import logging
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from ..events import moment
from ..models import Incident, Officer, Report, SupplementReminder, SupplementRule
from ..realms import REAL
from ..reporting.selectors import last_of
from ..selectors import visible_incidents
from ..selectors_homes import homes
from ..states import OPEN, State
from . import window

REPORTED_IN = (*OPEN, State.CONCLUDED)  # an archived incident does not change any more
READ = "home realm state title type_code occurred_at received_at".split()

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Standing:
    """An accident in its days: by which rule, until when, what its last report does not say, when
    exactly that was said, and when anything was said of that report."""

    incident: Incident
    report: Report
    rule: window.Rule
    until: datetime
    moved: dict[str, list[int | None]]
    given: Sequence[datetime]
    told: Sequence[datetime]


def rules() -> list[window.Rule]:
    """The table."""
    fields = ("type_prefix", "days", "source", "verified")
    return [window.Rule(*row) for row in SupplementRule.objects.values_list(*fields)]


def standing(found: Sequence[Incident], now: datetime) -> list[Standing]:
    """Those of these incidents that have a report, and whose days are not over."""
    table, told = rules(), homes(found)
    said: dict[uuid.UUID, list[SupplementReminder]] = defaultdict(list)
    for row in SupplementReminder.objects.filter(incident__in=found):
        if (row.incident_id, row.home) in told:
            said[row.report].append(row)
    last, every = last_of(found), []
    for one in found:
        rule = window.binding(table, one.type_code)
        if rule and one.pk in last and one.realm == REAL and one.state in REPORTED_IN:
            try:
                every.append(_of(one, last[one.pk], rule, said[last[one.pk].pk]))
            except (ArithmeticError, TypeError, ValueError, AttributeError):
                logger.exception("the casualties of %s cannot be judged", one.pk)
    return [one for one in every if one.until > now]


def _of(
    one: Incident, report: Report, rule: window.Rule, said: Sequence[SupplementReminder]
) -> Standing:
    now = {name: getattr(one, name) for name in window.CASUALTIES}
    moved = window.moved(report.elements.get("casualties"), now)
    return Standing(
        incident=one,
        report=report,
        rule=rule,
        until=window.until(one.occurred_at or one.received_at, rule.days),
        moved=moved,
        given=[row.recorded_at for row in said if row.moved == moved],
        told=[row.recorded_at for row in said],
    )


def here(now: datetime, among: QuerySet[Incident] | None = None) -> list[Incident]:
    """Incidents of this node, among these, that may have something left to report."""
    classes, longest = Q(pk=None), 0
    for rule in rules():
        classes |= Q(type_code__startswith=rule.type_prefix)
        longest = max(longest, rule.days)
    since = now - timedelta(days=longest + 2)
    late = Q(received_at__gte=since) | Q(occurred_at__gte=since)
    found = Incident.objects if among is None else among
    own = found.filter(classes, late, home=settings.NODE_ID, realm=REAL, state__in=REPORTED_IN)
    issued = Report.objects.exclude(signed_by="").values("incident")
    return list(own.filter(pk__in=issued).only(*READ, *window.CASUALTIES))


def for_desk(realm: str, officer: Officer, now: datetime) -> list[dict[str, Any]]:
    """What of the incidents of this node that the officer may see is not reported, each as the row
    of limits takes it."""
    if realm != REAL:
        return []
    return [
        {
            "incident": str(one.incident.pk),
            "title": one.incident.title,
            "moved": one.moved,
            "started_at": moment(min(one.given)),
            "until": moment(one.until),
        }
        for one in standing(here(now, visible_incidents(realm, officer)), now)
        if one.moved and one.given
    ]


def days_of(incident: Incident, now: datetime) -> dict[str, Any]:
    """`{days, until, source, verified, moved}`: how long changes of its casualties are reported, by
    which rule, and which are not; empty where this node does not ask, or not any more."""
    for one in standing([incident], now) if incident.home == settings.NODE_ID else ():
        told = {name: getattr(one.rule, name) for name in ("days", "source", "verified")}
        return told | {"until": moment(one.until), "moved": one.moved}
    return {}

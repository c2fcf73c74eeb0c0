"""Casualties that nobody has reported are said, at once and once a day.

Owns: every write of that. Promises: only the home of an incident says it; said once, also by a node
that was killed in between; not after the days are over, nor once it was reported; what fails holds
nothing up. Must not know: who is told, and how.
"""

import logging
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction

from ..models import Incident, ReminderRule, SupplementReminder
from ..services.written import by_the_clock, keep
from . import events, selectors
from .window import DAY, is_due

logger = logging.getLogger(__name__)


def remind(*, now: datetime | None = None, most: int = 20) -> int:
    """Say what is to be said, at most so often; how often it was said."""
    now = now or datetime.now(UTC)
    said = 0
    for one in selectors.standing(selectors.here(now), now):
        if said < most and _says(one, now):
            said += _done(one.incident, now)
    return said


def _says(one: selectors.Standing, now: datetime) -> bool:
    return bool(one.moved) and is_due(one.given, now)


def _done(incident: Incident, now: datetime) -> bool:
    try:
        with transaction.atomic():
            return _remind(incident, now)
    except Exception:  # the others are not to wait for it
        logger.exception("of casualties nothing could be said")
        return False


def _remind(incident: Incident, now: datetime) -> bool:
    """As it is by now: it may have been reported, or another look have said it."""
    incident = Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)
    known = selectors.standing([incident], now)
    if incident.home != settings.NODE_ID or not known or not _says(known[0], now):
        return False
    one = known[0]
    row = SupplementReminder(
        report=one.report.pk,
        moved=one.moved,
        days=one.rule.days,
        until=one.until,
        source=one.rule.source,
        verified=one.rule.verified,
        roles=_roles(again=any(abs(now - at) >= DAY for at in one.told)),
        **by_the_clock(incident, now),
    )
    keep(events.REMINDED, row, events.SHAPES)
    return True


def _roles(*, again: bool) -> list[str]:
    """On the first day who is reminded of a limit first; then everybody who is reminded of one."""
    found = list(ReminderRule.objects.order_by("percent").values_list("roles", flat=True))
    return sorted({role for roles in (found if again else found[:1]) for role in roles})

"""What a directive asks and nobody has answered is said, at so many per cent of its time.

Owns: every write of that. Promises: the node that recorded the directive says it, once for each per
cent of the table, of several that have come the last; not where a feedback waits for a decision;
what fails holds nothing up. Must not know: who is told, and how.
"""

import logging
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction

from ..deadlines.limits import reminder_due
from ..models import Incident, ReminderRule, Task, TaskReminder
from ..realms import REAL
from ..services.written import by_the_clock, keep
from ..states import OPEN
from . import events, followup

logger = logging.getLogger(__name__)


def remind(*, now: datetime | None = None) -> int:
    """Say what is to be said; how much that was."""
    now, said = now or datetime.now(UTC), 0
    mine = Task.objects.filter(plan="", home=settings.NODE_ID, realm=REAL)
    for task in mine.filter(incident__state__in=OPEN):
        try:
            with transaction.atomic():
                said += _remind(task, now)
        except Exception:  # the others are not to wait for it
            logger.exception("of a directive nothing could be said")
    return said


def _remind(task: Task, now: datetime) -> bool:
    """As it is by now: it may have been answered, or another look have said it."""
    percent = _due(task, now)
    if percent is None:
        return False
    incident = Incident.objects.select_for_update(no_key=True).get(pk=task.incident_id)
    if _due(task, now) != percent:
        return False
    roles = ReminderRule.objects.get(pk=percent).roles
    row = TaskReminder(
        task=task.pk,
        organisation=task.organisation,
        node=task.node,
        percent=percent,
        roles=roles,
        **by_the_clock(incident, now),
    )
    keep(events.REMINDED, row, events.SHAPES)
    return True


def _due(task: Task, now: datetime) -> int | None:
    """The last per cent that has come and was not said, while an answer is waited for."""
    if not followup.waits(task, now):
        return None
    begun = task.recorded_at
    minutes = (task.due_at - begun) / timedelta(minutes=1)
    percents = ReminderRule.objects.order_by("percent").values_list("percent", flat=True)
    given = TaskReminder.objects.filter(task=task.pk).values_list("percent", flat=True)
    return reminder_due(now - begun, minutes, list(percents), list(given))

"""Limits of reports as they run: looked at, reminded of, met, stopped.

Owns: which limits an incident states, and every write of what becomes of them. Promises: looked
at as often as anybody likes, each is written once, also by a node that was killed in between; a
reminder is given once, and not once the report is made; only the home of an incident writes about
its limits, and in an exercise only while it runs; what fails holds nothing up and is told to the
log of the process. Must not know: who is told, and how.
"""

import logging
import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from .. import realms
from ..models import Deadline, DeadlineStep, Incident, ReminderRule
from ..services.written import by_the_clock, keep
from . import events, selectors
from .limits import next_look, reminder_due
from .standing import Act, Drop, End, Watch, ran, watched

Step = DeadlineStep.Kind

logger = logging.getLogger(__name__)


def state(*, incident: Incident, now: datetime, anew: bool = False) -> None:
    """Let an incident of ours state the limits that it has to have, `anew` from now on, and look at
    them. Part of the caller's transaction, which saves the incident and appends it."""
    known = {one["id"] for one in incident.limits}
    incident.limits = selectors.limits_for(incident, now, anew=anew)
    fresh = [watched(incident, one) for one in incident.limits if one["id"] not in known]
    if known and fresh and not anew:  # they began as those in whose place they are
        shifts = dict(incident.deadlines.order_by("pk").values_list("kind", "shift"))
        for one in fresh:
            one.shift = shifts.get(one.kind, 0)
    _look([Watch(one, ()) for one in fresh])


def settle(
    incidents: Iterable[uuid.UUID], *, now: datetime | None = None, most: int | None = None
) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    """Let the limits of these incidents be as they have to be, writing about at most so many; those
    that are left, and those that failed."""
    now = now or datetime.now(UTC)
    todo = selectors.todo(incidents, now)
    failed = []
    if todo and not _done(lambda: _look([act for acts in todo.values() for act in acts])):
        failed = [pk for pk, acts in todo.items() if not _done(lambda acts=acts: _look(acts))]
    found = [pk for pk, acts in todo.items() if not acts or any(isinstance(a, End) for a in acts)]
    turn = found if most is None else found[:most]
    failed += [pk for pk in turn if not _done(lambda pk=pk: _settle(pk, now))]
    return found[len(turn) :], failed


def remind(
    *,
    now: datetime | None = None,
    most: int | None = None,
    without: Collection[int] = (),
) -> list[int]:
    """Give every reminder that is due, at most so many, and nothing in an exercise that is over,
    leaving out some limits; those of which it failed."""
    now = now or datetime.now(UTC)
    over = selectors.of_what_is_over(now)
    if over:
        Deadline.objects.filter(pk__in=over).delete()
    turn = [pk for pk in selectors.to_look_at(now) if pk not in without][:most]
    return [pk for pk in turn if not _done(lambda pk=pk: _remind(pk, now))]


def shift(*, by: timedelta, but: Collection[int] = ()) -> None:
    """The clock of the machine was set by so much: what runs has run as long as it really has, but
    for what began since."""
    seconds = round(by.total_seconds())
    running = selectors.that_run().filter(realm=realms.REAL).exclude(pk__in=but)
    running.update(next_at=F("next_at") + timedelta(seconds=seconds), shift=F("shift") - seconds)


def look_again() -> None:
    """Reminders are others now: look at everything that runs. Part of the caller's transaction."""
    selectors.that_run().update(next_at=F("started_at"))


def _done(act: Callable[[], None]) -> bool:
    try:
        with transaction.atomic():
            act()
    except Exception:  # the others are not to wait for it
        logger.exception("a limit of a report could not be kept")
        return False
    return True


def _look(acts: Sequence[Act]) -> None:
    """Look at limits from their next reminder on, in an exercise at once since its clock is asked;
    and not any more at those that ended elsewhere."""
    percents = sorted(ReminderRule.objects.values_list("percent", flat=True))
    rows = []
    for act in acts:
        if isinstance(act, Watch):
            one = act.deadline
            wait = next_look(one.minutes, percents, act.given)
            if wait and one.realm == realms.REAL:
                one.next_at = one.started_at + wait - timedelta(seconds=one.shift)
            elif wait:
                one.next_at = one.started_at
            rows.append(one)
    over = [act.deadline.pk for act in acts if isinstance(act, Drop)]
    Deadline.objects.filter(pk__in=over).delete()
    Deadline.objects.bulk_create(rows, ignore_conflicts=True)


def _settle(pk: uuid.UUID, now: datetime) -> None:
    incident = _locked(pk)
    for act in selectors.acts([incident], now)(incident):
        if isinstance(act, End):
            _end(act, incident, now)


def _locked(pk: uuid.UUID) -> Incident:
    return Incident.objects.select_for_update(no_key=True).get(pk=pk)


def _end(act: End, incident: Incident, now: datetime) -> None:
    said = {"late": act.late} | ({"reason": act.reason} if act.reason else {})
    _step(act.deadline, incident, now, kind=act.kind, **said)
    incident.deadlines.filter(limit=act.deadline.limit).delete()


def _remind(pk: int, now: datetime) -> None:
    deadline = Deadline.objects.filter(pk=pk).first()
    if deadline is None:  # it ended together with the one before
        return
    incident = _locked(deadline.incident_id)
    stated = str(deadline.limit) in [limit["id"] for limit in incident.limits]
    if incident.home != settings.NODE_ID or not stated:
        deadline.delete()
        return
    ends = [act for act in selectors.acts([incident], now)(incident) if isinstance(act, End)]
    if any(act.deadline.limit == deadline.limit for act in ends):
        for act in ends:
            _end(act, incident, now)
        return
    steps = selectors.written([incident])[incident.pk].steps
    own = [step for step in steps if step.deadline == deadline.limit]
    given = [step.percent for step in own if step.kind == Step.REMINDED]
    if len(given) < len(own):  # it has ended
        deadline.delete()
        return
    roles = dict(ReminderRule.objects.values_list("percent", "roles"))
    bounds = realms.find(incident.realm)
    passed = ran(deadline, now, lambda since, until: realms.passed(bounds, since, until))
    due = reminder_due(passed, deadline.minutes, sorted(roles), given)
    if due is not None:
        _step(deadline, incident, now, kind=Step.REMINDED, percent=due, roles=roles[due])
        given.append(due)
    wait = next_look(deadline.minutes, sorted(roles), given)
    next_at = None if wait is None else now + wait - passed
    if bounds and next_at:  # its clock may be set anew at any time
        next_at = now
    Deadline.objects.filter(pk=pk).update(next_at=next_at)


def _step(
    deadline: Deadline, incident: Incident, now: datetime, *, kind: DeadlineStep.Kind, **said: Any
) -> None:
    step = DeadlineStep(
        deadline=deadline.limit,
        report=deadline.kind,
        kind=kind,
        **said,
        **by_the_clock(incident, now),
    )
    keep(events.OF_STEP[kind], step, events.SHAPES)

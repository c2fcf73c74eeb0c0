"""Deadlines as they run: begun, reminded of, met, stopped.

Owns: every write of them. Promises: looked at as often as anybody likes, each is written once, also
by a node that was killed in between; a reminder is given once, and not once the report is made;
only the home of an incident writes about its deadlines, and in an exercise only while it runs; what
fails holds nothing up and is told to the log of the process. Must not know: who is told, and how.
"""

import logging
import uuid
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from realtime import log

from .. import realms
from ..models import Deadline, DeadlineStep, Incident, ReminderRule
from ..services.written import keep
from . import events, selectors
from .limits import next_look, reminder_due
from .standing import Act, Begin, End, of, ran, told

Step = DeadlineStep.Kind

logger = logging.getLogger(__name__)


def settle(
    incidents: Iterable[uuid.UUID], *, now: datetime | None = None, most: int | None = None
) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    """Let the deadlines of these incidents be as they have to be, of at most so many; those that
    are left, and those that failed."""
    now = now or datetime.now(UTC)
    found = selectors.unsettled(incidents, now)
    turn = found if most is None else found[:most]
    if len(turn) > 1 and _done(lambda: _settle(turn, now)):  # one commit for all of them
        return found[len(turn) :], []
    failed = [pk for pk in turn if not _done(lambda pk=pk: _settle([pk], now))]
    return found[len(turn) :], failed


def remind(
    *,
    now: datetime | None = None,
    most: int | None = None,
    without: Collection[uuid.UUID] = (),
) -> list[uuid.UUID]:
    """Give every reminder that is due, at most so many, and nothing in an exercise that is over,
    leaving out some deadlines; those of which it failed."""
    now = now or datetime.now(UTC)
    over = selectors.of_what_is_over(now)
    if over:
        Deadline.objects.filter(pk__in=over).update(next_at=None)
    turn = [pk for pk in selectors.to_look_at(now) if pk not in without][:most]
    return [pk for pk in turn if not _done(lambda pk=pk: _remind(pk, now))]


def shift(*, by: timedelta) -> None:
    """The clock of the machine was set by so much: what runs has run as long as it really has."""
    seconds = round(by.total_seconds())
    running = selectors.that_run().filter(realm=realms.REAL)
    running.update(next_at=F("next_at") + timedelta(seconds=seconds), shift=F("shift") - seconds)


def look_again() -> None:
    """Reminders are others now: look at everything that runs. Part of the caller's transaction."""
    selectors.that_run().filter(looked=True).update(next_at=F("recorded_at"))


def _done(act: Callable[[], None]) -> bool:
    try:
        with transaction.atomic():
            act()
    except Exception:  # the others are not to wait for it
        logger.exception("a limit of a report could not be kept")
        return False
    return True


def _settle(pks: Collection[uuid.UUID], now: datetime) -> None:
    locked = Incident.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk")
    incidents = list(locked)
    todo = selectors.acts(incidents, now)
    for incident in incidents:
        for act in todo(incident):
            _do(act, incident, now)


def _locked(pk: uuid.UUID) -> Incident:
    return Incident.objects.select_for_update(no_key=True).get(pk=pk)


def _do(act: Act, incident: Incident, now: datetime) -> None:
    if isinstance(act, Begin):
        deadline = Deadline(
            kind=act.kind,
            started_at=act.since,
            minutes=act.rule.minutes,
            rule=told(act.rule) | {"of": of(incident)},
            judged=of(incident),
            next_at=_first_look(act, incident, now),
            looked=True,
            **_written(incident, now),
        )
        keep(events.STARTED, deadline, events.SHAPES)
        return
    own: dict[str, Any] = {"next_at": now, "looked": True, "judged": of(incident)}
    if isinstance(act, End):
        said = {"late": act.late} | ({"reason": act.reason} if act.reason else {})
        _step(act.deadline, incident, now, kind=act.kind, **said)
        own = {"next_at": None}
    Deadline.objects.filter(pk=act.deadline.pk).update(**own)


def _first_look(act: Begin, incident: Incident, now: datetime) -> datetime:
    """When its first reminder is due; in an exercise its clock is asked."""
    percents = ReminderRule.objects.values_list("percent", flat=True)
    wait = next_look(act.rule.minutes, list(percents), ())
    return act.since + wait if wait and incident.realm == realms.REAL else now


def _remind(pk: uuid.UUID, now: datetime) -> None:
    deadline = Deadline.objects.get(pk=pk)
    incident = _locked(deadline.incident_id)
    if incident.home != settings.NODE_ID:
        Deadline.objects.filter(pk=pk).update(next_at=None, looked=False)
        return
    ends = [act for act in selectors.acts([incident], now)(incident) if isinstance(act, End)]
    if any(act.deadline.pk == pk for act in ends):
        for act in ends:
            _do(act, incident, now)
        return
    steps = selectors.written([incident])[incident.pk].steps
    own = [step for step in steps if step.deadline == pk]
    given = [step.percent for step in own if step.kind == Step.REMINDED]
    if len(given) < len(own):  # it has ended
        Deadline.objects.filter(pk=pk).update(next_at=None)
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
        deadline=deadline.pk,
        report=deadline.kind,
        kind=kind,
        **said,
        **_written(incident, now),
    )
    keep(events.OF_STEP[kind], step, events.SHAPES)


def _written(incident: Incident, now: datetime) -> dict[str, Any]:
    return {
        "incident": incident,
        "home": settings.NODE_ID,
        "realm": incident.realm,
        "recorded_at": now,
        "author": log.SYSTEM,
        "author_name": "",
    }

"""Deadlines as they run: begun, reminded of, met, stopped.

Owns: every write of them. Promises: looked at as often as anybody likes, each is written once, also
by a node that was killed in between; a reminder is given once; only the home of an incident writes
about its deadlines, and in an exercise only while it runs. Must not know: who is told, and how.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from realtime import log

from .. import realms
from ..models import Deadline, DeadlineStep, Incident, ReminderRule
from ..services.written import keep
from . import events, selectors
from .limits import next_look, reminder_due
from .standing import Act, Begin, End, of

RULE = "type_prefix grade level source verified plan".split()


def settle(incidents: Iterable[uuid.UUID], *, now: datetime | None = None) -> None:
    """Let the deadlines of these incidents be as they have to be. Raises what went wrong with the
    first that failed, after the others had their turn."""
    now = now or datetime.now(UTC)
    _each(selectors.unsettled(incidents, now), lambda pk: _settle(pk, now))


def remind(*, now: datetime | None = None) -> None:
    """Give every reminder that is due. Raises as `settle`."""
    now = now or datetime.now(UTC)
    _each(selectors.to_look_at(now), lambda pk: _remind(pk, now))


def _each(found: Sequence[uuid.UUID], act: Any) -> None:
    failed: list[Exception] = []
    for pk in found:
        try:
            with transaction.atomic():
                act(pk)
        except Exception as error:  # the others are not to wait for it
            failed.append(error)
    if failed:
        raise failed[0]


def _settle(pk: uuid.UUID, now: datetime) -> None:
    incident = Incident.objects.select_for_update().get(pk=pk)
    for act in selectors.acts([incident], now)[pk]:
        _do(act, incident, now)


def _do(act: Act, incident: Incident, now: datetime) -> None:
    if isinstance(act, Begin):
        name = f"deadline {act.kind} {act.place} {settings.NODE_ID}"
        deadline = Deadline(
            id=uuid.uuid5(incident.pk, name),
            kind=act.kind,
            started_at=act.since,
            minutes=act.rule.minutes,
            rule={
                **{name: getattr(act.rule, name) for name in RULE},
                "default": act.rule.is_default,
                "of": of(incident),
            },
            next_at=now,
            **_written(incident, now),
        )
        keep(events.STARTED, deadline, events.SHAPES)
        return
    if isinstance(act, End):
        _step(act.deadline, incident, now, kind=act.kind, late=act.late, reason=act.reason)
    next_at = None if isinstance(act, End) else now
    Deadline.objects.filter(pk=act.deadline.pk).update(next_at=next_at)


def _remind(pk: uuid.UUID, now: datetime) -> None:
    deadline = Deadline.objects.get(pk=pk)
    incident = Incident.objects.select_for_update().get(pk=deadline.incident_id)
    steps = list(DeadlineStep.objects.filter(deadline=pk))
    given = [step.percent for step in steps if step.kind == DeadlineStep.Kind.REMINDED]
    ended = len(given) < len(steps)
    if ended or incident.home != settings.NODE_ID:
        Deadline.objects.filter(pk=pk).update(next_at=None)
        return
    roles = dict(ReminderRule.objects.values_list("percent", "roles"))
    bounds = realms.find(incident.realm)
    passed = realms.passed(bounds, deadline.started_at, now)
    due = reminder_due(passed, deadline.minutes, sorted(roles), given)
    if due is not None:
        kind = DeadlineStep.Kind.REMINDED
        _step(deadline, incident, now, kind=kind, percent=due, roles=roles[due])
        given.append(due)
    wait = next_look(deadline.minutes, sorted(roles), given)
    if wait is None:
        next_at = None
    else:  # in an exercise the clock may be set anew at any time
        next_at = deadline.started_at + wait if bounds is None else now
    Deadline.objects.filter(pk=pk).update(next_at=next_at)


def _step(
    deadline: Deadline, incident: Incident, now: datetime, *, kind: DeadlineStep.Kind, **said: Any
) -> None:
    name = f"{kind} {said.get('percent', '')} {settings.NODE_ID}"
    step = DeadlineStep(
        id=uuid.uuid5(deadline.pk, name),
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

"""Steps of tasks.

Owns: every write of them. Promises: a task is acknowledged and done once; the same id twice is one.
Must not know: how it travels, HTTP.
"""

import uuid
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from realtime.problems import Invalid, NotAllowed

from ...directives import followup
from ...errors import WrongState
from ...models import Incident, Officer, Task, TaskStep
from ...permissions import require
from ...rights import rights_of
from ...services.once import already
from ...services.written import keep, written
from .. import events

Kind = TaskStep.Kind
MOMENT = timedelta(milliseconds=1)  # the least that a browser tells apart


def take_step(
    *, actor: Officer, task: Task, kind: str, text: str = "", id: uuid.UUID | None = None
) -> TaskStep:
    """Acknowledge a task, say how it stands, or say that it is done.

    A task is acknowledged and done once: the first counts, and who has done it has acknowledged it.
    For its organisation, and for the desks of the node that issued it and of the node that the
    organisation runs. A task of a directive is done when the desk that recorded it says so, after a
    feedback, which that desk may return instead. Raises NotAllowed, WrongState, Invalid for a
    feedback or a return without words, SameIdOtherContent.
    """
    require(actor, "task.answer", task.incident)
    issuer = settings.NODE_ID == task.home and rights_of(actor).everywhere
    desk = issuer or (settings.NODE_ID == task.node and rights_of(actor).everywhere)
    if actor.organisation_id != task.organisation and not desk:
        raise NotAllowed(_("This task is for another organisation."))
    if kind in (Kind.FEEDBACK, Kind.RETURNED) and not text.strip():
        raise Invalid(fields={"text": _("Say how it stands.")})
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pk=task.incident_id)
        if known := already(TaskStep, id, task=task.pk, kind=kind, text=text):
            return known
        if not task.plan:
            return _answer_directive(task, kind, text, incident, actor, id, issuer=issuer)
        if kind == Kind.RETURNED:
            raise Invalid(fields={"kind": _("Only what a directive asks is returned.")})
        steps = TaskStep.objects.filter(task=task.pk)
        if kind != Kind.FEEDBACK and (first := steps.filter(kind=kind).first()):
            return first
        acknowledged = steps.filter(kind=Kind.ACKNOWLEDGED).exists()
        if kind == Kind.DONE and task.acknowledge and not acknowledged:
            _step(task, Kind.ACKNOWLEDGED, "", incident, actor, None)
        return _step(task, kind, text, incident, actor, id)


def _answer_directive(
    task: Task,
    kind: str,
    text: str,
    incident: Incident,
    actor: Officer,
    id: uuid.UUID | None,
    *,
    issuer: bool,
) -> TaskStep:
    """The desk that recorded it decides about the last feedback, and nothing comes after it is
    done. A step is dated after all that count here, so that clocks that differ turn nothing
    around."""
    now = datetime.now(UTC)
    steps = followup.steps_of([task], now)[task.pk]
    state = followup.standing(steps, task.due_at, now).state
    if kind == Kind.ACKNOWLEDGED and state != "issued":
        own = TaskStep.objects.filter(task=task.pk, kind=kind, home__in=(task.home, task.node))
        if first := own.first():
            return first
    if state == Kind.DONE:
        raise WrongState(_("This directive is followed up already."))
    if kind in (Kind.DONE, Kind.RETURNED):
        if not issuer:
            raise NotAllowed(_("The desk of the node that recorded the directive decides."))
        if state != Kind.FEEDBACK:
            raise WrongState(_("There is no new feedback to decide about."))
    at = max([now, *(one.at + MOMENT for one in steps)])
    if kind == Kind.FEEDBACK and state == "issued":
        _step(task, Kind.ACKNOWLEDGED, "", incident, actor, None, at)
        at += MOMENT
    return _step(task, kind, text, incident, actor, id, at)


def _step(
    task: Task,
    kind: str,
    text: str,
    incident: Incident,
    actor: Officer,
    id: uuid.UUID | None,
    at: datetime | None = None,
) -> TaskStep:
    step = TaskStep(
        id=id or uuid.uuid4(),
        task=task.pk,
        kind=kind,
        text=text,
        organisation=actor.organisation_id,
        **written(incident, actor, at or datetime.now(UTC)),
    )
    keep(events.OF_STEP[TaskStep.Kind(kind)], step, events.SHAPES)
    return step

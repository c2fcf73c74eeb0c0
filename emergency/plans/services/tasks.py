"""Steps of tasks.

Owns: every write of them. Promises: a task is acknowledged and done once; the same id twice is one.
Must not know: how it travels, HTTP.
"""

import uuid
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from realtime.problems import Invalid, NotAllowed

from ...errors import WrongState
from ...models import Incident, Officer, Task, TaskStep
from ...permissions import require
from ...rights import rights_of
from ...services.once import already
from ...services.written import keep, written
from .. import events

Kind = TaskStep.Kind


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
        steps = TaskStep.objects.filter(task=task.pk)
        once = (Kind.ACKNOWLEDGED, Kind.DONE)
        if kind in once and (first := steps.filter(kind=kind).first()):
            return first
        if not task.plan or kind == Kind.RETURNED:
            _require_turn(task, kind, steps.order_by("recorded_at", "id").last(), issuer)
        acknowledged = steps.filter(kind=Kind.ACKNOWLEDGED).exists()
        answers = kind == Kind.DONE or (kind == Kind.FEEDBACK and not task.plan)
        if answers and task.acknowledge and not acknowledged:
            _step(task, Kind.ACKNOWLEDGED, "", incident, actor, None)
        return _step(task, kind, text, incident, actor, id)


def _require_turn(task: Task, kind: str, last: TaskStep | None, issuer: bool) -> None:
    """Of a directive: the desk that recorded it decides about the last feedback, and nothing comes
    after it is done."""
    if task.plan:
        raise Invalid(fields={"kind": _("Only what a directive asks is returned.")})
    if last and last.kind == Kind.DONE:
        raise WrongState(_("This directive is followed up already."))
    if kind in (Kind.DONE, Kind.RETURNED):
        if not issuer:
            raise NotAllowed(_("The desk that recorded the directive decides."))
        if last is None or last.kind != Kind.FEEDBACK:
            raise WrongState(_("There is no new feedback to decide about."))


def _step(
    task: Task, kind: str, text: str, incident: Incident, actor: Officer, id: uuid.UUID | None
) -> TaskStep:
    step = TaskStep(
        id=id or uuid.uuid4(),
        task=task.pk,
        kind=kind,
        text=text,
        organisation=actor.organisation_id,
        **written(incident, actor, datetime.now(UTC)),
    )
    keep(events.OF_STEP[TaskStep.Kind(kind)], step, events.SHAPES)
    return step

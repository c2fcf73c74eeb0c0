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

from ...models import Incident, Officer, Task, TaskStep
from ...permissions import require
from ...rights import rights_of
from ...services.once import already
from ...services.written import keep, written
from .. import events


def take_step(
    *, actor: Officer, task: Task, kind: str, text: str = "", id: uuid.UUID | None = None
) -> TaskStep:
    """Acknowledge a task, say how it stands, or say that it is done.

    A task is acknowledged and done once: the first counts, and who has done it has acknowledged it.
    For its organisation, and for the desks of the node that issued it and of the node that the
    organisation runs. Raises NotAllowed, Invalid for a feedback without words, SameIdOtherContent.
    """
    require(actor, "task.answer", task.incident)
    desk = settings.NODE_ID in (task.home, task.node) and rights_of(actor).everywhere
    if actor.organisation_id != task.organisation and not desk:
        raise NotAllowed(_("This task is for another organisation."))
    if kind == TaskStep.Kind.FEEDBACK and not text.strip():
        raise Invalid(fields={"text": _("Say how it stands.")})
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pk=task.incident_id)
        if known := already(TaskStep, id, task=task.pk, kind=kind, text=text):
            return known
        steps = TaskStep.objects.filter(task=task.pk)
        if kind != TaskStep.Kind.FEEDBACK and (first := steps.filter(kind=kind).first()):
            return first
        acknowledged = steps.filter(kind=TaskStep.Kind.ACKNOWLEDGED).exists()
        if kind == TaskStep.Kind.DONE and task.acknowledge and not acknowledged:
            _step(task, TaskStep.Kind.ACKNOWLEDGED, "", incident, actor, None)
        return _step(task, kind, text, incident, actor, id)


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

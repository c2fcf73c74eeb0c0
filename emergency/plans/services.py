"""Plans activated, tasks stepped on, first reports made.

Owns: every write to them. Promises: an activation and all of its tasks are one transaction, with
absolute times; who has a task sees the incident, at other nodes too; a higher level adds what is
not there yet and touches nothing; the same id twice is one. Must not know: how it travels, HTTP.
"""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from realtime import log
from realtime.link import sharing
from realtime.models import Peer
from realtime.problems import Invalid, NotAllowed
from realtime.registry import EventType

from .. import events as incident_events
from ..errors import SameIdOtherContent, WrongState
from ..models import (
    Activation,
    FirstReport,
    Incident,
    Officer,
    Organisation,
    Plan,
    Reach,
    Task,
    TaskStep,
)
from ..permissions import require, require_home
from ..rights import rights_of
from ..selectors import actor_text, signed
from ..services import incidents
from ..states import OPEN, STEPS
from . import elements, events

AHEAD = timedelta(minutes=15)  # how far a clock may be ahead


def plant_plan(*, code: str, **given: Any) -> Plan:
    """The first version of a plan, unless there is one already."""
    known = Plan.objects.filter(code=code, in_force=True).first()
    return known or Plan.objects.create(code=code, made_at=datetime.now(UTC), **given)


def activate_plan(
    *,
    actor: Officer,
    incident: Incident,
    plan: str,
    level: str,
    matter: str,
    until: datetime,
    measures: str,
    id: uuid.UUID | None = None,
) -> Activation:
    """Put the plan in force on the incident at this level, and issue what it has to do.

    Tasks count from now. Organisations with a task see the incident from now on; those that run a
    node of their own, at that node. Raises WrongState for an incident that is not open, Invalid
    (no such plan or level, a time that is past), SameIdOtherContent.
    """
    require(actor, "plan.activate", incident)
    require_home(incident)
    found = Plan.objects.filter(code=plan, in_force=True).first()
    if found is None:
        raise Invalid(fields={"plan": _("There is no such plan in force.")})
    order = {one["code"]: place for place, one in enumerate(found.levels)}
    if level not in order:
        raise Invalid(fields={"level": _("This plan has no such level.")})
    now = datetime.now(UTC)
    if until <= now:
        raise Invalid(fields={"until": _("The expected end lies in the past.")})
    with transaction.atomic():
        incident = Incident.objects.select_for_update().get(pk=incident.pk)
        if known := Activation.objects.filter(pk=id).first() if id else None:
            said = (known.incident_id, known.plan, known.level, known.matter, known.measures)
            if said != (incident.pk, plan, level, matter, measures):
                raise SameIdOtherContent
            return known
        if incident.state not in OPEN:
            raise WrongState(_("A plan is activated on an open incident."))
        issued = set(incident.tasks.filter(plan=plan).values_list("no", flat=True))
        wanted = [
            one
            for one in found.tasks
            if order[one["level"]] <= order[level] and one["no"] not in issued
        ]
        owners = Organisation.objects.in_bulk({one["organisation"] for one in wanted})
        if gone := {one["organisation"] for one in wanted} - owners.keys():
            raise Invalid(fields={"plan": _("No such organisation: %s") % ", ".join(sorted(gone))})
        _show(incident, owners.values(), actor)
        incident.response_level = found.levels[order[level]]["name"]
        incident.rev += 1
        incident.save()
        incidents.append(incident_events.INCIDENT_CHANGED, incident, actor)
        activation = Activation(
            id=id or uuid.uuid4(),
            plan=plan,
            plan_name=found.name,
            plan_version=found.version,
            level=level,
            level_name=incident.response_level,
            matter=matter,
            until=until,
            measures=measures,
            **_written(incident, actor, now),
        )
        _keep(events.PLAN_ACTIVATED, activation)
        for one in wanted:
            owner = owners[one["organisation"]]
            _keep(events.TASK_ISSUED, _task(one, owner, activation, incident, actor))
    return activation


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
        if known := TaskStep.objects.filter(pk=id).first() if id else None:
            if (known.task, known.kind, known.text) != (task.pk, kind, text):
                raise SameIdOtherContent
            return known
        steps = TaskStep.objects.filter(task=task.pk)
        if kind != TaskStep.Kind.FEEDBACK and (first := steps.filter(kind=kind).first()):
            return first
        acknowledged = steps.filter(kind=TaskStep.Kind.ACKNOWLEDGED).exists()
        if kind == TaskStep.Kind.DONE and task.acknowledge and not acknowledged:
            _step(task, TaskStep.Kind.ACKNOWLEDGED, "", incident, actor, None)
        return _step(task, kind, text, incident, actor, id)


def make_first_report(
    *,
    actor: Officer,
    incident: Incident,
    kind: str,
    recipient: str,
    text: str = "",
    reported_at: datetime | None = None,
    id: uuid.UUID | None = None,
) -> FirstReport:
    """Write down that the incident was reported upward for the first time, and what was known.

    The first of either kind takes the incident to its state "first report made". Raises WrongState
    for a second of this kind, Invalid for a time ahead of the clock, SameIdOtherContent.
    """
    require(actor, "incident.advance", incident)
    require_home(incident)
    now = datetime.now(UTC)
    at = reported_at or now
    if at > now + AHEAD:
        raise Invalid(fields={"reported_at": _("This time is still to come.")})
    with transaction.atomic():
        incident = Incident.objects.select_for_update().get(pk=incident.pk)
        if known := FirstReport.objects.filter(pk=id).first() if id else None:
            if (known.incident_id, known.kind, known.text) != (incident.pk, kind, text):
                raise SameIdOtherContent
            return known
        if incident.firstreports.filter(kind=kind).exists():
            raise WrongState(
                _("This first report was made already: write what follows as entries.")
            )
        filled, lacking = elements.standing(incident)
        report = FirstReport(
            id=id or uuid.uuid4(),
            kind=kind,
            recipient=recipient,
            text=text,
            reported_at=at,
            filled=filled,
            lacking=lacking,
            **_written(incident, actor, now),
        )
        _keep(events.FIRST_REPORT_MADE, report)
        if incident.state in STEPS["report"].sources:
            incidents.advance_incident(
                actor=actor, incident=incident, rev=incident.rev, step="report"
            )
    return report


def _show(incident: Incident, owners: Iterable[Organisation], actor: Officer) -> None:
    """Let the organisations see the incident, where they work."""
    linked = Peer.objects.filter(revoked_at=None).exclude(confirmed_at=None)
    peers = set(linked.values_list("node", flat=True))
    thing = f"incident/{incident.pk}"
    for owner in owners:
        if owner.node in peers:
            if not sharing.Sharing.of([thing]).has(thing, owner.node):
                sharing.grant(thing=thing, node=owner.node, actor=actor_text(actor))
        elif not incident.reaches.filter(organisation=owner.pk, ended_at=None).exists():
            Reach.objects.update_or_create(
                incident=incident,
                organisation=owner.pk,
                ground=Reach.Ground.SHARED,
                defaults={"ended_at": None},
            )


def _task(
    planned: dict[str, Any],
    owner: Organisation,
    activation: Activation,
    incident: Incident,
    actor: Officer,
) -> Task:
    return Task(
        activation=activation.pk,
        plan=activation.plan,
        no=planned["no"],
        organisation=owner.pk,
        organisation_name=owner.name,
        node=owner.node,
        text=planned["text"],
        acknowledge=planned["acknowledge"],
        due_at=activation.recorded_at + timedelta(minutes=planned["minutes"]),
        **_written(incident, actor, activation.recorded_at),
    )


def _step(
    task: Task, kind: str, text: str, incident: Incident, actor: Officer, id: uuid.UUID | None
) -> TaskStep:
    step = TaskStep(
        id=id or uuid.uuid4(),
        task=task.pk,
        kind=kind,
        text=text,
        organisation=actor.organisation_id,
        **_written(incident, actor, datetime.now(UTC)),
    )
    _keep(events.OF_STEP[TaskStep.Kind(kind)], step)
    return step


def _written(incident: Incident, actor: Officer, at: datetime) -> dict[str, Any]:
    """The columns of what this officer writes about the incident now."""
    return {
        "incident": incident,
        "home": settings.NODE_ID,
        "realm": incident.realm,
        "recorded_at": at,
        **signed(actor),
    }


def _keep(kind: EventType, row: events.Row) -> None:
    """Save what was written, and append it."""
    row.save(force_insert=True)
    log.append(
        kind,
        subject=f"{events.SUBJECTS[type(row)]}/{row.pk}",
        about=f"incident/{row.incident_id}",
        actor=row.author,
        realm=row.realm,
        rev=1,
        public=events.data(row),
        relay="about",
    )

"""Plans put in force on an incident, and responses that end.

Owns: every write of them. Promises: an activation and all of its tasks are one transaction, with
absolute times; who has a task sees the incident, at other nodes too; a higher level adds what is
not there yet and touches nothing; after an end everything is issued anew; the same id twice is
one. Must not know: how it travels, HTTP.
"""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from realtime.link import sharing
from realtime.problems import Invalid

from ... import events as incident_events
from ... import realms
from ...errors import WrongState
from ...models import Activation, Incident, Officer, Organisation, Plan, Reach, ResponseEnd, Task
from ...permissions import require, require_home
from ...rounds import selectors as rounds
from ...rounds.services import order_rounds
from ...selectors import actor_text
from ...selectors_sharing import reached
from ...services import revisions
from ...services.once import already
from ...services.sharing import grant_with_way
from ...services.written import keep, written
from ...states import OPEN
from .. import events, selectors


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

    Tasks count from now, and so do the rounds of reports that the level asks for. Organisations
    with a task, or that report, see the incident from now on; those that run a node of their own,
    at that node. Raises WrongState for an incident that is not open, Invalid
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
        said = {"plan": plan, "level": level, "matter": matter, "measures": measures}
        if known := already(Activation, id, incident_id=incident.pk, **said):
            return known
        if incident.state not in OPEN:
            raise WrongState(_("A plan is activated on an open incident."))
        current = [one.pk for one in selectors.in_force(incident)]
        issued = set(
            incident.tasks.filter(plan=plan, activation__in=current).values_list("no", flat=True)
        )
        wanted = [
            one
            for one in found.tasks
            if order[one["level"]] <= order[level] and one["no"] not in issued
        ]
        owners = Organisation.objects.in_bulk({one["organisation"] for one in wanted})
        if gone := {one["organisation"] for one in wanted} - owners.keys():
            raise Invalid(fields={"plan": _("No such organisation: %s") % ", ".join(sorted(gone))})
        every, reporters = rounds.reporters(found, level, incident.realm)
        show_to(incident, {one.pk: one for one in (*owners.values(), *reporters)}.values(), actor)
        incident.response_level = found.levels[order[level]]["name"]
        revisions.keep(incident)
        revisions.append(incident_events.INCIDENT_CHANGED, incident, actor)
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
            **written(incident, actor, now),
        )
        keep(events.PLAN_ACTIVATED, activation, events.SHAPES)
        for one in wanted:
            owner = owners[one["organisation"]]
            task = _task(one, owner, activation, incident, actor)
            keep(events.TASK_ISSUED, task, events.SHAPES)
        order_rounds(
            actor=actor,
            incident=incident,
            activation=activation,
            every=every,
            reporters=reporters,
        )
    return activation


def end_response(
    *, actor: Officer, incident: Incident, plan: str, text: str, id: uuid.UUID | None = None
) -> ResponseEnd:
    """Say that what this plan put in force on the incident has ended (解除), and why.

    Its tasks stay as they are, and no deadline of theirs runs any more. The level of response that
    the incident keeps is the one of another plan still in force, if there is one. Raises WrongState
    where nothing of the plan is in force, SameIdOtherContent.
    """
    require(actor, "plan.activate", incident)
    require_home(incident)
    with transaction.atomic():
        incident = Incident.objects.select_for_update().get(pk=incident.pk)
        if known := already(ResponseEnd, id, incident_id=incident.pk, plan=plan, text=text):
            return known
        current = selectors.in_force(incident)
        ended = [one for one in current if one.plan == plan]
        if not ended:
            raise WrongState(_("This plan is not in force on the incident."))
        others = [one for one in current if one.plan != plan]
        incident.response_level = others[-1].level_name if others else ""
        revisions.keep(incident)
        revisions.append(incident_events.INCIDENT_CHANGED, incident, actor)
        end = ResponseEnd(
            id=id or uuid.uuid4(),
            plan=plan,
            plan_name=ended[-1].plan_name,
            level_name=ended[-1].level_name,
            activations=[str(one.pk) for one in ended],
            text=text,
            **written(incident, actor, datetime.now(UTC)),
        )
        keep(events.RESPONSE_ENDED, end, events.SHAPES)
    return end


def show_to(incident: Incident, owners: Iterable[Organisation], actor: Officer) -> bool:
    """Let the organisations see an incident of this node, where they work; whether it says so anew
    and is to be told. Part of the caller's transaction."""
    nodes, thing, by = reached(), f"incident/{incident.pk}", actor_text(actor)
    new = False
    for owner in owners:
        way = [owner.node, *sharing.way_to(owner.node)]
        if owner.node in nodes and all(realms.may_go(incident.realm, one) for one in way):
            if not sharing.Sharing.of([thing]).has(thing, owner.node):
                grant_with_way(thing=thing, node=owner.node, by=by)
        elif not incident.reaches.filter(organisation=owner.pk, ended_at=None).exists():
            new = True
            Reach.objects.update_or_create(
                incident=incident,
                organisation=owner.pk,
                ground=Reach.Ground.SHARED,
                defaults={"ended_at": None},
            )
    return new


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
        **written(incident, actor, activation.recorded_at),
    )

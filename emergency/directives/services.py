"""Directives are recorded, and what they ask is handed to units as tasks.

Owns: every write of a directive; its tasks are answered like those of a plan
(plans/services/tasks.py). Promises: the directive and all of its tasks are one transaction; what
was said by word of mouth was read back; who has a task sees the incident; the same id twice is one.
Must not know: how it travels, HTTP.
Source: 领导批示督办通行做法 (record time and words, read back, pass on at once, feed back in time).
"""

import uuid
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from realtime.link import sharing
from realtime.problems import Invalid

from ..errors import WrongState
from ..events import INCIDENT_OPENED
from ..models import Directive, Incident, Officer, Organisation, Task
from ..permissions import require
from ..plans import events as plan_events
from ..plans.services.responses import show_to
from ..selectors_sharing import reached
from ..services import reaching, revisions
from ..services.once import already
from ..services.written import keep, written
from ..states import OPEN
from . import events

AHEAD = timedelta(minutes=15)  # how far clocks may differ
LONGEST = timedelta(days=366)
SPOKEN = (Directive.Channel.PHONE, Directive.Channel.ORAL)
MOST = 60
Part = Directive.Part


def record_directive(
    *,
    actor: Officer,
    incident: Incident,
    leader: str,
    post: str,
    channel: str,
    text: str,
    received_at: datetime,
    read_back: bool,
    what: str,
    due_at: datetime,
    lead: str,
    assist: Collection[str] = (),
    id: uuid.UUID | None = None,
) -> Directive:
    """Write down what a leader has said about the incident, and give the units their tasks.

    For the desk in charge of the incident and for another that holds it, which then follows it up.
    Raises Invalid (what was spoken and not read back, a time to come, feedback due in the past, no
    such unit, one that no way leads to or that does not hold an incident of another node),
    WrongState for an incident that is not open, SameIdOtherContent.
    """
    require(actor, "directive.record", incident)
    now, due_at, received_at = (
        datetime.now(UTC),
        due_at.astimezone(UTC),
        received_at.astimezone(UTC),
    )
    codes = [lead, *(one for one in dict.fromkeys(assist) if one != lead)]
    said = {
        "leader": leader,
        "post": post,
        "channel": channel,
        "text": text,
        "received_at": received_at,
        "read_back": read_back,
        "what": what,
        "due_at": due_at,
    }
    with transaction.atomic():
        incident = Incident.objects.select_for_update().get(pk=incident.pk)
        if known := already(Directive, id, incident_id=incident.pk, **said):
            return known
        if incident.state not in OPEN:
            raise WrongState(_("A directive is followed up on an open incident."))
        if channel in SPOKEN and not read_back:
            raise Invalid(fields={"read_back": _("Read it back to the leader first.")})
        if received_at > now + AHEAD:
            raise Invalid(fields={"received_at": _("This has not happened yet.")})
        if not now < due_at <= now + LONGEST:
            raise Invalid(fields={"due_at": _("Feedback is due from now on, within a year.")})
        found = Organisation.objects.in_bulk(codes)
        if not 1 <= len(codes) <= MOST or set(codes) != found.keys():
            raise Invalid(fields={"lead": _("There is no such organisation.")})
        said["units"] = [
            {
                "organisation": code,
                "organisation_name": found[code].name,
                "part": Part.ASSIST if place else Part.LEAD,
            }
            for place, code in enumerate(codes)
        ]
        _show(incident, list(found.values()), actor)
        row = Directive(id=id or uuid.uuid4(), **said, **written(incident, actor, now))
        keep(events.DIRECTIVE_RECORDED, row, events.SHAPES)
        for place, code in enumerate(codes):
            task = _task(row, found[code], place + 1, incident, actor, now)
            keep(plan_events.TASK_ISSUED, task, plan_events.SHAPES)
    return row


def _show(incident: Incident, units: Collection[Organisation], actor: Officer) -> None:
    """Let the units see it. An incident of another node is shown to those of this node here; to
    other nodes its own node shows it."""
    nodes = {"", settings.NODE_ID, *reached()}
    for unit in units:
        if unit.node not in nodes:
            raise Invalid(fields={"lead": _("This node has no way to %s.") % unit.name})
    if incident.home == settings.NODE_ID:
        if show_to(incident, units, actor):
            revisions.keep(incident)
            revisions.append(INCIDENT_OPENED, incident, actor)
        return
    thing = f"incident/{incident.pk}"
    shared = sharing.Sharing.of([thing])
    for unit in units:
        if unit.node in ("", settings.NODE_ID):
            reaching.open_to(actor=actor, incident=incident, organisation=unit)
        elif unit.node != incident.home and not shared.has(thing, unit.node):
            said = _("%s does not see this incident; its own node shows it to more.") % unit.name
            raise Invalid(fields={"lead": said})


def _task(
    row: Directive,
    unit: Organisation,
    no: int,
    incident: Incident,
    actor: Officer,
    now: datetime,
) -> Task:
    return Task(
        activation=row.pk,
        plan="",
        no=no,
        organisation=unit.pk,
        organisation_name=unit.name,
        node=unit.node,
        text=row.what,
        acknowledge=True,
        due_at=row.due_at,
        **written(incident, actor, now),
    )

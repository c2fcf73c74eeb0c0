"""Requests to the home of an incident: made by whoever holds it, answered once by the home.

Owns: every write to a request. Promises: only the home writes the incident, so what was asked for
changes it with the answer, in the same transaction, or not at all; an answered request stays as it
is. Must not know: how either travels, HTTP.
"""

import uuid
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from realtime import log
from realtime.problems import Invalid
from realtime.registry import EventType

from .. import request_events as events
from ..errors import WrongState
from ..models import Incident, Officer, Request
from ..permissions import require, require_home
from ..selectors import actor_text, signed
from . import incidents
from .once import already


def make_request(
    *,
    actor: Officer,
    incident: Incident,
    kind: str,
    text: str,
    due_at: datetime,
    proposed: dict[str, Any] | None = None,
    id: uuid.UUID | None = None,
) -> Request:
    """Ask the home of this incident for a change or for support; the same id twice is one request.

    Raises WrongState at the home itself, Invalid for a time to answer that is past.
    """
    require(actor, "entry.write", incident)
    if incident.home == settings.NODE_ID:
        raise WrongState(_("This node is in charge of the incident: change it."))
    now = datetime.now(UTC)
    if due_at <= now:
        raise Invalid(fields={"due_at": _("The time to answer has passed already.")})
    with transaction.atomic():
        incident = Incident.objects.select_for_update().get(pk=incident.pk)
        if known := already(Request, id, incident_id=incident.pk, kind=kind, text=text):
            return known
        request = Request.objects.create(
            id=id or uuid.uuid4(),
            incident=incident,
            home=settings.NODE_ID,
            realm=incident.realm,
            kind=kind,
            text=text,
            proposed=proposed or {},
            **signed(actor),
            recorded_at=now,
            due_at=due_at,
        )
        _append(events.REQUEST_MADE, request, f"request/{request.pk}", actor)
    return request


def answer_request(
    *,
    actor: Officer,
    request: Request,
    outcome: str,
    text: str = "",
    changes: dict[str, Any] | None = None,
    id: uuid.UUID | None = None,
) -> Request:
    """Accept, accept in part or refuse; `changes` of the incident go with it.

    Raises NotHomeNode where another node answers, WrongState when it was answered, Invalid where a
    refusal says nothing.
    """
    require(actor, "incident.edit", request.incident)
    require_home(request.incident)
    if outcome != Request.Outcome.ACCEPTED and not text.strip():
        raise Invalid(fields={"text": _("Say why.")})
    with transaction.atomic():
        incident = Incident.objects.select_for_update().get(pk=request.incident_id)
        request = Request.objects.select_for_update().get(pk=request.pk)
        if request.answer_id is not None:
            raise WrongState(_("This request was answered already."))
        if changes and outcome != Request.Outcome.REFUSED:
            incidents.change_incident(actor=actor, incident=incident, rev=incident.rev, **changes)
        request.answer_id, request.answer_home = id or uuid.uuid4(), settings.NODE_ID
        request.outcome, request.answer = outcome, text
        request.answered_by = actor_text(actor)
        request.answered_by_name = f"{actor.organisation.name} {actor.name}"
        request.answered_at = datetime.now(UTC)
        request.save()
        _append(events.REQUEST_ANSWERED, request, f"answer/{request.answer_id}", actor)
    return request


def _append(kind: EventType, request: Request, subject: str, actor: Officer) -> None:
    build = events.request_data if kind is events.REQUEST_MADE else events.answer_data
    log.append(
        kind,
        subject=subject,
        about=f"incident/{request.incident_id}",
        actor=actor_text(actor),
        realm=request.realm,
        rev=1,
        public=build(request),
        relay="about",
    )

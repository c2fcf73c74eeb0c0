"""Reports upward: written down, drafted, signed, returned, taken.

Owns: every write of them. Promises: a first report by phone and one in writing, each once, then
follow-ups numbered without a gap, then the final one, and supplements numbered after it; what is
issued was read by who signed it and never changes; whose leader is not at the desk writes down who
approved it by word of mouth, and when. Must not know: how it travels, HTTP.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from realtime import log
from realtime.problems import Invalid, NotAllowed
from realtime.registry import EventType

from ..errors import ContradictsLast, SameIdOtherContent, StaleRevision, WrongState
from ..models import Incident, Officer, Report, ReportDraft, ReportReceipt
from ..permissions import may, require, require_home
from ..selectors import actor_text, signed
from ..services import incidents
from ..services.once import already
from ..services.written import keep, written
from ..states import OPEN, STEPS, State
from . import drafting, elements, events, selectors

AHEAD = timedelta(minutes=15)  # how far a clock may be ahead
FIRST = (Report.Kind.PHONE, Report.Kind.WRITTEN)
STEP = {Report.Kind.WRITTEN: "report", Report.Kind.PHONE: "report", Report.Kind.FINAL: "conclude"}


def make_first_report(
    *,
    actor: Officer,
    incident: Incident,
    kind: str,
    recipient: str,
    text: str = "",
    reported_at: datetime | None = None,
    id: uuid.UUID | None = None,
) -> Report:
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
    received = incident.received_at.replace(second=0, microsecond=0)  # a person names the minute
    if at < min(received, now):
        raise Invalid(fields={"reported_at": _("This is before the incident was received.")})
    with transaction.atomic():
        incident = Incident.objects.select_for_update().get(pk=incident.pk)
        if known := already(Report, id, incident_id=incident.pk, kind=kind, text=text):
            return known
        if selectors.chain(incident).filter(kind=kind).exists():
            raise WrongState(_("This first report was made already: a follow-up comes next."))
        filled, lacking = elements.standing(incident)
        report = Report(
            id=id or uuid.uuid4(),
            kind=kind,
            recipient=recipient,
            text=text,
            reported_at=at,
            filled=filled,
            lacking=lacking,
            **written(incident, actor, now),
        )
        keep(events.REPORT_MADE, report, events.SHAPES)
        _advance(actor, incident, kind)
    return report


def submit_draft(
    *,
    actor: Officer,
    incident: Incident,
    kind: str,
    recipient: str,
    text: str,
    rev: int,
    covers: dict[str, Any],
    unknown: Sequence[str] = (),
    confirmed: Mapping[str, int] = MappingProxyType({}),
    id: uuid.UUID | None = None,
) -> ReportDraft:
    """Lay a report in writing before who signs it, with the elements as its words have them.

    `rev` is the revision that its words were made from, `covers` up to where they tell, `confirmed`
    figures that fell and are right. Raises StaleRevision where the incident says something else by
    now, WrongState where it is not this report's turn or another draft waits, ContradictsLast,
    SameIdOtherContent.
    """
    require(actor, "report.draft", incident)
    require_home(incident)
    with transaction.atomic():
        incident = Incident.objects.select_for_update().get(pk=incident.pk)
        if known := already(ReportDraft, id, incident_id=incident.pk, kind=kind, text=text):
            return known
        if Report.objects.filter(pk=id).exists():
            raise SameIdOtherContent
        _require_turn(incident, kind)
        if incident.rev != rev:
            raise StaleRevision
        if incident.drafts.filter(state=ReportDraft.State.SUBMITTED).exists():
            raise WrongState(_("Another report of this incident waits for its signature."))
        last, now = selectors.last_issued(incident), selectors.said(incident)
        fallen = drafting.contradictions(last.elements if last else {}, now)
        if any(confirmed.get(one["name"]) != one["now"] for one in fallen):
            raise ContradictsLast(fallen)
        draft = ReportDraft.objects.create(
            id=id or uuid.uuid4(),
            incident=incident,
            realm=incident.realm,
            kind=kind,
            recipient=recipient,
            text=text,
            unknown=sorted(set(unknown) & set(elements.LABELS)),
            elements=now,
            said_of=rev,
            covers=covers,
            recorded_at=datetime.now(UTC),
            **signed(actor),
        )
        _tell(events.DRAFT_SUBMITTED, draft, actor)
    return draft


def sign_draft(
    *,
    actor: Officer,
    draft: ReportDraft,
    oral_name: str = "",
    oral_at: datetime | None = None,
) -> Report:
    """Issue the report of this draft, as it was submitted.

    By who may sign; by who drafts with the name of the leader who approved it by word of mouth
    (read back), and when. A final report concludes the incident. Raises WrongState for a draft that
    does not wait, or where it is not its turn any more.
    """
    require(actor, "report.draft", draft.incident)
    require_home(draft.incident)
    now = datetime.now(UTC)
    if not may(actor, "report.sign") and not (oral_name and oral_at):
        raise NotAllowed(_("Say who approved it by word of mouth, and when, or let a leader sign."))
    submitted = draft.recorded_at.replace(second=0, microsecond=0)  # a person names the minute
    if oral_at and not submitted <= oral_at <= now + AHEAD:
        raise Invalid(fields={"oral_at": _("It was approved after it was submitted, not before.")})
    with transaction.atomic():
        incident = Incident.objects.select_for_update().get(pk=draft.incident_id)
        draft = _waiting(draft)
        if draft.covers["epoch"] != log.head().epoch:
            raise WrongState(_("The node was restored since: draft this report anew."))
        _require_turn(incident, draft.kind)
        last = selectors.last_issued(incident)
        needed = selectors.needed(draft.kind, draft.elements)
        report = Report(
            id=draft.pk,
            kind=draft.kind,
            number=selectors.number(incident, draft.kind),
            title=incident.title,
            recipient=draft.recipient,
            text=draft.text,
            reported_at=now,
            elements=draft.elements,
            before=drafting.changed(last.elements if last else {}, draft.elements),
            **drafting.completeness(draft.elements, draft.unknown, needed),
            covers=draft.covers,
            signed_by=actor_text(actor),
            signed_by_name=signed(actor)["author_name"],
            oral={"name": oral_name, "at": oral_at.isoformat()} if oral_at else {},
            **written(incident, actor, draft.recorded_at)
            | {"author": draft.author, "author_name": draft.author_name},
        )
        keep(events.REPORT_ISSUED, report, events.SHAPES, actor=report.signed_by)
        _close(draft, ReportDraft.State.SIGNED, actor)
        _advance(actor, incident, draft.kind)
    return report


def return_draft(*, actor: Officer, draft: ReportDraft, reason: str) -> ReportDraft:
    """Do not sign it, and say why. Raises WrongState for a draft that does not wait."""
    require(actor, "report.sign", draft.incident)
    with transaction.atomic():
        Incident.objects.select_for_update().get(pk=draft.incident_id)
        draft = _waiting(draft)
        return _close(draft, ReportDraft.State.RETURNED, actor, reason)


def withdraw_draft(*, actor: Officer, draft: ReportDraft) -> ReportDraft:
    """Take it back before it is signed. Raises WrongState for a draft that does not wait."""
    require(actor, "report.draft", draft.incident)
    with transaction.atomic():
        Incident.objects.select_for_update().get(pk=draft.incident_id)
        draft = _waiting(draft)
        return _close(draft, ReportDraft.State.WITHDRAWN, actor)


def take_report(*, actor: Officer, report: Report) -> ReportReceipt:
    """Note that the actor's organisation has the report (签收); the first of each organisation of a
    node counts. Raises WrongState at the node that made it."""
    require(actor, "incident.receive", report.incident)
    if report.home == settings.NODE_ID:
        raise WrongState(_("This node made the report."))
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pk=report.incident_id)
        who = {"home": settings.NODE_ID, "organisation": actor.organisation_id}
        if known := incident.reportreceipts.filter(report=report.pk, **who).first():
            return known
        taken = ReportReceipt(
            report=report.pk,
            organisation=actor.organisation_id,
            **written(incident, actor, datetime.now(UTC)),
        )
        keep(events.REPORT_TAKEN, taken, events.SHAPES)
    return taken


def _require_turn(incident: Incident, kind: str) -> None:
    """Raise WrongState unless a report of this kind may come next; the incident is locked."""
    made = set(selectors.chain(incident).values_list("kind", flat=True))
    if kind == Report.Kind.SUPPLEMENT:
        if incident.state != State.CONCLUDED:
            raise WrongState(_("A supplement follows the final report."))
    elif incident.state not in OPEN:
        raise WrongState(_("Reports are made of an open incident."))
    if kind == Report.Kind.WRITTEN and kind in made:
        raise WrongState(_("The first report in writing was made: a follow-up comes next."))
    if kind != Report.Kind.WRITTEN and not made & set(FIRST):
        raise WrongState(_("A first report comes first."))


def _waiting(draft: ReportDraft) -> ReportDraft:
    """The draft, locked after its incident. Raises WrongState where it does not wait."""
    draft = ReportDraft.objects.select_for_update().get(pk=draft.pk)
    if draft.state != ReportDraft.State.SUBMITTED:
        raise WrongState(_("This draft does not wait for a signature any more."))
    return draft


def _close(draft: ReportDraft, state: str, actor: Officer, reason: str = "") -> ReportDraft:
    draft.state, draft.reason, draft.rev = state, reason, draft.rev + 1
    draft.closed_by_name = signed(actor)["author_name"]
    draft.save(update_fields=["state", "reason", "rev", "closed_by_name"])
    _tell(events.DRAFT_CLOSED, draft, actor)
    return draft


def _tell(kind: EventType, draft: ReportDraft, actor: Officer) -> None:
    log.append(
        kind,
        subject=f"draft/{draft.pk}",
        about=f"incident/{draft.incident_id}",
        actor=actor_text(actor),
        realm=draft.realm,
        rev=draft.rev,
        public=events.draft_data(draft),
    )


def _advance(actor: Officer, incident: Incident, kind: str) -> None:
    """Take the incident to the state that this report stands for, where it is not there yet."""
    step = STEP.get(Report.Kind(kind))
    if step and incident.state in STEPS[step].sources:
        incidents.advance_incident(actor=actor, incident=incident, rev=incident.rev, step=step)

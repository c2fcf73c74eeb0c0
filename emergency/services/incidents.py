"""Incidents: reported, changed, advanced.

Owns: every write to an incident and to where it lies. Promises: permission once at the door; row,
tie and reach first, the envelope last, one transaction; the same id twice is one incident; a stale
revision changes nothing. Must not know: requests, how the layers are searched (gis.selectors).
"""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from realtime.access import View
from realtime.problems import Invalid

from .. import events
from ..deadlines import services as deadlines
from ..errors import SameIdOtherContent, WrongState
from ..grading import selectors as grading
from ..grading.thresholds import INITIAL
from ..models import Incident, IncidentType, Officer, Organisation, Reach, Tie
from ..permissions import may, require, require_home, require_realm
from ..realms import REAL
from ..rounds.services import order_again
from ..selectors import actor_text, view_of
from ..selectors_sharing import audience_of
from ..states import OPEN, STEPS, State
from ..supplements.selectors import days_of
from . import sharing, ties
from .numbers import lock_series, take_number
from .once import fingerprint
from .revisions import append, keep, locked

RULED = ("type_code", "grade")  # what sharing rules and limits of reports ask for
AHEAD = timedelta(minutes=15)  # how far clocks may differ


def report_incident(
    *,
    actor: Officer,
    title: str,
    type_code: str,
    id: uuid.UUID | None = None,
    realm: str = REAL,
    around: ties.Surroundings | None = None,
    split_from: uuid.UUID | None = None,
    **fields: Any,
) -> tuple[Incident, bool]:
    """Write down a new incident; returns it and whether it is new.

    `around` are the surroundings of `lon`, `lat`; `fields` are columns of Incident; `split_from` is
    one with which it was reported as one. Raises NotAllowed, Invalid (unknown class, inconsistent
    values), SameIdOtherContent, NotHomeNode for an incident of another node that is split.
    """
    require(actor, "incident.report")
    require_realm(actor, realm)
    if split_from:
        fields["split_from_id"] = split_from
    now = datetime.now(UTC)
    kind = _incident_type(type_code)
    content = fingerprint(realm=realm, title=title, type_code=type_code, **fields)
    with transaction.atomic():
        # the year's numbers are locked first, so that the same id at the same time waits here
        series = lock_series(realm=realm, kind="incident", at=now)
        if known := Incident.objects.filter(pk=id).first() if id else None:
            return _same(known, actor, content), False
        if split_from:
            _require_whole(actor, split_from, realm)
        incident = Incident(
            id=id or uuid.uuid4(),
            home=settings.NODE_ID,
            realm=realm,
            number=take_number(series=series),
            state=State.RECEIVED,
            title=title,
            type_code=kind.code,
            type_name=kind.name,
            received_at=fields.pop("received_at", None) or now,
            received_by=actor.name,
            fingerprint=content,
            **fields,
        )
        if incident.grade:
            incident.grading = grading.of(incident).data() | {"stage": INITIAL, "reason": ""}
        incident.audience = audience_of(incident)
        _require_consistent(incident)
        here = _lies_in(incident, around)
        deadlines.state(incident=incident, now=now)
        incident.save(force_insert=True)
        grounds = [(actor.organisation_id, Reach.Ground.OWNER)]
        grounds += [(code, Reach.Ground.PLACE) for code in sorted(here)]
        Reach.objects.bulk_create(
            Reach(incident=incident, organisation=code, ground=ground) for code, ground in grounds
        )
        tie = ties.make(incident=incident, around=around, reason="reported") if around else None
        append(events.INCIDENT_REPORTED, incident, actor)
        if tie:
            ties.append(tie, actor=actor_text(actor))
    return incident, True


def change_incident(
    *,
    actor: Officer,
    incident: Incident,
    rev: int,
    around: ties.Surroundings | None = None,
    grade_stage: str = "",
    grade_reason: str = "",
    **fields: Any,
) -> Incident:
    """Change columns of an incident; a new `lon`, `lat` comes with its surroundings.

    A new grade is an estimate unless `grade_stage` says that it was confirmed, which the same
    grade can be too; what the table suggests is kept with it. A new grade or class lets the
    sharing rules be asked again. Raises NotFound, NotAllowed, StaleRevision, WrongState
    (archived), Invalid (unknown class, inconsistent values).
    """
    require(actor, "incident.edit", incident)
    require_home(incident)
    if grade_stage or {"grade", "response_level", "warning_colour"} & fields.keys():
        require(actor, "incident.grade", incident)
    if "type_code" in fields:
        fields["type_name"] = _incident_type(fields["type_code"]).name
    with transaction.atomic():
        incident = locked(incident, rev)
        if incident.state == State.ARCHIVED:
            raise WrongState
        decided = grade_stage or fields.get("grade", incident.grade) != incident.grade
        before = incident.grading
        same = all(getattr(incident, name) == value for name, value in fields.items())
        if same and not decided:
            return incident
        ruled = [getattr(incident, name) for name in RULED]
        for name, value in fields.items():
            setattr(incident, name, value)
        _require_consistent(incident)
        if decided:
            said = {"stage": grade_stage or INITIAL, "reason": grade_reason}
            incident.grading = grading.of(incident).data() | said
            if same and incident.grading == before:
                return incident
        tie = _move(incident, around) if "lon" in fields else None
        ruled_anew = ruled != [getattr(incident, name) for name in RULED]
        if ruled_anew:
            deadlines.state(incident=incident, now=datetime.now(UTC))
        keep(incident)
        append(events.INCIDENT_CHANGED, incident, actor)
        if tie:
            ties.append(tie, actor=actor_text(actor))
        if ruled_anew:
            sharing.share_by_rule(incident=incident, by=actor_text(actor))
    return incident


def advance_incident(
    *,
    actor: Officer,
    incident: Incident,
    rev: int,
    step: str,
    reason: str = "",
    into: Incident | None = None,
) -> Incident:
    """Take one step of the state table. Raises WrongState, StaleRevision, Invalid, NotAllowed."""
    require(actor, "incident.advance", incident)
    require_home(incident)
    row = STEPS.get(step)
    if row is None:
        raise Invalid(fields={"step": _("There is no such step.")})
    if row.reason and not reason.strip():
        raise Invalid(fields={"reason": _("Say why.")})
    if (step == "merge") != (into is not None) or (into and into.pk == incident.pk):
        raise Invalid(fields={"into": _("Name the other incident that this one is merged into.")})
    if into is not None:
        require(actor, "incident.advance", into)
        if into.realm != incident.realm:
            raise Invalid(fields={"into": _("It belongs to another exercise, or to none.")})
    if step == "archive" and not may(actor, "incident.archive"):
        require(actor, "incident.archive", incident)
    with transaction.atomic():
        incident = locked(incident, rev, into)
        if incident.state not in row.sources:
            raise WrongState
        if step == "archive" and days_of(incident, datetime.now(UTC)).get("moved"):
            raise WrongState(_("Casualties are not as reported: a supplement comes first."))
        anew = incident.state not in OPEN and row.target in OPEN
        incident.state, incident.state_reason, incident.merged_into = row.target, reason, into
        if anew:
            deadlines.state(incident=incident, now=datetime.now(UTC), anew=True)
            order_again(actor=actor, incident=incident)
        keep(incident)
        append(events.INCIDENT_ADVANCED, incident, actor)
    return incident


def _incident_type(code: str) -> IncidentType:
    found = IncidentType.objects.filter(pk=code).first()
    if found is None:
        raise Invalid(fields={"type_code": _("There is no such class.")})
    return found


def _require_whole(actor: Officer, pk: uuid.UUID, realm: str) -> None:
    """Raise unless this officer may split that incident."""
    whole = Incident.objects.filter(pk=pk, realm=realm).first()
    if whole is None or view_of(actor, whole) < View.PUBLIC:
        raise Invalid(fields={"split_from": _("There is no such incident.")})
    require(actor, "incident.edit", whole)
    require_home(whole)


def _same(known: Incident, actor: Officer, content: str) -> Incident:
    if known.fingerprint != content or view_of(actor, known) < View.PUBLIC:
        raise SameIdOtherContent
    return known


def _require_consistent(incident: Incident) -> None:
    """Raise Invalid for values that contradict each other."""
    fields = {}
    if None not in (incident.serious, incident.injured) and incident.serious > incident.injured:
        fields["casualties.serious"] = _("More seriously injured than injured.")
    if incident.occurred_at and incident.occurred_at > incident.received_at + AHEAD:
        fields["occurred_at"] = _("It cannot have happened after it was reported.")
    if fields:
        raise Invalid(fields=fields)


def _lies_in(incident: Incident, around: ties.Surroundings | None) -> set[str]:
    """Note the district; the organisations whose area the point lies in."""
    incident.district = incident.district_name = ""
    if around is None:
        return set()
    if districts := around.survey["districts"]:
        incident.district, incident.district_name = districts[0]["id"], districts[0]["name"]
    kinds = ("districts", "zones")
    areas = [f"{kind}/{area['id']}" for kind in kinds for area in around.survey[kind]]
    return set(Organisation.objects.filter(area__in=areas).values_list("code", flat=True))


def _move(incident: Incident, around: ties.Surroundings | None) -> Tie | None:
    """Let the incident reach those in whose area it lies now, and tie it anew."""
    here = _lies_in(incident, around)
    placed = Reach.objects.filter(incident=incident, ground=Reach.Ground.PLACE)
    placed.filter(ended_at=None).exclude(organisation__in=here).update(ended_at=datetime.now(UTC))
    placed.filter(organisation__in=here).update(ended_at=None)
    Reach.objects.bulk_create(
        Reach(incident=incident, organisation=code, ground=Reach.Ground.PLACE)
        for code in here - set(placed.values_list("organisation", flat=True))
    )
    return ties.make(incident=incident, around=around, reason="moved") if around else None

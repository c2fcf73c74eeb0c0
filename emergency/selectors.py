"""What the duty desk reads: incidents an officer may see, their records, the class tree.

Owns: the queries. Promises: `visible_incidents` is where every list and look-up starts, with the
realm as its first argument and no default; nothing here writes. Must not know: requests.
"""

import uuid
from collections.abc import Iterable
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Q, QuerySet, prefetch_related_objects

from realtime import access, log, refusals
from realtime.access import View
from realtime.hub import item
from realtime.link import applying
from realtime.models import Envelope
from realtime.problems import NotFound

from . import events, realms, receipt_events, request_events, selectors_sharing, states
from .deadlines import events as deadline_events
from .directives import events as directive_events
from .errors import OtherRealm
from .models import (
    Attachment,
    Entry,
    Incident,
    IncidentType,
    Officer,
    Organisation,
    Reach,
    Request,
)
from .plans import events as plan_events
from .reporting import events as report_events
from .rights import ADMINS
from .roles import verbs_of
from .rounds import events as round_events
from .selectors_homes import homes
from .supplements import events as supplement_events

LISTED = 5000  # what a browser is asked to hold
ABOUT = (  # lists of what is written about an incident
    "entries attachments shares shown_here homes requests receipts answers activations ends tasks "
    "task_steps reports report_receipts drafts deadline_steps "
    "round_orders round_reports round_reminders supplements directives task_reminders"
).split()
NO_CHANGE = ("rev", "steps", "limits")  # of the incident, for its history
Written = TypeVar("Written", Entry, Attachment, Request)


def actor_text(officer: Officer) -> str:
    """`name@node role`, as the log keeps an actor."""
    return f"{officer.username}@{settings.NODE_ID} {officer.role}"


def signed(officer: Officer) -> dict[str, str]:
    """Who wrote something, as what is written keeps it: in the log's words and by name."""
    name = f"{officer.organisation.name} {officer.name}"
    return {"author": actor_text(officer), "author_name": name}


def open_incidents(realm: str) -> QuerySet[Incident]:
    """Incidents of this realm that are not concluded, newest first."""
    return Incident.objects.filter(realm=realm, state__in=states.OPEN)


def visible_incidents(realm: str, officer: Officer) -> QuerySet[Incident]:
    """Incidents of this realm that the officer may see, newest first."""
    rights = access.resolver().user_rights(officer)
    incidents = Incident.objects.filter(realm=realm)
    if rights is None:
        return incidents.none()
    bounds = realms.find(realm)
    stand = bounds.stand(rights.organisation) if bounds else realms.Stand.ACT
    if not stand or (bounds and rights.role in ADMINS):
        return incidents.none()
    if rights.everywhere or stand is not realms.Stand.ACT:
        return incidents
    reached = Reach.objects.filter(organisation__in=rights.organisations, ended_at=None)
    return incidents.filter(pk__in=reached.values("incident"))


def incident(officer: Officer, pk: uuid.UUID) -> Incident:
    """One incident of any realm. Raises NotFound for one that is absent or hidden."""
    found = Incident.objects.filter(pk=pk).first()
    if found is None or view_of(officer, found) < View.PUBLIC:
        refusals.count(officer.username, "incident not found or hidden")
        raise NotFound
    at_desk_of(officer, found.realm)
    return found


def at_desk_of(officer: Officer, realm: str) -> None:
    """Raise OtherRealm where the officer's desk says that it is one of another realm."""
    desk = getattr(officer, "desk", "")
    if desk and desk != realm:
        refusals.count(officer.username, "a thing of another realm")
        raise OtherRealm


def entry(officer: Officer, pk: uuid.UUID) -> Entry:
    """One entry of a visible incident. Raises NotFound."""
    return written(Entry, officer, pk)


def attachment(officer: Officer, pk: uuid.UUID) -> Attachment:
    """One attachment of a visible incident. Raises NotFound."""
    return written(Attachment, officer, pk)


def request(officer: Officer, pk: uuid.UUID) -> Request:
    """One request about a visible incident. Raises NotFound."""
    return written(Request, officer, pk)


def written(kind: type[Written], officer: Officer, pk: uuid.UUID) -> Written:
    """Something that is written about a visible incident."""
    found = kind.objects.select_related("incident").filter(pk=pk).first()
    if found is None or view_of(officer, found.incident) < View.PUBLIC:
        refusals.count(officer.username, f"{kind._meta.model_name} not found or hidden")
        raise NotFound
    at_desk_of(officer, found.realm)
    return found


def detail(officer: Officer, one: Incident, *, new: bool = False) -> dict[str, Any]:
    """An incident with all that is written about it; of one that was reported just now that is
    nothing but its ties and the first line of its history."""
    full = view_of(officer, one) is View.FULL
    personal = events.incident_personal(one) if full and not withheld([one]) else {}
    prefetch_related_objects([one], "reaches")
    ties = [
        events.tie_data(row) | (events.tie_personal(row) if full else {}) for row in one.ties.all()
    ]
    about = {name: [] for name in ABOUT} | {"homes": [one.home]} if new else _about(one)
    return events.incident_data(one) | personal | about | {"ties": ties, "history": history(one)}


def _about(one: Incident) -> dict[str, list[Any]]:
    requests = list(one.requests.all())
    return {
        "entries": [events.entry_data(row) for row in one.entries.select_related("corrected_by")],
        "attachments": [events.attachment_data(row) for row in one.attachments.all()],
        "shares": selectors_sharing.shares(one),
        "shown_here": sorted(
            reach.organisation
            for reach in one.reaches.all()
            if reach.ground == Reach.Ground.HERE and reach.ended_at is None
        ),
        "homes": sorted(home for _pk, home in homes([one])),
        "requests": [request_events.request_data(row) for row in requests],
        "receipts": [receipt_events.receipt_data(row) for row in one.receipts.all()],
        "answers": [request_events.answer_data(row) for row in requests if row.answer_id],
        **plan_events.parts(one),
        **report_events.parts(one),
        **deadline_events.parts(one),
        **round_events.parts(one),
        **supplement_events.parts(one),
        **directive_events.parts(one),
    }


def incident_list(
    realm: str, officer: Officer, *, state: str = "open", text: str = "", limit: int = LISTED
) -> dict[str, Any]:
    """`{items, older}`: the newest incidents the officer may see; `state` is open, all or one
    state; `older` is how many there are beyond the limit."""
    found = visible_incidents(realm, officer).prefetch_related("reaches")
    if state == "open":
        found = found.filter(state__in=states.OPEN)
    elif state != "all":
        found = found.filter(state=state)
    if text:
        found = found.filter(
            Q(title__icontains=text) | Q(address__icontains=text) | Q(number__icontains=text)
        )
    rights = access.resolver().user_rights(officer)
    personal = rights is not None and rights.personal
    rows = list(found[:limit])
    told = {one.pk for one in rows} - withheld(rows) if personal else set()
    items = [
        events.incident_data(one) | (events.incident_personal(one) if one.pk in told else {})
        for one in rows
    ]
    return {"items": items, "older": found.count() - limit if len(items) == limit else 0}


def withheld(found: Iterable[Incident]) -> set[uuid.UUID]:
    """Those of which no personal part ever came to this node: nobody here can say there is none."""
    asked = {
        f"incident/{one.pk}": one.pk
        for one in found
        if (one.home != settings.NODE_ID or one.term > 1) and not (one.reporter or one.site_contact)
    }
    if not asked:
        return set()
    came = Envelope.objects.filter(subject__in=asked).exclude(personal=None)
    return set(asked.values()) - {asked[one] for one in came.values_list("subject", flat=True)}


def history(one: Incident) -> list[dict[str, Any]]:
    """What changed in the incident itself, derived from its envelopes, oldest revision first.

    Each line: type, time, actor, actor_name ("" where this node does not know it), rev, `changed`,
    field to [before, after] of the public part, and `proposal`: not in force on any node, written
    by a former home in its old term or the lesser of two of the same revision.
    """
    return history_of(Envelope.objects.filter(subject=f"incident/{one.pk}", parked=None))


def history_of(found: Iterable[Envelope]) -> list[dict[str, Any]]:
    """The lines of `history` from these envelopes of one incident."""
    lines, before = [], {}
    rows = sorted(found, key=applying.rank)
    late = applying.not_in_force(rows)
    names = _names(row.actor for row in rows)
    for row in rows:
        after = item(row, View.PUBLIC)
        changed = {
            name: [before.get(name), value]
            for name, value in after.items()
            if before and before.get(name) != value and name not in NO_CHANGE
            if name in before or value  # a field that came later, and says nothing
        }
        lines.append(
            {
                "type": row.type,
                "time": row.time.isoformat(),
                "actor": row.actor,
                "actor_name": names.get(row.actor, ""),
                "rev": row.rev,
                "changed": changed,
                "proposal": row.id in late,
            }
        )
        if row.id not in late:
            before = after
    return lines


def _names(actors: Iterable[str]) -> dict[str, str]:
    """The names of those of these actors who are officers of this node."""
    accounts = {actor: actor.partition(" ")[0].rpartition("@") for actor in set(actors)}
    ours = {actor: name for actor, (name, _, node) in accounts.items() if node == settings.NODE_ID}
    known = dict(Officer.objects.filter(username__in=ours.values()).values_list("username", "name"))
    return {actor: known[name] for actor, name in ours.items() if name in known}


def area_names() -> list[tuple[str, str, str]]:
    """Layer slug, feature id and a name, for each name of an organisation with an area."""
    rows = Organisation.objects.exclude(area="").values_list("area", "name", "aliases")
    return [
        (*area.split("/", 1), one)
        for area, name, aliases in rows
        for one in (name, *aliases)
        if "/" in area
    ]


def organisations(officer: Officer, realm: str) -> list[dict[str, Any]]:
    """Every organisation in force, whether it sees anything of the realm here, and whether it acts
    in the realm at all. Raises NotFound for a realm of others."""
    bounds = realms.find(realm)
    if bounds is not None and not bounds.stand(officer.organisation_id):
        raise NotFound
    rows = Organisation.objects.filter(valid_to=None).values("code", "name", "name_en", "kind")
    if bounds is None:
        return [row | {"sees": True, "acts": True} for row in rows]
    return [
        row | {"sees": bool(bounds.stand(row["code"])), "acts": row["code"] in bounds.acting}
        for row in rows
    ]


def class_tree() -> list[dict[str, Any]]:
    """Every incident class, by code."""
    names = ("code", "name", "name_en", "parent_id", "symbol", "words", "verified")
    return list(IncidentType.objects.values(*names))


def officer_self(officer: Officer) -> dict[str, Any]:
    """Who is signed in and what the role may do, for the screen."""
    return {
        "username": officer.username,
        "name": officer.name,
        "role": officer.role,
        "role_name": str(officer.get_role_display()),
        "organisation": officer.organisation_id,
        "organisation_name": officer.organisation.name,
        "organisation_kind": officer.organisation.kind,
        "everywhere": access.resolver().user_rights(officer).everywhere,
        "verbs": sorted(verbs_of(officer)),
    }


def cursor() -> str:
    """The log's end, read before rows so that overlap is harmless."""
    return log.head().cursor


def view_of(officer: Officer, one: Incident) -> View:
    """How much of this incident the officer may see."""
    resolver = access.resolver()
    rights = resolver.user_rights(officer)
    if rights is None:
        return View.NONE
    if rights.everywhere and one.realm == realms.REAL:  # whatever it reaches
        return resolver.view(rights, "incidents", one.realm, None)
    about = f"incident/{one.pk}"
    return resolver.view(rights, "incidents", one.realm, resolver.scopes([about]).get(about))

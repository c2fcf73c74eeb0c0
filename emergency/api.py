"""The desk's API: parse, call one service or selector, answer in the shape of the events.

Owns: routes and the conversion of input to columns. Promises: every route needs a sign-in; writes
go to services, reads start from selectors. Must not know: how anything is stored.
"""

import uuid
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Query, Router, Status, UploadedFile

from gis import geometry
from realtime.problems import Invalid

from . import events, places, schemas, selectors
from .models import Organisation
from .receipt_events import receipt_data
from .selectors_activity import activity
from .services import attachments, entries, incidents, reaching, receipts
from .views.files import file_response

router = Router(tags=["incidents"])
NO_COLUMNS = {"location", "rev", "id", "realm", "split_from"}


def columns(data: schemas.IncidentFields, *, only_given: bool) -> dict[str, Any]:
    """Input as columns of Incident; the location is left to `places`."""
    given = data.model_dump(exclude_unset=only_given, exclude=NO_COLUMNS)
    given |= given.pop("casualties", {})
    for person in given.keys() & {"reporter", "site_contact"}:  # replaced as a whole
        given[person] = getattr(data, person).model_dump()
    if data.affected_area is not None:
        given["affected_area"] = geometry.parse_area(data.affected_area)
    return given


@router.get("/incidents", summary="Incidents the caller may see")
def incident_list(request: HttpRequest, query: Query[schemas.ListQuery]) -> dict[str, Any]:
    """`{cursor, items, older}`; the cursor is read before the rows, so that overlap is harmless."""
    cursor = selectors.cursor()
    found = selectors.incident_list(query.realm, request.user, state=query.state, text=query.q)
    return {"cursor": cursor, **found}


@router.get("/activity", summary="What happened lately")
def happened(request: HttpRequest, query: Query[schemas.RealmQuery]) -> list[dict[str, Any]]:
    """The newest events that the caller may see, oldest first."""
    return activity(query.realm, request.user)


@router.post("/incidents", response={200: dict, 201: dict}, summary="Report an incident")
def report(request: HttpRequest, data: schemas.IncidentIn) -> Any:
    """201 with the incident; 200 when the same id was reported before with the same content."""
    selectors.at_desk_of(request.user, data.realm)
    fields = columns(data, only_given=False)
    place = places.located(data.location, data.address)
    given = {"id": data.id, "realm": data.realm, "split_from": data.split_from}
    incident, new = incidents.report_incident(actor=request.user, **given, **fields, **place)
    return Status(201 if new else 200, selectors.detail(request.user, incident, new=new))


@router.get("/incidents/{uuid:pk}", summary="One incident with all that is written about it")
def incident_detail(request: HttpRequest, pk: uuid.UUID) -> dict[str, Any]:
    """The incident with entries, attachments, ties and history."""
    cursor = selectors.cursor()
    incident = selectors.incident(request.user, pk)
    return selectors.detail(request.user, incident) | {"cursor": cursor}


@router.patch("/incidents/{uuid:pk}", summary="Change an incident")
def change(request: HttpRequest, pk: uuid.UUID, data: schemas.IncidentChange) -> dict[str, Any]:
    """Only the fields that are given change."""
    incident = selectors.incident(request.user, pk)
    fields = columns(data, only_given=True)
    if "location" in data.model_fields_set:
        address = data.address or incident.address
        fields |= places.located(data.location, address)
    incident = incidents.change_incident(
        actor=request.user, incident=incident, rev=data.rev, **fields
    )
    return selectors.detail(request.user, incident)


@router.post("/incidents/{uuid:pk}/steps", summary="Take a step of the state table")
def step(request: HttpRequest, pk: uuid.UUID, data: schemas.StepIn) -> dict[str, Any]:
    """Verify, report, handle, conclude, archive, dismiss, refer, merge, reopen."""
    incident = selectors.incident(request.user, pk)
    into = selectors.incident(request.user, data.into) if data.into else None
    incident = incidents.advance_incident(
        actor=request.user,
        incident=incident,
        rev=data.rev,
        step=data.step,
        reason=data.reason,
        into=into,
    )
    return selectors.detail(request.user, incident)


@router.post("/incidents/{uuid:pk}/organisations", summary="Show it to an organisation")
def open_to(request: HttpRequest, pk: uuid.UUID, data: schemas.OrganisationIn) -> dict[str, Any]:
    """The organisation's officers see it from now on."""
    incident = selectors.incident(request.user, pk)
    incident = reaching.open_to(
        actor=request.user, incident=incident, organisation=_organisation(data.code)
    )
    return selectors.detail(request.user, incident)


@router.delete("/incidents/{uuid:pk}/organisations/{code}", summary="Stop showing it")
def close_to(request: HttpRequest, pk: uuid.UUID, code: str) -> dict[str, Any]:
    """Open screens of the organisation drop it at once."""
    incident = selectors.incident(request.user, pk)
    incident = reaching.close_to(
        actor=request.user, incident=incident, organisation=_organisation(code)
    )
    return selectors.detail(request.user, incident)


@router.post("/incidents/{uuid:pk}/receipts", response={201: dict}, summary="Opened, acknowledged")
def give_receipt(request: HttpRequest, pk: uuid.UUID, data: schemas.ReceiptIn) -> Any:
    """Once for each organisation and role; every node that holds the incident gets to know."""
    incident = selectors.incident(request.user, pk)
    made = receipts.give_receipt(actor=request.user, incident=incident, kind=data.kind)
    return Status(201, receipt_data(made))


@router.post("/incidents/{uuid:pk}/entries", response={201: dict}, summary="Write an entry")
def write_entry(request: HttpRequest, pk: uuid.UUID, data: schemas.EntryIn) -> Any:
    """A line of the timeline."""
    incident = selectors.incident(request.user, pk)
    entry = entries.write_entry(
        actor=request.user,
        incident=incident,
        text=data.text,
        id=data.id,
        occurred_at=data.occurred_at,
    )
    return Status(201, events.entry_data(entry))


@router.post("/entries/{uuid:pk}/corrections", response={201: dict}, summary="Correct an entry")
def correct_entry(request: HttpRequest, pk: uuid.UUID, data: schemas.EntryIn) -> Any:
    """A newer entry that points to this one."""
    entry = selectors.entry(request.user, pk)
    newer = entries.correct_entry(actor=request.user, entry=entry, text=data.text, id=data.id)
    return Status(201, events.entry_data(newer))


@router.post("/entries/{uuid:pk}/strike", summary="Strike an entry through")
def strike_entry(request: HttpRequest, pk: uuid.UUID, data: schemas.ReasonIn) -> dict[str, Any]:
    """It stays readable."""
    entry = selectors.entry(request.user, pk)
    return events.entry_data(
        entries.strike_entry(actor=request.user, entry=entry, reason=data.reason)
    )


@router.post(
    "/incidents/{uuid:pk}/attachments", response={201: dict}, summary="Add a picture or PDF"
)
def add_attachment(request: HttpRequest, pk: uuid.UUID, file: UploadedFile = File(...)) -> Any:
    """Type by content; pictures are encoded anew."""
    incident = selectors.incident(request.user, pk)
    attachment = attachments.add_attachment(
        actor=request.user, incident=incident, name=file.name or "", file=file
    )
    return Status(201, events.attachment_data(attachment))


@router.get("/attachments/{uuid:pk}", summary="The content of an attachment")
def attachment(request: HttpRequest, pk: uuid.UUID) -> Any:
    """The file itself, never shown as a page."""
    return file_response(selectors.attachment(request.user, pk))


@router.get("/types", summary="The class tree")
def types(request: HttpRequest) -> list[dict[str, Any]]:
    """Codes and names, with their source."""
    return selectors.class_tree()


@router.get("/organisations", summary="Organisations of this node")
def organisations(request: HttpRequest, query: Query[schemas.RealmQuery]) -> list[dict[str, Any]]:
    """Those in force today, and whether they see anything of the realm."""
    return selectors.organisations(request.user, query.realm)


@router.get("/me", summary="Who is signed in")
def me(request: HttpRequest) -> dict[str, Any]:
    """The officer and what the role may do."""
    return selectors.officer_self(request.user)


def _organisation(code: str) -> Organisation:
    found = Organisation.objects.filter(pk=code).first()
    if found is None:
        raise Invalid(fields={"code": _("There is no such organisation.")})
    return found

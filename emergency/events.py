"""Event types of incidents and the builders of their data.

Owns: the shape of every thing that the API and the log tell, one builder each, so that both are
the same by construction; which fields are personal. Promises: data holds plain JSON values, times
in ISO 8601 UTC, coordinates WGS 84 longitude and latitude in degrees, people as integers or null
for 不详. Must not know: who may see it, how it is written, officers (emergency/audit_events.py).
"""

from datetime import datetime
from typing import Any

from typing_extensions import TypedDict

from realtime.registry import EventType, declare

from .grading.shapes import GradingData
from .models import Attachment, Entry, Incident, Reach, Tie
from .states import steps_from

CASUALTIES = ("dead", "injured", "serious", "missing", "trapped", "affected")
TEXTS = (
    "title type_code type_name warning_colour response_level source received_by address district "
    "district_name summary cause trend measures next_steps leaders_present reported_to "
    "state state_reason number home realm"
).split()

OTHERS = ("merged_into", "parent", "split_from")  # other incidents, which a node need not have


class IncidentPersonal(TypedDict):
    """Names and phones; only for those who are cleared."""

    reporter: dict[str, str]
    site_contact: dict[str, str]


class LimitData(TypedDict):
    """A limit of a report: `minutes` after `started_at`, by the table that `source` names or by a
    plan; whether anybody verified it, whether it is the default. Of a kind the last one holds."""

    id: str
    kind: str
    started_at: str
    minutes: int
    source: str
    plan: str
    verified: bool
    default: bool


class IncidentData(TypedDict):
    """An incident as GET shows it, without its personal part."""

    id: str
    number: str
    home: str
    realm: str
    term: int
    rev: int
    state: str
    state_reason: str
    steps: list[str]
    merged_into: str | None
    parent: str | None
    split_from: str | None
    title: str
    type_code: str
    type_name: str
    grade: int | None
    grading: GradingData
    warning_colour: str
    response_level: str
    occurred_at: str | None
    received_at: str
    received_by: str
    source: str
    location: dict[str, Any] | None
    address: str
    district: str
    district_name: str
    affected_area: dict[str, Any] | None
    summary: str
    cause: str
    trend: str
    measures: str
    next_steps: str
    leaders_present: str
    reported_to: str
    casualties: dict[str, int | None]
    loss_cny: str | None
    foreigners: bool
    sensitive: bool
    limits: list[LimitData]
    audience: list[str]
    organisations: list[dict[str, str]]


class EntryData(TypedDict):
    """A timeline entry."""

    id: str
    incident: str
    home: str
    realm: str
    rev: int
    text: str
    author: str
    author_name: str
    occurred_at: str
    recorded_at: str
    corrects: str | None
    corrected_by: str | None
    struck: dict[str, str] | None


class AttachmentData(TypedDict):
    """A picture or PDF."""

    id: str
    incident: str
    home: str
    realm: str
    rev: int
    name: str
    media_type: str
    size: int
    sha256: str
    author: str
    author_name: str
    recorded_at: str


class TieData(TypedDict):
    """What lay around an incident at one moment."""

    id: str
    incident: str
    home: str
    realm: str
    rev: int
    made_at: str
    reason: str
    survey: dict[str, Any]


class TiePersonal(TypedDict):
    """The survey of layers that not everybody may see."""

    sensitive: dict[str, Any]


LATER = ("limits", "grading", "parent", "split_from")


def _of_an_incident(name: str, *, hands_over: str = "") -> EventType:
    return declare(
        name,
        version=1,
        topic="incidents",
        data=IncidentData,
        personal=IncidentPersonal,
        hands_over=hands_over,
        later=LATER,
    )


INCIDENT_REPORTED = _of_an_incident("incident.reported")
INCIDENT_CHANGED = _of_an_incident("incident.changed")
INCIDENT_ADVANCED = _of_an_incident("incident.advanced")
INCIDENT_OPENED = _of_an_incident("incident.opened_to")
INCIDENT_CLOSED_TO = _of_an_incident("incident.closed_to")
INCIDENT_HANDED_OVER = _of_an_incident("incident.handed_over", hands_over="incident")
INCIDENT_TAKEN_OVER = _of_an_incident("incident.taken_over", hands_over="incident")
ENTRY_WRITTEN = declare("entry.written", version=1, topic="incidents", data=EntryData)
ENTRY_CORRECTED = declare("entry.corrected", version=1, topic="incidents", data=EntryData)
ENTRY_STRUCK = declare("entry.struck", version=1, topic="incidents", data=EntryData)
ATTACHMENT_ADDED = declare("attachment.added", version=1, topic="incidents", data=AttachmentData)
TIE_MADE = declare("tie.made", version=1, topic="incidents", data=TieData, personal=TiePersonal)


def moment(value: datetime | None) -> str | None:
    """A time as ISO 8601 UTC."""
    return value.isoformat() if value else None


def incident_data(incident: Incident) -> IncidentData:
    """The public part; reads the incident's reach (prefetch `reaches` for lists), without what
    this node alone shows: that is not its home's to say."""
    reaches = sorted(
        (reach.organisation, reach.ground)
        for reach in incident.reaches.all()
        if reach.ended_at is None and reach.ground != Reach.Ground.HERE
    )
    location = None
    if incident.lon is not None:
        location = {
            "lon": incident.lon,
            "lat": incident.lat,
            "crs": "wgs84",
            "declared": incident.declared,
            "accuracy_m": incident.accuracy_m,
        }
    return {
        **{name: getattr(incident, name) for name in TEXTS},
        "id": str(incident.pk),
        "term": incident.term,
        "rev": incident.rev,
        "steps": steps_from(incident.state),
        **{name: str(pk) if (pk := getattr(incident, f"{name}_id")) else None for name in OTHERS},
        "grade": incident.grade,
        "grading": incident.grading,
        "occurred_at": moment(incident.occurred_at),
        "received_at": moment(incident.received_at),
        "location": location,
        "affected_area": incident.affected_area,
        "casualties": {name: getattr(incident, name) for name in CASUALTIES},
        "loss_cny": None if incident.loss_cny is None else f"{incident.loss_cny:.2f}",
        "foreigners": incident.foreigners,
        "sensitive": incident.sensitive,
        "limits": incident.limits,
        "audience": incident.audience or [incident.home],
        "organisations": [{"code": code, "ground": ground} for code, ground in reaches],
    }


def incident_personal(incident: Incident) -> IncidentPersonal:
    """The personal part."""
    return {"reporter": incident.reporter, "site_contact": incident.site_contact}


def entry_data(entry: Entry) -> EntryData:
    """A timeline entry (select `corrected_by` for lists)."""
    newer = getattr(entry, "corrected_by", None)
    struck = None
    if entry.struck_at:
        struck = {
            "at": moment(entry.struck_at),
            "by": entry.struck_by,
            "reason": entry.struck_reason,
        }
    return {
        "id": str(entry.pk),
        "incident": str(entry.incident_id),
        "home": entry.home,
        "realm": entry.realm,
        "rev": entry.rev,
        "text": entry.text,
        "author": entry.author,
        "author_name": entry.author_name,
        "occurred_at": moment(entry.occurred_at),
        "recorded_at": moment(entry.recorded_at),
        "corrects": str(entry.corrects_id) if entry.corrects_id else None,
        "corrected_by": str(newer.pk) if newer else None,
        "struck": struck,
    }


def attachment_data(attachment: Attachment) -> AttachmentData:
    """An attachment; fetched at /api/attachments/<id>."""
    names = "home realm name media_type size sha256 author author_name".split()
    return {
        **{name: getattr(attachment, name) for name in names},
        "id": str(attachment.pk),
        "incident": str(attachment.incident_id),
        "rev": 1,
        "recorded_at": moment(attachment.recorded_at),
    }


def tie_data(tie: Tie) -> TieData:
    """A tie with the survey of the layers that everybody may see."""
    return {
        "id": str(tie.pk),
        "incident": str(tie.incident_id),
        "home": tie.home,
        "realm": tie.realm,
        "rev": 1,
        "made_at": moment(tie.made_at),
        "reason": tie.reason,
        "survey": tie.survey,
    }


def tie_personal(tie: Tie) -> TiePersonal:
    """The survey of the layers that not everybody may see."""
    return {"sensitive": tie.sensitive}

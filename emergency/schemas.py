"""What the API takes in, field by field, and nothing else.

Owns: shape, lengths and ranges of input. Promises: unknown fields are refused; text is NFC without
control characters; times carry a zone; a missing casualty figure is null, which is 不详. Must not
know: rights, the database.
"""

import re
import unicodedata
import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
)

from .states import State

# line feed and tab stay; other controls, marks that turn the direction of writing, and characters
# of no width go (the joiners stay: names and emoji need them)
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)
_BREAKS = re.compile("\r\n|[\r\u0085\u2028\u2029]")
_BLANKS = re.compile(r"\s+")
_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
_MONEY = re.compile(r"[0-9]{1,14}(\.[0-9]{1,2})?")
REALM = "^(real|ex:[0-9a-f-]{36})$"
AHEAD = timedelta(minutes=15)  # how far a clock may be ahead


def clean(value: Any) -> Any:
    """Text as it is kept: NFC, no control characters, no half surrogates, no outer blanks.

    What shows nothing at all (marks without a letter to stand on) is the empty text.
    """
    if not isinstance(value, str):
        return value
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError(_("The text holds half a character.")) from error
    kept = _UNWANTED.sub("", _BREAKS.sub("\n", value))
    kept = unicodedata.normalize("NFC", kept).strip()
    shown = any(unicodedata.category(char)[0] in "LNPS" for char in kept)
    return kept if shown else ""


def one_line(value: Any) -> Any:
    """As `clean`, with every run of blanks and breaks as one space."""
    value = clean(value)
    return _BLANKS.sub(" ", value) if isinstance(value, str) else value


def past(value: datetime) -> datetime:
    """A moment that can have been: after 1970 and not ahead of the clock."""
    if not _EARLIEST <= value <= datetime.now(UTC) + AHEAD:
        raise ValueError(_("The time lies in the future or before 1970."))
    return value.astimezone(UTC)


def iso(value: Any) -> Any:
    """Times come as ISO 8601 text; a bare number would be read as seconds since 1970."""
    if isinstance(value, str) and "T" in value.upper():
        return value
    raise ValueError(_("Give the time as ISO 8601 with its zone."))


def money(value: Any) -> Any:
    """An amount of at most two decimals: a JSON number, or the text that GET answers with."""
    digits = str(value) if isinstance(value, int | float | str) else ""
    if isinstance(value, bool) or not _MONEY.fullmatch(digits):
        raise ValueError(_("Give an amount of at most 14 digits and two decimals."))
    return Decimal(digits)


def line(limit: int, least: int = 0) -> Any:
    """A cleaned text on one line, of at least and at most so many characters."""
    return Annotated[
        str, BeforeValidator(one_line), Field(strict=True, min_length=least, max_length=limit)
    ]


def text(limit: int, least: int = 0) -> Any:
    """A cleaned text of at least and at most so many characters."""
    return Annotated[
        str, BeforeValidator(clean), Field(strict=True, min_length=least, max_length=limit)
    ]


Words = text(4000)


def to_come(value: datetime) -> datetime:
    """A moment that every zone can show."""
    if not _EARLIEST.year < value.year < 2200:
        raise ValueError(_("Give a time before 2200."))
    return value.astimezone(UTC)


Until = Annotated[AwareDatetime, BeforeValidator(iso), AfterValidator(to_come)]
Moment = Annotated[AwareDatetime, BeforeValidator(iso), AfterValidator(past)]
People = Annotated[StrictInt, Field(ge=0, le=20_000_000)] | None
Money = Annotated[Decimal, BeforeValidator(money), Field(le=Decimal("1e13"))] | None
Revision = Annotated[StrictInt, Field(ge=1, le=2**31 - 1)]
Degrees = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class Strict(Schema):
    """Base: unknown fields are an error."""

    model_config = ConfigDict(extra="forbid")


class LocationIn(Strict):
    """A point as it was given; `confirmed` after the officer was asked."""

    lon: Degrees
    lat: Degrees
    crs: Literal["wgs84", "gcj02", "bd09", "cgcs2000"] = "wgs84"
    accuracy_m: Annotated[StrictInt, Field(ge=0, le=100_000)] | None = None
    confirmed: StrictBool = False


class CasualtiesIn(Strict):
    """Figures of people; null = 不详."""

    dead: People = None
    injured: People = None
    serious: People = None
    missing: People = None
    trapped: People = None
    affected: People = None


class PersonIn(Strict):
    """Somebody to call: personal."""

    unit: line(120) = ""
    name: line(60) = ""
    post: line(60) = ""
    phone: line(40) = ""


class PublicFields(Strict):
    """What can be set when reporting and changed later, but for people."""

    grade: Annotated[StrictInt, Field(ge=1, le=4)] | None = None
    warning_colour: Literal["", "red", "orange", "yellow", "blue"] = ""
    response_level: line(40) = ""
    occurred_at: Moment | None = None
    source: line(120) = ""
    address: line(300) = ""
    location: LocationIn | None = None
    affected_area: dict[str, Any] | None = None
    casualties: CasualtiesIn = CasualtiesIn()
    summary: text(10_000) = ""
    cause: text(4000) = ""
    trend: text(4000) = ""
    measures: text(4000) = ""
    next_steps: text(4000) = ""
    leaders_present: line(300) = ""
    reported_to: text(1000) = ""
    loss_cny: Money = None
    foreigners: StrictBool = False
    sensitive: StrictBool = False


class IncidentFields(PublicFields):
    """The same with the people to call, who are personal."""

    reporter: PersonIn = PersonIn()
    site_contact: PersonIn = PersonIn()


class IncidentIn(IncidentFields):
    """A new incident."""

    id: uuid.UUID | None = None
    realm: Annotated[str, Field(max_length=64, pattern=REALM)] = "real"
    title: line(200, 1)
    type_code: line(5, 5)
    received_at: Moment | None = None
    split_from: uuid.UUID | None = None


class IncidentChange(IncidentFields):
    """A change: only the fields that are given change; `rev` is what the writer saw."""

    rev: Revision
    title: line(200, 1) = ""
    type_code: line(5, 5) = ""
    grade_stage: Literal["", "initial", "confirmed"] = ""
    grade_reason: line(500) = ""


class IncidentAnswered(IncidentFields):
    """Fields that change with the answer to a request; only those that are given."""

    title: line(200, 1) = ""
    type_code: line(5, 5) = ""


class IncidentProposed(PublicFields):
    """Fields that the home of an incident is asked to change: every node that has the incident is
    told, so none is personal."""

    title: line(200, 1) = ""
    type_code: line(5, 5) = ""


class StepIn(Strict):
    """A step of the state table."""

    rev: Revision
    step: line(20, 1)
    reason: line(500) = ""
    into: uuid.UUID | None = None


class EntryIn(Strict):
    """A line of the timeline, or a correction of one."""

    id: uuid.UUID | None = None
    text: text(10_000, 1)
    occurred_at: Moment | None = None


class ReasonIn(Strict):
    """Why."""

    reason: line(300, 1)


class OrganisationIn(Strict):
    """An organisation of this node."""

    code: line(40, 1)


class RealmQuery(Schema):
    """What is real, or one exercise."""

    realm: Annotated[str, Field(max_length=64, pattern=REALM)] = "real"


class ListQuery(RealmQuery):
    """What a list of incidents is narrowed by."""

    state: Literal[("open", "all", *State.values)] = "open"
    q: text(100) = ""


class ReceiptIn(Strict):
    """Opened, or acknowledged."""

    kind: Literal["opened", "acknowledged"]


class HandOverIn(Strict):
    """The node that is in charge from now on; `rev` is what the writer saw."""

    rev: Revision
    node: line(64, 1)


class RequestIn(Strict):
    """What the home of an incident is asked for, and until when it should answer."""

    id: uuid.UUID | None = None
    kind: Literal["change", "support"]
    text: text(4000, 1)
    minutes: Annotated[StrictInt, Field(ge=1, le=1440)] = 30
    proposed: IncidentProposed = IncidentProposed()


class AnswerIn(Strict):
    """What the home says to a request, and what it changes with it."""

    id: uuid.UUID | None = None
    outcome: Literal["accepted", "partly", "refused"]
    text: Words = ""
    changes: IncidentAnswered | None = None

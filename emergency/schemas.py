"""What the API takes in, field by field, and nothing else.

Owns: shape, lengths and ranges of input. Promises: unknown fields are refused; text is NFC without
control characters; times carry a zone; a missing casualty figure is null, which is 不详. Must not
know: rights, the database.
"""

import re
import unicodedata
import uuid
from datetime import UTC, datetime, timedelta
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
    model_validator,
)

# line feed and tab stay; other controls, and marks that turn the direction of writing, go
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
AHEAD = timedelta(minutes=15)  # how far a clock may be ahead


def clean(value: Any) -> Any:
    """Text as it is kept: NFC, no control characters, no half surrogates, no outer blanks."""
    if not isinstance(value, str):
        return value
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError(_("The text holds half a character.")) from error
    return _CONTROLS.sub("", unicodedata.normalize("NFC", value.replace("\r\n", "\n"))).strip()


def past(value: datetime) -> datetime:
    """A moment that can have been: after 1970 and not ahead of the clock."""
    if not _EARLIEST <= value <= datetime.now(UTC) + AHEAD:
        raise ValueError(_("The time lies in the future or before 1970."))
    return value.astimezone(UTC)


def text(limit: int, least: int = 0) -> Any:
    """A cleaned text of at least and at most so many characters."""
    return Annotated[
        str, BeforeValidator(clean), Field(strict=True, min_length=least, max_length=limit)
    ]


Moment = Annotated[AwareDatetime, AfterValidator(past)]
People = Annotated[StrictInt, Field(ge=0, le=20_000_000)] | None


class Strict(Schema):
    """Base: unknown fields are an error."""

    model_config = ConfigDict(extra="forbid")


class LocationIn(Strict):
    """A point as it was given; `confirmed` after the officer was asked."""

    lon: float = Field(allow_inf_nan=False)
    lat: float = Field(allow_inf_nan=False)
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

    @model_validator(mode="after")
    def consistent(self) -> "CasualtiesIn":
        """Seriously injured people are among the injured."""
        if self.serious is not None and self.injured is not None and self.serious > self.injured:
            raise ValueError(_("More seriously injured than injured."))
        return self


class PersonIn(Strict):
    """Somebody to call: personal."""

    unit: text(120) = ""
    name: text(60) = ""
    post: text(60) = ""
    phone: text(40) = ""


class IncidentFields(Strict):
    """What can be set when reporting and changed later."""

    grade: Annotated[StrictInt, Field(ge=1, le=4)] | None = None
    warning_colour: Literal["", "red", "orange", "yellow", "blue"] = ""
    response_level: text(40) = ""
    occurred_at: Moment | None = None
    source: text(120) = ""
    reporter: PersonIn = PersonIn()
    site_contact: PersonIn = PersonIn()
    address: text(300) = ""
    location: LocationIn | None = None
    affected_area: dict[str, Any] | None = None
    casualties: CasualtiesIn = CasualtiesIn()
    summary: text(10_000) = ""
    cause: text(4000) = ""
    trend: text(4000) = ""
    measures: text(4000) = ""
    next_steps: text(4000) = ""
    leaders_present: text(300) = ""
    reported_to: text(1000) = ""
    loss_cny: Annotated[float, Field(ge=0, le=1e13, allow_inf_nan=False)] | None = None
    foreigners: StrictBool = False
    sensitive: StrictBool = False


class IncidentIn(IncidentFields):
    """A new incident."""

    id: uuid.UUID | None = None
    realm: Literal["real"] = "real"
    title: text(200, 1)
    type_code: text(5, 5)
    received_at: Moment | None = None


class IncidentChange(IncidentFields):
    """A change: only the fields that are given change; `rev` is what the writer saw."""

    rev: StrictInt
    title: text(200, 1) = ""
    type_code: text(5, 5) = ""


class StepIn(Strict):
    """A step of the state table."""

    rev: StrictInt
    step: text(20, 1)
    reason: text(500) = ""
    into: uuid.UUID | None = None


class EntryIn(Strict):
    """A line of the timeline, or a correction of one."""

    id: uuid.UUID | None = None
    text: text(10_000, 1)
    occurred_at: Moment | None = None


class ReasonIn(Strict):
    """Why."""

    reason: text(300, 1)


class OrganisationIn(Strict):
    """An organisation of this node."""

    code: text(40, 1)

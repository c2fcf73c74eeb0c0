"""What the API takes for reports: nothing unknown, nothing too long.

Owns: shapes of input. Promises: as `emergency/schemas.py`. Must not know: rules of reports.
"""

import uuid
from typing import Annotated, Literal

from pydantic import Field, StrictInt

from ..schemas import Moment, Revision, Strict, Words, line, text

Figure = Literal["dead", "injured", "serious", "missing", "trapped", "affected"]


class FirstReportIn(Strict):
    """A first report upward, by phone or in writing."""

    id: uuid.UUID | None = None
    kind: Literal["phone", "written"]
    recipient: line(120, 1)
    text: Words = ""
    reported_at: Moment | None = None


class CoversIn(Strict):
    """Up to where the words tell, as they were proposed."""

    epoch: line(64, 1)
    position: Annotated[StrictInt, Field(ge=0, le=2**63 - 1)]
    at: Moment


class DraftIn(Strict):
    """A report in writing, its words made from this revision of the incident and covering its log
    so far; `unknown` are elements said to be 不详, `confirmed` figures that fell and are right."""

    id: uuid.UUID | None = None
    kind: Literal["written", "followup", "final", "supplement"]
    recipient: line(120, 1)
    text: text(10_000, 1)
    rev: Revision
    covers: CoversIn
    unknown: Annotated[list[line(40, 1)], Field(max_length=40)] = []
    confirmed: dict[Figure, Annotated[StrictInt, Field(ge=0)]] = {}


class SignIn(Strict):
    """The signature of who may sign; else who approved it by word of mouth, and when."""

    oral_name: line(60) = ""
    oral_at: Moment | None = None


class ReturnIn(Strict):
    """Why a draft is not signed."""

    reason: text(500, 1)

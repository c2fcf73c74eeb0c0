"""What the API answers of reports, for its description.

Owns: shapes of answers. Promises: as `emergency/answers.py`. Must not know: how they are made.
"""

from typing import Any

from typing_extensions import TypedDict

from .events import DraftData


class Fallen(TypedDict):
    """A figure that is lower than in the last report."""

    name: str
    before: int
    now: int


class NextReport(TypedDict):
    """A report as it could be submitted now; `before` has the elements that changed as the last
    report had them."""

    kind: str
    rev: int
    covers: dict[str, Any]
    number: int
    recipient: str
    elements: dict[str, Any]
    before: dict[str, Any]
    filled: list[str]
    unknown: list[str]
    lacking: list[str]
    complete: int
    contradictions: list[Fallen]
    text: str


class WholeDraft(DraftData):
    """A draft with its words; `since` are elements that the incident has otherwise by now, as the
    draft has them."""

    reason: str
    said_of: int
    covers: dict[str, Any]
    recipient: str
    text: str
    unknown: list[str]
    elements: dict[str, Any]
    before: dict[str, Any]
    since: dict[str, Any]
    number: int

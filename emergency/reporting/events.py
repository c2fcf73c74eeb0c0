"""Event types of reports upward, of their drafts and of their receipts.

Owns: their shapes. Promises: as `emergency/events.py`; a draft is told without its words and never
leaves its node. Must not know: who may write.
"""

from typing import Any

from django.conf import settings
from typing_extensions import TypedDict

from realtime.registry import declare

from ..events import moment
from ..models import Incident, Report, ReportDraft, ReportReceipt
from ..written import About, Shape


class ReportData(About):
    """A first report that was written down; `filled` and `lacking` are names of elements."""

    kind: str
    recipient: str
    text: str
    reported_at: str
    filled: list[str]
    lacking: list[str]


class IssuedData(ReportData):
    """A report issued with its signature: its elements then, and those that changed as they were
    in the one before; `unknown` are said to be 不详, `complete` is in per cent, `covers` is up to
    where its words tell, `oral` who approved it by word of mouth."""

    number: int
    title: str
    elements: dict[str, Any]
    before: dict[str, Any]
    unknown: list[str]
    complete: int
    covers: dict[str, Any]
    signed_by: str
    signed_by_name: str
    oral: dict[str, str]


class TakenData(About):
    """A report was taken by an organisation of another node."""

    report: str
    organisation: str


class DraftData(TypedDict):
    """How a draft stands; its words are asked for."""

    id: str
    incident: str
    home: str
    realm: str
    rev: int
    kind: str
    state: str
    closed_by_name: str
    author: str
    author_name: str
    recorded_at: str


REPORT_MADE = declare("report.made", version=1, topic="incidents", data=ReportData)
REPORT_ISSUED = declare("report.issued", version=1, topic="incidents", data=IssuedData)
REPORT_TAKEN = declare("report.taken", version=1, topic="incidents", data=TakenData)
DRAFT_SUBMITTED = declare("draft.submitted", version=1, topic="incidents", data=DraftData)
DRAFT_CLOSED = declare("draft.closed", version=1, topic="incidents", data=DraftData)
ISSUED = (
    "number title elements before unknown complete covers signed_by signed_by_name oral".split()
)
SHAPES = {
    shape.model: shape
    for shape in (
        Shape(
            Report,
            "report",
            [*"kind recipient text filled lacking".split(), *ISSUED],
            times=["reported_at"],
            later=ISSUED,
        ),
        Shape(ReportReceipt, "taken", ["organisation"], ids=["report"]),
    )
}


def report_data(row: Report) -> dict[str, Any]:
    """A report, in the shape of what was written down or of what was issued."""
    return SHAPES[Report].data(row, without=() if row.signed_by else ISSUED)


def receipt_data(row: ReportReceipt) -> dict[str, Any]:
    """A receipt of a report."""
    return SHAPES[ReportReceipt].data(row)


def draft_data(row: ReportDraft) -> dict[str, Any]:
    """A draft without its words."""
    names = "realm rev kind state closed_by_name author author_name".split()
    return {
        **{name: getattr(row, name) for name in names},
        "id": str(row.pk),
        "incident": str(row.incident_id),
        "home": settings.NODE_ID,
        "recorded_at": moment(row.recorded_at),
    }


def parts(incident: Incident) -> dict[str, list[dict[str, Any]]]:
    """The reports about an incident, who took them, and the drafts of this node."""
    return {
        "reports": [report_data(row) for row in incident.reports.all()],
        "report_receipts": [receipt_data(row) for row in incident.reportreceipts.all()],
        "drafts": [draft_data(row) for row in incident.drafts.all()],
    }

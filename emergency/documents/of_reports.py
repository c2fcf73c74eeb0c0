"""值班信息 and 应急信息专报: a report that was issued, as a document.

Owns: what of a report stands in it. Promises: the report as it was signed, whatever has changed
since; outlook, advice and place of a special bulletin are those of now, where this node is in
charge of the incident. Must not know: templates.
"""

from datetime import datetime
from typing import Any

from django.conf import settings

from ..models import Officer, Report
from ..reporting.drafting import shown
from ..reporting.elements import LABELS, is_known, is_said
from .sources import LONGEST, Source, chinese, lines, own, when


def bulletin(officer: Officer, of: str) -> Source:
    """Of `report/<id>`, one with its signature."""
    found = _issued(officer, of)
    return _source(found, _said(found))


def special(officer: Officer, of: str) -> Source:
    """The same, with what is expected, what is advised, and where it is."""
    found = _issued(officer, of)
    one, ours = found.incident, found.incident.home == settings.NODE_ID
    said = _said(found) | {
        "outlook": lines(one.trend) if ours else [],
        "advice": lines(one.next_steps) if ours else [],
    }
    places = []
    if ours and one.lon is not None:
        name = one.address or f"{one.lon:.5f}, {one.lat:.5f}"
        places.append({"name": name, "lon": one.lon, "lat": one.lat})
    return _source(found, said | {"places": places}, places)


def _issued(officer: Officer, of: str) -> Report:
    return own(Report, officer, of, by="signed_by")  # what was made by phone has no signature


def name_of(report: Report) -> str:
    """首报, 续报二, 终报."""
    number = chinese(report.number) if report.number else ""
    return f"{Report.Kind(report.kind).label}{number}"


def _source(
    found: Report, said: dict[str, Any], places: list[dict[str, Any]] | None = None
) -> Source:
    return Source(
        of=f"report/{found.pk}",
        title=f"{found.title} {name_of(found)}"[:LONGEST],
        said=said,
        recipients=found.recipient,
        realm=found.realm,
        incident=found.incident_id,
        places=places or [],
    )


def _said(found: Report) -> dict[str, Any]:
    oral = found.oral
    approved = f"{oral['name']} {when(datetime.fromisoformat(oral['at']))}" if oral else ""
    return {
        "incident": found.incident.number,
        "reported_at": when(found.reported_at),
        "text": lines(found.text),
        "elements": [_row(found, name) for name in LABELS if name in found.elements],
        "lacking": "、".join(str(LABELS[one]) for one in (*found.unknown, *found.lacking)),
        "complete": f"{found.complete}%",
        "signer": found.signed_by_name,
        "oral": approved,
        "drafter": found.author_name,
    }


def _row(found: Report, name: str) -> dict[str, str]:
    value, notes = found.elements[name], []
    if name in found.before and is_said(name, found.before[name]):
        notes.append(f"上次：{shown(name, found.before[name])}")
    if name in found.unknown:
        notes.append("待核实")
    elif name in found.lacking:
        notes.append("待续报")
    elif not is_known(name, value):
        notes.append("不详")
    return {"name": str(LABELS[name]), "value": shown(name, value), "note": "；".join(notes)}

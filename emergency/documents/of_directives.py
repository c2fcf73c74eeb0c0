"""督办通知 and 批示督办落实情况: a directive, and how all of them are followed up, as documents.

Owns: what of them stands there. Promises: the words of the leader verbatim; of incidents of other
nodes the number alone. Must not know: templates, which step counts (directives/followup.py).
"""

from datetime import UTC, datetime
from typing import Any

from realtime.problems import NotFound

from ..directives.followup import Kind, Standing
from ..directives.selectors import table
from ..models import Directive, Officer
from .sources import LONGEST, Source, about, lines, own, when

OPEN = "directives/open"
WAYS = (OPEN, "directives/all")
STATES = {
    "issued": "已下达",
    Kind.ACKNOWLEDGED: "已签收，办理中",
    Kind.FEEDBACK: "已反馈，待审核",
    Kind.RETURNED: "已退回，办理中",
    Kind.DONE: "已办结",
}


def notice(officer: Officer, of: str) -> Source:
    """Of `directive/<id>`."""
    found = own(Directive, officer, of)
    said = about(found.incident) | {
        "leader": _leader(found),
        "channel": found.get_channel_display() + ("（已复述）" if found.read_back else ""),
        "received_at": when(found.received_at),
        "text": lines(found.text),
        "what": found.what,
        "due": when(found.due_at),
        "units": [
            {"name": unit["organisation_name"], "part": str(Directive.Part(unit["part"]).label)}
            for unit in found.units
        ],
    }
    return Source(
        of=f"directive/{found.pk}",
        title=f"关于办理{found.leader}批示的督办通知"[:LONGEST],
        said=said,
        recipients="、".join(unit["organisation_name"] for unit in found.units)[:LONGEST],
        realm=found.realm,
        incident=found.incident_id,
    )


def table_of(officer: Officer, of: str) -> Source:
    """Of `directives/open` or `directives/all`: those that this node recorded, as they stand."""
    if of not in WAYS:
        raise NotFound
    now = datetime.now(UTC)
    rows, more = table(officer, open_only=of == OPEN, here=True, now=now)
    said = {
        "as_of": when(now),
        "rows": [_row(number, row) for number, row in enumerate(rows, 1)],
        "more": str(more) if more else "",
    }
    return Source(of=of, title="应急管理工作领导批示督办落实情况", said=said)


def _row(number: int, row: dict[str, Any]) -> dict[str, str]:
    one, named = row["directive"], about(row["incident"])
    return {
        "no": str(number),
        "received_at": when(one.received_at),
        "leader": _leader(one),
        "text": one.text,
        "incident": f"{named['incident']} {named['incident_title']}".strip(),
        "due": when(one.due_at),
        "units": "\n".join(_unit(unit) for unit in row["units"]),
    }


def _leader(one: Directive) -> str:
    return f"{one.leader}（{one.post}）" if one.post else one.leader


def _unit(unit: dict[str, Any]) -> str:
    stands: Standing | None = unit["standing"]
    if stands is None:
        return f"{unit['name']}（{unit['part']}）：本节点未见任务"
    late = "，逾期" if stands.late else ""
    said = f"：{when(stands.at)} {stands.text}" if stands.text else ""
    return f"{unit['name']}（{unit['part']}）：{STATES[stands.state]}{late}{said}"

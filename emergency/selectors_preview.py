"""An incident as another node holds it, or would hold it once it is shared with that node.

Owns: the shape of the preview, and the words for what is withheld and why. Promises: for those who
may share the incident; everything in it is read from the envelopes that the link sends, nothing
from the tables of the desk. Must not know: requests, the rule itself (realtime.link.holdings).
"""

from collections.abc import Iterable
from typing import Any

import orjson
from django.conf import settings
from django.utils.translation import gettext as _

from realtime.access import View
from realtime.hub import item
from realtime.link.holdings import Holdings, holdings
from realtime.models import Envelope, NodeKey, Peer
from realtime.problems import Invalid

from .events import moment
from .models import Incident, Officer
from .permissions import require
from .selectors import history_of

# subject to the list of the answer, and what its lines are sorted by
PARTS = {
    "entry": ("entries", "recorded_at"),
    "attachment": ("attachments", "recorded_at"),
    "tie": ("ties", "made_at"),
    "share": ("shares", "since"),
    "request": ("requests", "recorded_at"),
    "answer": ("answers", "recorded_at"),
    "receipt": ("receipts", "recorded_at"),
    "activation": ("activations", "recorded_at"),
    "task": ("tasks", "due_at"),
    "end": ("ends", "recorded_at"),
    "step": ("task_steps", "recorded_at"),
    "report": ("reports", "recorded_at"),
    "taken": ("report_receipts", "recorded_at"),
    "elapsed": ("deadline_steps", "recorded_at"),
    "roundorder": ("round_orders", "recorded_at"),
    "round": ("round_reports", "recorded_at"),
    "roundreminder": ("round_reminders", "recorded_at"),
    "supplement": ("supplements", "recorded_at"),
    "directive": ("directives", "recorded_at"),
    "taskreminder": ("task_reminders", "recorded_at"),
}
NOT_CLEARED, WAY_NOT_CLEARED, UP_TO_ABOVE = "not_cleared", "way_not_cleared", "up_to_above"
NOT_HERE, NOT_FOR_IT = "not_here", "not_for_it"


def preview(officer: Officer, incident: Incident, node: str) -> dict[str, Any]:
    """What the officer's node lets that node have, in the shape of GET /incidents/{id}.

    Beside it `node`, `held` (already), `way` (the node that it is reached through), `withheld`
    (`what` is kept back, how often, and `why`) and `unread` (envelopes that go there and that this
    node cannot read). Raises NotAllowed, Invalid for a node that there is not, Conflict where
    another node has to give it.
    """
    require(officer, "incident.share", incident)
    if node == settings.NODE_ID or not NodeKey.objects.filter(node=node, retired_at=None).exists():
        raise Invalid(fields={"node": _("There is no such node.")})
    found = holdings(f"incident/{incident.pk}", node)
    rows = found.in_force()
    parts: dict[str, list[dict[str, Any]]] = {name: [] for name, _order in PARTS.values()}
    for row in rows:
        name, _order = PARTS.get(_kind(row), ("", ""))
        if name:
            parts[name].append(_data(found, row))
    for name, order in PARTS.values():
        parts[name].sort(key=lambda one, order=order: (one[order], one["id"]))
    itself = [row for row in found.goes if _kind(row) == "incident"]
    now = [_data(found, row) for row in rows if _kind(row) == "incident"]
    return {
        **(now[0] if now else {}),
        **parts,
        "history": history_of(itself),
        "node": node,
        "held": found.held,
        "way": found.way,
        "withheld": _withheld(found, rows),
        "switched": _switched(found),
        "unread": len(found.unread),
    }


def _switched(found: Holdings) -> dict[str, Any] | None:
    """When it was last said anew whether personal parts go there, where some went, or would have
    gone, before: what is shown is what goes now, and that node may hold what went then."""
    peer = Peer.objects.filter(node=found.way or found.node).exclude(clearance_at=None).first()
    if not found.held or peer is None:
        return None
    before = any(row.personal is not None and row.time < peer.clearance_at for row in found.goes)
    return {"at": moment(peer.clearance_at), "cleared": peer.cleared} if before else None


def _kind(row: Envelope) -> str:
    return row.subject.partition("/")[0]


def _data(found: Holdings, row: Envelope) -> dict[str, Any]:
    """The data of an envelope, with its personal part where that node has it."""
    return item(row, View.FULL if found.has_personal(row) else View.PUBLIC)


def _withheld(found: Holdings, rows: Iterable[Envelope]) -> list[dict[str, Any]]:
    """What does not go there: what it is, how many of it, and why."""
    counts: dict[tuple[str, str], int] = {}
    for row in rows:
        if not found.has_personal(row):
            for what in _personal(row):
                key = what, _why(found, row)
                counts[key] = counts.get(key, 0) + 1
    kept = {row.subject for row in found.stays} - {row.subject for row in rows}
    for what in sorted(subject.partition("/")[0] for subject in kept):
        if what in PARTS:
            key = what, NOT_FOR_IT
            counts[key] = counts.get(key, 0) + 1
    return [{"what": what, "why": why, "count": count} for (what, why), count in counts.items()]


def _personal(row: Envelope) -> list[str]:
    """The fields of the personal part that say something; of one that is not here, all."""
    if row.personal is None:
        named = "personal" in orjson.loads(bytes(row.header))["parts"]
        return ["personal"] if named else []
    data = orjson.loads(bytes(row.personal))
    return [name for name, value in data.items() if _says(value)]


def _says(value: Any) -> bool:
    """Is there anything in it? A person without a word, a survey of no layer say nothing."""
    return bool(value["layers"]) if "layers" in value else any(value.values())


def _why(found: Holdings, row: Envelope) -> str:
    if row.personal is None:
        return NOT_HERE
    if found.cleared is None:
        return UP_TO_ABOVE
    return WAY_NOT_CLEARED if found.way else NOT_CLEARED

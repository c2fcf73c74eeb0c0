"""Event types of handovers.

Owns: their shape and builder. Promises: a handover stays on this node. Must not know: who signs.
"""

from typing import Any, TypedDict

from realtime.registry import declare

from ..events import moment
from ..models import Handover


class HandoverData(TypedDict):
    """A handover as it stands: what was open then, why what is overdue is so, who signed."""

    id: str
    home: str
    rev: int
    state: str
    shift: str | None
    items: list[dict[str, Any]]
    more: int
    notes: dict[str, str]
    warnings: str
    faults: str
    sensitive: str
    remarks: str
    giver: str
    giver_name: str
    given_at: str
    taker: str
    taker_name: str
    taken_at: str | None


HANDOVER_SIGNED = declare("handover.signed", version=1, topic="duty", data=HandoverData)
HANDOVER_TAKEN = declare("handover.taken", version=1, topic="duty", data=HandoverData)

TEXTS = "warnings faults sensitive remarks".split()
PLAIN = "home rev state items more notes giver giver_name taker taker_name".split()


def handover_data(row: Handover) -> dict[str, Any]:
    """A handover as it stands."""
    return {
        "id": str(row.pk),
        "shift": str(row.shift) if row.shift else None,
        **{name: getattr(row, name) for name in (*PLAIN, *TEXTS)},
        **{name: moment(getattr(row, name)) for name in ("given_at", "taken_at")},
    }

"""Event types of receipts: who has an incident before them, by node, organisation and role.

Owns: their shape and builder. Promises: as `events.py`. Must not know: when a receipt is due.
"""

from typing_extensions import TypedDict

from realtime.registry import declare

from .events import moment
from .models import Receipt


class ReceiptData(TypedDict):
    """One role of one organisation of one node, and when it was first so far."""

    id: str
    incident: str
    home: str
    realm: str
    rev: int
    kind: str
    organisation: str
    role: str
    author: str
    author_name: str
    recorded_at: str


INCIDENT_OPENED = declare("receipt.opened", version=1, topic="incidents", data=ReceiptData)
INCIDENT_ACKNOWLEDGED = declare(
    "receipt.acknowledged", version=1, topic="incidents", data=ReceiptData
)
OF_KIND = {
    Receipt.Kind.OPENED: INCIDENT_OPENED,
    Receipt.Kind.ACKNOWLEDGED: INCIDENT_ACKNOWLEDGED,
}


def receipt_data(receipt: Receipt) -> ReceiptData:
    """A receipt."""
    names = "home realm kind organisation role author author_name".split()
    return {
        **{name: getattr(receipt, name) for name in names},
        "id": str(receipt.pk),
        "incident": str(receipt.incident_id),
        "rev": 1,
        "recorded_at": moment(receipt.recorded_at),
    }

"""The event type of the duty log.

Owns: its shape and builder. Promises: who spoke at the other end stands in the personal part; it
stays on this node. Must not know: who may write.
"""

from typing import Any, TypedDict

from realtime.registry import declare

from ..events import moment
from ..models import DutyEntry

PLAIN = "home channel channel_name direction number summary handling author author_name".split()
PERSONAL = ("party", "phone")


class DutyEntryData(TypedDict):
    """What came in or went out, when, by which channel; about which incident, what it corrects."""

    id: str
    home: str
    rev: int
    at: str
    channel: str
    channel_name: str
    direction: str
    summary: str
    handling: str
    incident: str | None
    number: str
    corrects: str | None
    author: str
    author_name: str
    recorded_at: str


class DutyEntryPersonal(TypedDict):
    """Who spoke at the other end."""

    party: str
    phone: str


DUTY_LOGGED = declare(
    "duty.logged", version=1, topic="duty", data=DutyEntryData, personal=DutyEntryPersonal
)


def entry_data(entry: DutyEntry) -> dict[str, Any]:
    """An entry without who spoke."""
    return {
        **{name: getattr(entry, name) for name in PLAIN},
        "id": str(entry.pk),
        "rev": 1,
        "at": moment(entry.at),
        "incident": str(entry.incident) if entry.incident else None,
        "corrects": str(entry.corrects_id) if entry.corrects_id else None,
        "recorded_at": moment(entry.recorded_at),
    }


def entry_personal(entry: DutyEntry) -> dict[str, str]:
    """Who spoke."""
    return {name: getattr(entry, name) for name in PERSONAL}

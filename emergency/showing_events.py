"""The event types of incidents that this node shows to its own organisations.

Owns: their shape. Promises: as `events.py`; they stay on the node where they were written, and hold
nothing of the incident, which may have to be erased. Must not know: who is home of an incident.
"""

from typing_extensions import TypedDict

from realtime.registry import declare


class ShowingData(TypedDict):
    """The organisation of this node that sees the incident from now on, or no longer."""

    id: str
    incident: str
    home: str
    realm: str
    rev: int
    organisation: str
    author: str
    author_name: str
    recorded_at: str


SHOWING_BEGUN = declare("showing.begun", version=1, topic="incidents", data=ShowingData)
SHOWING_ENDED = declare("showing.ended", version=1, topic="incidents", data=ShowingData, hides=True)

"""The event type of a proposal to share that a person said no to.

Owns: its shape. Promises: as `events.py`; it stays on the node where it was said. Must not know:
where proposals come from (selectors_proposals.py).
"""

from typing_extensions import TypedDict

from realtime.registry import declare


class DeclinedData(TypedDict):
    """The node that is not to be proposed again, as long as the area is this one."""

    id: str
    incident: str
    home: str
    realm: str
    rev: int
    node: str
    area: str
    author: str
    author_name: str
    recorded_at: str


PROPOSAL_DECLINED = declare("proposal.declined", version=1, topic="shares", data=DeclinedData)

"""What the log tells about itself. Declares types only."""

from typing import TypedDict

from .registry import declare


class EpochData(TypedDict):
    """A new epoch and why the old one could not be continued."""

    epoch: str
    reason: str
    position: int
    marker: int | None


class RefusalData(TypedDict):
    """Refusals of one minute by one actor or address."""

    who: str
    what: str
    count: int
    first_at: str
    last_at: str


EPOCH_SUBJECT = "log/head"
EPOCH_RENEWED = declare("epoch.renewed", version=1, topic="audit", data=EpochData)
REFUSALS_COUNTED = declare("refusals.counted", version=1, topic="audit", data=RefusalData)

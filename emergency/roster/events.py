"""Event types of the roster.

Owns: their shapes and builders. Promises: who is on duty stands in the personal part of a shift; a
swap stays on this node. Must not know: who may write.
"""

from typing import Any, TypedDict

from realtime.registry import declare

from ..events import moment
from ..models import Shift, Swap


class RosterData(TypedDict):
    """A node keeps a roster; its shifts are about it."""

    node: str
    name: str
    rev: int


class ShiftData(TypedDict):
    """A shift, from when to when; a cancelled one takes place no more."""

    id: str
    home: str
    rev: int
    starts_at: str
    ends_at: str
    cancelled: bool
    author: str
    author_name: str
    recorded_at: str


class ShiftPersonal(TypedDict):
    """Who is on duty in it: post, post_name, username, name, phone of each."""

    people: list[dict[str, str]]


class SwapData(TypedDict):
    """Somebody is to stand in for another in a shift, and how that stands."""

    id: str
    home: str
    rev: int
    shift: str
    post: str
    giver: str
    taker: str
    reason: str
    state: str
    answer: str
    author: str
    author_name: str
    recorded_at: str


ROSTER_OPENED = declare("roster.opened", version=1, topic="duty", data=RosterData)
SHIFT_KEPT = declare("shift.kept", version=1, topic="duty", data=ShiftData, personal=ShiftPersonal)
SWAP_CHANGED = declare("swap.changed", version=1, topic="duty", data=SwapData)

SHIFT = "home rev cancelled author author_name".split()
SWAP = "home rev post giver taker reason state answer author author_name".split()


def roster(node: str) -> str:
    """The roster of a node, which its shifts are about."""
    return f"roster/{node}"


def shift_data(shift: Shift) -> dict[str, Any]:
    """A shift without who is on duty."""
    times = ("starts_at", "ends_at", "recorded_at")
    return {
        "id": str(shift.pk),
        **{name: getattr(shift, name) for name in SHIFT},
        **{name: moment(getattr(shift, name)) for name in times},
    }


def swap_data(swap: Swap) -> dict[str, Any]:
    """A swap and how it stands."""
    return {
        "id": str(swap.pk),
        "shift": str(swap.shift_id),
        "recorded_at": moment(swap.recorded_at),
        **{name: getattr(swap, name) for name in SWAP},
    }

"""Facts about what became of limits, put into their table.

Owns: the way from a fact to a row, and what a fact has to be. Promises: as `emergency/apply.py`; a
step may come before its limit; what could not be reckoned with is refused. Must not know: who sent
it, whether it counts (selectors).
"""

from collections.abc import Sequence
from typing import Any

from realtime.registry import Fact, applies

from ..models import Deadline
from .events import STEP
from .limits import MOST_PERCENT

LATEST = 10**8  # minutes, two hundred years


@applies(STEP.subject)
def apply_steps(facts: Sequence[Fact]) -> None:
    """Insert steps. Raises NotYet, ValueError for what is none."""
    for fact in facts:
        said = {"percent": 0, "late": 0, "roles": [], "reason": ""} | fact.public
        _require(said["report"] in Deadline.Kind.values, "report")
        _require(_within(said["percent"], 0, MOST_PERCENT), "percent")
        _require(_within(said["late"], 0, LATEST), "late")
        _require(isinstance(said["roles"], list), "roles")
        _require(all(isinstance(one, str) for one in said["roles"]), "roles")
    STEP.insert(facts)


def _within(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and least <= value <= most


def _require(right: bool, what: str) -> None:
    if not right:
        raise ValueError(f"{what} that cannot be reckoned with")

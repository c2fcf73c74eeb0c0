"""Facts about deadlines and their steps, put into their tables.

Owns: the way from a fact to a row, and what a fact has to be. Promises: as `emergency/apply.py`; a
step may come before its deadline; what could not be reckoned with is refused. Must not know: who
sent it, whether it counts (selectors).
"""

from collections.abc import Sequence
from typing import Any

from realtime.registry import Fact, applies

from ..models import Deadline, DeadlineStep
from .events import SHAPES
from .limits import MOST_MINUTES, MOST_PERCENT
from .standing import TOLD

RULE = {*TOLD, "default", "of"}
LATEST = 10**7  # minutes, twenty years


@applies(SHAPES[Deadline].subject)
def apply_deadlines(facts: Sequence[Fact]) -> None:
    """Insert deadlines. Raises NotYet, ValueError for what is none."""
    for fact in facts:
        said = fact.public
        _require(_within(said["minutes"], 1, MOST_MINUTES), "minutes")
        _require(isinstance(said["rule"], dict) and set(said["rule"]) == RULE, "rule")
        _require(all(isinstance(said["rule"][name], str) for name in ("source", "plan")), "rule")
    SHAPES[Deadline].insert(facts)
    for fact in facts:
        unjudged = Deadline.objects.filter(pk=fact.public["id"], judged=[])
        unjudged.update(judged=fact.public["rule"]["of"])


@applies(SHAPES[DeadlineStep].subject)
def apply_steps(facts: Sequence[Fact]) -> None:
    """Insert steps. Raises NotYet, ValueError for what is none."""
    for fact in facts:
        said = {"percent": 0, "late": 0, "roles": [], "reason": ""} | fact.public
        _require(said["report"] in Deadline.Kind.values, "report")
        _require(_within(said["percent"], 0, MOST_PERCENT), "percent")
        _require(_within(said["late"], 0, LATEST), "late")
        _require(isinstance(said["roles"], list), "roles")
        _require(all(isinstance(one, str) for one in said["roles"]), "roles")
    SHAPES[DeadlineStep].insert(facts)


def _within(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and least <= value <= most


def _require(right: bool, what: str) -> None:
    if not right:
        raise ValueError(f"{what} that cannot be reckoned with")

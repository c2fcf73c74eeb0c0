"""Facts about casualties that nobody has reported, put into their table.

Owns: what a fact has to be. Promises: as `emergency/apply.py`. Must not know: who sent it, whether
it counts (selectors).
"""

from collections.abc import Callable, Sequence
from typing import Any

from realtime.registry import Fact, applies

from . import window
from .events import SHAPE

HAS_TO_BE: dict[str, Callable[[Any], bool]] = {
    "moved": window.are_moved,
    "days": window.are_days,
    "source": lambda told: isinstance(told, str) and len(told) <= 300,
    "verified": lambda told: isinstance(told, bool),
    "roles": lambda told: isinstance(told, list) and all(isinstance(one, str) for one in told),
}


@applies(SHAPE.subject)
def apply_reminders(facts: Sequence[Fact]) -> None:
    """Insert them. Raises NotYet, ValueError for what cannot be reckoned with."""
    for fact in facts:
        for name, is_right in HAS_TO_BE.items():
            if not is_right(fact.public[name]):
                raise ValueError(f"{name} that cannot be reckoned with")
    SHAPE.insert(facts)

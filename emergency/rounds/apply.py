"""Facts about rounds of reports, put into their tables.

Owns: the way from a fact to a row, and what a fact has to be. Promises: as `emergency/apply.py`; a
report may come before its order; what could not be reckoned with is refused. Must not know: who
sent it, whether it counts (selectors).
"""

from collections.abc import Callable, Sequence
from typing import Any

from realtime.registry import Fact, applies

from ..models import RoundOrder, RoundReminder, RoundReport
from . import counting
from .events import SHAPES

LATEST = 10**8  # minutes, two hundred years


def _names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _late(value: Any) -> bool:
    return type(value) is int and 0 <= value <= LATEST


HAS_TO_BE: dict[type, dict[str, Callable[[Any], bool]]] = {
    RoundOrder: {"every": counting.is_every, "reporters": counting.are_reporters},
    RoundReport: {
        "no": counting.is_no,
        "late": _late,
        "nothing_new": lambda value: isinstance(value, bool),
    },
    RoundReminder: {
        "no": counting.is_no,
        "percent": counting.is_percent,
        "missing": _names,
        "roles": _names,
    },
}


def _apply(model: type) -> None:
    @applies(SHAPES[model].subject)
    def apply(facts: Sequence[Fact]) -> None:
        """Insert them. Raises NotYet, ValueError for what cannot be reckoned with."""
        for fact in facts:
            for name, is_right in HAS_TO_BE[model].items():
                if not is_right(fact.public[name]):
                    raise ValueError(f"{name} that cannot be reckoned with")
        SHAPES[model].insert(facts)


for _model in SHAPES:
    _apply(_model)

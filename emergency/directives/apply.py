"""Directives of other nodes, put into their table.

Owns: what such a fact has to be. Promises: as `emergency/apply.py`. Must not know: who sent it.
"""

from collections.abc import Callable, Sequence
from typing import Any

from realtime.registry import Fact, applies

from ..models import Directive
from .events import SHAPE

UNIT = {"organisation": 40, "organisation_name": 120, "part": 8}
MOST = 60


def _is_text(most: int) -> Callable[[Any], bool]:
    return lambda told: isinstance(told, str) and 0 < len(told) <= most


def _are_units(told: Any) -> bool:
    return (
        isinstance(told, list)
        and 0 < len(told) <= MOST
        and all(
            isinstance(one, dict)
            and one.keys() == UNIT.keys()
            and all(_is_text(most)(one[name]) for name, most in UNIT.items())
            and one["part"] in Directive.Part.values
            for one in told
        )
    )


HAS_TO_BE: dict[str, Callable[[Any], bool]] = {
    "leader": _is_text(60),
    "post": _is_text(120),
    "channel": lambda told: told in Directive.Channel.values,
    "text": _is_text(4000),
    "read_back": lambda told: isinstance(told, bool),
    "what": _is_text(500),
    "units": _are_units,
}


@applies(SHAPE.subject)
def apply_directives(facts: Sequence[Fact]) -> None:
    """Insert them. Raises NotYet, ValueError for what is none."""
    for fact in facts:
        for name, is_right in HAS_TO_BE.items():
            if not is_right(fact.public[name]):
                raise ValueError(f"{name} of another shape")
    SHAPE.insert(facts)

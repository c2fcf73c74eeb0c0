"""Directives of other nodes and their reminders, put into their tables.

Owns: what such a fact has to be. Promises: as `emergency/apply.py`. Must not know: who sent it.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from realtime.link.items import moment_of
from realtime.registry import Fact, applies

from ..deadlines.limits import MOST_PERCENT
from ..models import Directive
from .events import DIRECTIVE_RECORDED, REMINDER, SHAPE

UNIT = {"organisation": 40, "organisation_name": 120, "part": 8}
MOST = 60
AHEAD = timedelta(minutes=20)  # how far clocks may differ


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
        if (fact.type, fact.rev) != (DIRECTIVE_RECORDED.name, 1):
            raise ValueError("of another type, or written twice")
        if moment_of(fact.public["received_at"]) > fact.time + AHEAD:
            raise ValueError("received after it was recorded")
        for name, is_right in HAS_TO_BE.items():
            if not is_right(fact.public[name]):
                raise ValueError(f"{name} of another shape")
    SHAPE.insert(facts)


@applies(REMINDER.subject)
def apply_reminders(facts: Sequence[Fact]) -> None:
    """Insert what was reminded of. Raises NotYet, ValueError for what is none."""
    for fact in facts:
        percent, roles, node = (fact.public[name] for name in ("percent", "roles", "node"))
        if not _is_text(40)(fact.public["organisation"]) or not isinstance(node, str):
            raise ValueError("nobody's task")
        if type(percent) is not int or not 0 < percent <= MOST_PERCENT:
            raise ValueError("a per cent that cannot be")
        if not isinstance(roles, list) or not all(isinstance(one, str) for one in roles):
            raise ValueError("roles of another shape")
    REMINDER.insert(facts)

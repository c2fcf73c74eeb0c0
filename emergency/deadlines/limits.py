"""Which limit holds, when a reminder is due, how late a report is: pure functions.

Owns: the arithmetic. Promises: of the rules that fit the strictest holds, and the default where no
other fits; a report at its limit is in time, and late by a minute from the moment after; of
reminders that were missed the last one is given alone; what another node states and cannot be
reckoned with is left out. Must not know: the database, the time now.
Source: domain rules of information reporting: a clock starts at 接报, reminders at 50, 80, 100 %.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

MINUTE = timedelta(minutes=1)
MOST_MINUTES = 43_200  # thirty days
MOST_PERCENT = 1_000  # ten times the limit
MOST_LIMITS = 200  # of an incident, for all the classes and grades that it ever had
YEARS = range(2000, 2200)  # in which a limit may begin
FIELDS = {
    **dict.fromkeys("id kind started_at source plan".split(), str),
    "minutes": int,
    **dict.fromkeys(("verified", "default"), bool),
}


@dataclass(frozen=True)
class Rule:
    """A row of the table, or what a plan says: minutes to a kind of report; "" and 0 fit all."""

    kind: str
    type_prefix: str
    grade: int
    level: str
    minutes: int
    source: str = ""
    verified: bool = False
    plan: str = ""

    @property
    def is_default(self) -> bool:
        """Does it fit everything?"""
        return not (self.type_prefix or self.grade or self.level or self.plan)

    def fits(self, type_code: str, grade: int | None, level: str) -> bool:
        """Does it hold for an incident of this class and grade, at a desk of this level?"""
        return (
            type_code.startswith(self.type_prefix)
            and self.grade in (0, grade)
            and self.level in ("", level)
        )


def binding(
    rules: Iterable[Rule], *, kind: str, type_code: str, grade: int | None, level: str
) -> Rule | None:
    """The rule that holds; None where not even a default fits."""
    fitting = [one for one in rules if one.kind == kind and one.fits(type_code, grade, level)]
    return min(
        fitting,
        key=lambda one: (one.is_default, one.minutes, not one.verified, -len(one.type_prefix)),
        default=None,
    )


def at_percent(minutes: float, percent: int) -> timedelta:
    """How long after its start so much of a limit has passed."""
    return timedelta(minutes=minutes) * percent / 100


def reminder_due(
    passed: timedelta, minutes: float, percents: Sequence[int], given: Iterable[int]
) -> int | None:
    """The reminder that is to be given now: the last that has come and is after all given ones."""
    last = max(given, default=0)
    come = [one for one in percents if one > last and at_percent(minutes, one) <= passed]
    return max(come, default=None)


def next_look(minutes: int, percents: Sequence[int], given: Iterable[int]) -> timedelta | None:
    """How long after its start the next reminder is due; None after the last."""
    last = max(given, default=0)
    coming = [one for one in percents if one > last]
    return at_percent(minutes, min(coming)) if coming else None


def minutes_late(passed: timedelta, minutes: int) -> int:
    """Minutes begun after the limit; 0 for what is in time."""
    return max(0, -((timedelta(minutes=minutes) - passed) // MINUTE))


def checked(told: Any, kinds: Iterable[str]) -> list[dict[str, Any]]:
    """Of the limits that an incident of another node states those that can be reckoned with."""
    found: dict[str, dict[str, Any]] = {}
    for one in told if isinstance(told, list) else ():
        if _is_limit(one, kinds):
            found.setdefault(one["id"], {name: one[name] for name in FIELDS})
    return list(found.values())[-MOST_LIMITS:]


def _is_limit(one: Any, kinds: Iterable[str]) -> bool:
    if not isinstance(one, dict):
        return False
    if not all(type(one.get(name)) is kind for name, kind in FIELDS.items()):
        return False
    try:
        uuid.UUID(one["id"])
        began = datetime.fromisoformat(one["started_at"]).astimezone(UTC)
    except (ValueError, OverflowError):
        return False
    plain = one["started_at"] == began.isoformat() and began.year in YEARS
    return plain and one["kind"] in kinds and 1 <= one["minutes"] <= MOST_MINUTES

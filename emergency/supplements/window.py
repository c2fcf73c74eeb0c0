"""How long changes of casualties are to be reported, what has changed, when to say so: pure.

Owns: the rules. Promises: of the rules that fit the one of the closest class holds; the day of the
accident is not counted, the last day is whole; what was 不详 and is nobody now has not changed; a
change is said at once and once a day from then on, whatever was done to the clock. Must not know:
the database, the time now.
Source: 《生产安全事故报告和调查处理条例》 article 13; 民法典 articles 201 and 203 (the first day).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.utils.timezone import localdate, make_aware

CASUALTIES = ("dead", "serious", "injured", "missing")  # 伤亡人数
DAY = timedelta(days=1)
MOST_DAYS = 366
MOST_FIGURE = 2**31 - 1


@dataclass(frozen=True)
class Rule:
    """A row of the table."""

    type_prefix: str
    days: int
    source: str
    verified: bool


def binding(rules: Iterable[Rule], type_code: str) -> Rule | None:
    """The rule of the closest class; None where changes are reported while it is open alone."""
    fitting = [one for one in rules if type_code.startswith(one.type_prefix)]
    return max(fitting, key=lambda one: len(one.type_prefix), default=None)


def until(began: datetime, days: int) -> datetime:
    """The end of the last day by the calendar of the place, in UTC."""
    after = localdate(began) + timedelta(days=days + 1)
    return make_aware(datetime.combine(after, time())).astimezone(UTC)


def moved(told: Any, now: Mapping[str, int | None]) -> dict[str, list[int | None]]:
    """Name of each figure that is not as it was told in a report to [reported, now]; what a report
    of another node says and is no figure is not reported."""
    told = told if isinstance(told, dict) else {}
    reported = {name: told.get(name) for name in CASUALTIES if _is_figure(told.get(name))}
    return {
        name: [reported.get(name), now.get(name)]
        for name in CASUALTIES
        if reported.get(name) != now.get(name) and (reported.get(name), now.get(name)) != (None, 0)
    }


def is_due(given: Collection[datetime], now: datetime) -> bool:
    """Is it to be said (again)? `given`: when the same was said since the last report."""
    return all(abs(now - one) >= DAY for one in given)


def are_moved(told: Any) -> bool:
    """Are these figures as a reminder tells them?"""
    return (
        isinstance(told, dict)
        and bool(told)
        and told.keys() <= set(CASUALTIES)
        and all(isinstance(pair, list) and len(pair) == 2 for pair in told.values())
        and all(_is_figure(one) for pair in told.values() for one in pair)
    )


def are_days(told: Any) -> bool:
    """Is this a number of days that can be reckoned with?"""
    return type(told) is int and 1 <= told <= MOST_DAYS


def _is_figure(told: Any) -> bool:
    return told is None or (type(told) is int and 0 <= told <= MOST_FIGURE)

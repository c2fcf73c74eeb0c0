"""When a plan is to be exercised again: pure functions of days.

Owns: the arithmetic of months and the three states. Promises: the last day of a month stays within
its month (29 February and 12 months is 28 February). Must not know: rules, exercises, the clock.
Source: 突发事件应急预案管理办法 (国办发〔2024〕5号): special and departmental plans every three
years; the offices' own rules say what is stricter.
"""

from calendar import monthrange
from datetime import date
from enum import StrEnum


class Due(StrEnum):
    """How it stands with a rule on a day."""

    NEVER = "never"  # nothing is known of any exercise
    OVERDUE = "overdue"
    SOON = "soon"
    FINE = "fine"


def months_later(day: date, months: int) -> date:
    """The same day of the month so many months later, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due_on(last: date | None, months: int) -> date | None:
    """The last day on which the next exercise is in time; None where there never was one."""
    return months_later(last, months) if last else None


def standing(due: date | None, today: date, warn_days: int) -> Due:
    """How it stands: overdue from the day after, soon within `warn_days` before."""
    if due is None:
        return Due.NEVER
    if due < today:
        return Due.OVERDUE
    return Due.SOON if (due - today).days <= warn_days else Due.FINE

"""When a plan is to be exercised again."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drills.due import Due, due_on, months_later, standing

DAYS = st.dates(date(1990, 1, 1), date(2190, 12, 31))


@pytest.mark.parametrize(
    ("last", "months", "due"),
    [
        (date(2024, 3, 1), 36, date(2027, 3, 1)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2025, 11, 30), 1, date(2025, 12, 30)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
    ],
)
def test_it_is_due_so_many_months_after_the_last(last, months, due):
    assert due_on(last, months) == due


def test_without_a_last_one_no_day_is_due_and_it_says_never():
    assert due_on(None, 36) is None
    assert standing(None, date(2026, 1, 1), 90) == Due.NEVER


@pytest.mark.parametrize(
    ("days", "state"),
    [(-1, Due.OVERDUE), (0, Due.SOON), (90, Due.SOON), (91, Due.FINE)],
)
def test_overdue_begins_the_day_after_and_soon_within_the_warning(days, state):
    today = date(2026, 11, 24)
    assert standing(today + timedelta(days), today, 90) == state


@given(DAYS, st.integers(0, 120), st.integers(0, 120))
def test_later_months_are_later_days_of_the_same_or_an_earlier_day_of_the_month(day, few, more):
    first, second = months_later(day, few), months_later(day, few + more)
    assert first <= second and (more == 0) == (first == second)
    assert (first.year * 12 + first.month) - (day.year * 12 + day.month) == few
    assert first.day == day.day or (first.day < day.day and (first + timedelta(1)).day == 1)

"""How long changes of casualties are reported, what has changed, when it is said: arithmetic."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from emergency.supplements import window

DAY = timedelta(days=1)
RULES = [window.Rule("12", 30, "", True), window.Rule("12G", 7, "", True)]
FIGURE = st.none() | st.integers(0, 50)
FIGURES = st.fixed_dictionaries(dict.fromkeys(window.CASUALTIES, FIGURE))


@pytest.mark.parametrize(("code", "days"), [("12D02", 30), ("12G04", 7), ("12000", 30)])
def test_the_days_of_the_closest_class_hold(code, days):
    assert window.binding(RULES, code).days == days


def test_a_class_without_days_asks_for_no_supplement():
    assert window.binding(RULES, "11D02") is None


@pytest.mark.parametrize(
    ("began", "days", "last"),
    [("2026-11-28T00:00", 30, "2026-12-28"), ("2026-11-28T23:59", 30, "2026-12-28"),
     ("2026-11-28T12:00", 7, "2026-12-05"), ("2028-02-22T08:00", 7, "2028-02-29")],
)  # fmt: skip
def test_the_day_of_the_accident_is_not_counted_and_the_last_day_is_whole(began, days, last):
    at = timezone.make_aware(datetime.fromisoformat(began))
    end = window.until(at, days)
    assert timezone.localtime(end - timedelta(seconds=1)).date().isoformat() == last
    assert timezone.localtime(end).time().isoformat() == "00:00:00"


@given(reported=FIGURES, now=FIGURES)
def test_what_has_moved_is_what_differs_and_nothing_else(reported, now):
    found = window.moved(reported, now)
    assert window.moved(now, now) == {}
    for name in window.CASUALTIES:
        pair = [reported[name], now[name]]
        assert (found.get(name) == pair) == (pair[0] != pair[1] and pair != [None, 0])
    assert not found or window.are_moved(found)


@given(hours=st.lists(st.floats(-2000, 2000), max_size=5), later=st.floats(-3000, 3000))
def test_it_is_never_said_twice_within_a_day_whatever_the_clock_said_before(hours, later):
    begin = datetime(2026, 11, 28, tzinfo=UTC)
    said = [begin + timedelta(hours=one) for one in hours]
    now = begin + timedelta(hours=later)
    apart = min((abs(now - one) for one in said), default=DAY)
    assert window.is_due(said, now) == (apart >= DAY)
    assert not window.is_due([*said, now], now + timedelta(hours=1))

"""The clock of an exercise: forward only, still while paused, the same at every node."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drills.clock import MINUTE, Reading, shown_at

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("speed", "running", "seconds", "shown"),
    [(1, True, 60, 61), (4, True, 60, 241), (10, True, 0.5, 6), (10, False, 600, 1)],
)
def test_it_shows_so_many_times_what_passed_or_stands(speed, running, seconds, shown):
    reading = Reading(NOON, 1000, speed, running)
    assert reading.now(NOON + timedelta(seconds=seconds)) == shown * 1000


def test_before_it_was_set_it_shows_what_it_was_set_to():
    assert Reading(NOON, 5, 10, True).now(NOON - timedelta(hours=1)) == 5


@given(st.integers(0, 10**9), st.integers(1, 10), st.integers(0, 10**9), st.integers(0, 10**9))
def test_it_never_runs_backwards_and_a_minute_comes_when_it_says(at, speed, first, more):
    reading = Reading(NOON, at, speed, True)
    moments = [NOON + timedelta(milliseconds=one) for one in (first, first + more)]
    assert at <= reading.now(moments[0]) <= reading.now(moments[1])
    wanted = reading.now(moments[0])
    comes = reading.wall_at(wanted)
    assert comes <= moments[0] and reading.now(comes) >= wanted
    assert comes == NOON or reading.now(comes - timedelta(milliseconds=1)) < wanted


def test_while_it_stands_nothing_later_comes():
    stands = Reading(NOON, 5 * MINUTE, 4, False)
    assert stands.wall_at(6 * MINUTE) is None and stands.wall_at(5 * MINUTE) == NOON


SETTINGS = st.lists(
    st.tuples(st.integers(0, 600), st.integers(1, 10), st.booleans(), st.integers(0, 30)),
    min_size=1, max_size=8,
)  # fmt: skip


@given(SETTINGS, st.lists(st.integers(0, 6000), min_size=2, max_size=10))
def test_over_any_history_of_settings_time_goes_forward_only(settings, asked):
    history: list[Reading] = []
    wall, shown = NOON, 0
    for wait, speed, running, jump in settings:
        wall += timedelta(seconds=wait)
        shown = (history[-1].now(wall) if history else 0) + jump * 1000
        history.append(Reading(wall, shown, speed, running))
    moments = sorted(history[0].since + timedelta(seconds=one) for one in asked)
    told = [shown_at(history, moment) for moment in moments]
    assert told == sorted(told)
    assert shown_at(history, history[0].since - timedelta(seconds=1)) is None

"""How rounds of reports are counted: without a gap, each reminder once, the 61st minute late."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.rounds import counting
from emergency.rounds.counting import Due

MARKS = [50, 80, 100]
EVERY = st.integers(counting.LEAST, counting.MOST)
PASSED = st.integers(0, 60 * 24 * 30).map(lambda seconds: timedelta(seconds=seconds * 7))


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


@pytest.mark.parametrize(("passed", "no"), [(0, 1), (59.9, 1), (60, 2), (119, 2), (-5, 1)])
def test_the_first_round_is_the_first_hour(passed, no):
    assert counting.current(minutes(passed), 60) == no


@pytest.mark.parametrize(("passed", "late"), [(59, 0), (60, 0), (60.01, 1), (61, 1), (61.01, 2)])
def test_the_sixty_first_minute_is_late_by_one(passed, late):
    assert counting.late(minutes(passed), 60, 1) == late
    assert counting.late(minutes(passed + 60), 60, 2) == late


def test_the_end_of_a_round_is_always_said_whatever_the_office_reminds_at():
    assert counting.percents([]) == [100]
    assert counting.percents([50, 80, 150]) == [50, 80, 100]


def test_of_a_round_that_is_over_the_end_alone_is_said_and_of_the_next_what_has_come():
    due = list(counting.reminders(minutes(90), 60, MARKS, {}))
    assert due == [Due(1, 100), Due(2, 50)]
    assert list(counting.reminders(minutes(90), 60, MARKS, {1: {100}, 2: {50}})) == []


@given(every=EVERY, looks=st.lists(PASSED, max_size=30))
def test_every_reminder_is_given_once_and_the_end_of_every_round_always(every, looks):
    given_: dict[int, set[int]] = {}
    for passed in sorted(looks):
        for due in counting.reminders(passed, every, MARKS, given_):
            assert due.percent not in given_.get(due.no, set())
            given_.setdefault(due.no, set()).add(due.percent)
    last = counting.current(max(looks), every) if looks else 1
    over = {no for no in given_ if counting.WHOLE in given_[no]}
    assert over >= set(range(max(1, last - counting.LOOK_BACK), last))
    assert all(no < last for no in over)


@given(every=EVERY, passed=PASSED)
def test_nothing_is_missed_where_nobody_looks_before_the_next_look(every, passed):
    told: dict[int, set[int]] = {}
    for due in counting.reminders(passed, every, MARKS, told):
        told.setdefault(due.no, set()).add(due.percent)
    then = counting.next_look(passed, every, MARKS)
    assert passed < then <= passed + minutes(every)
    assert list(counting.reminders(then - timedelta(microseconds=1), every, MARKS, told)) == []
    assert list(counting.reminders(then, every, MARKS, told))


@given(value=st.recursive(st.none() | st.integers() | st.text() | st.booleans(), st.lists))
def test_what_is_no_interval_and_no_reporter_is_told_apart(value):
    assert not counting.is_every(value) or 0 <= value <= counting.MOST
    assert not counting.are_reporters(value) or value == []

"""Which limit holds, when a reminder is due, how late a report is."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.deadlines.limits import (
    Rule,
    at_percent,
    binding,
    minutes_late,
    next_look,
    reminder_due,
)

PERCENTS = (50, 80, 100)
DEFAULT = Rule("phone", "", 0, "", 30)
rules = st.builds(
    Rule,
    kind=st.sampled_from(["phone", "written"]),
    type_prefix=st.sampled_from(["", "1", "11", "11A", "11A01", "12", "12D02"]),
    grade=st.integers(0, 4),
    level=st.sampled_from(["", "city", "district"]),
    minutes=st.integers(1, 300),
)
incidents = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["phone", "written"]),
        "type_code": st.sampled_from(["10000", "11A01", "11B03", "12D02"]),
        "grade": st.sampled_from([None, 1, 2, 3, 4]),
        "level": st.sampled_from(["city", "district"]),
    }
)


def held(*table: Rule, type_code="11A01", grade=None, level="district") -> Rule | None:
    return binding(table, kind="phone", type_code=type_code, grade=grade, level=level)


def test_the_strictest_of_the_rules_that_fit_holds():
    of_class, of_grade = Rule("phone", "11A", 0, "", 20), Rule("phone", "", 1, "", 15)

    assert held(DEFAULT, of_class, of_grade) == of_class
    assert held(DEFAULT, of_class, of_grade, grade=1) == of_grade


def test_the_default_holds_only_where_no_other_rule_fits_though_it_is_stricter():
    looser = Rule("phone", "11A", 0, "district", 60)

    assert held(DEFAULT, looser) == looser
    assert held(DEFAULT, looser, level="city") == DEFAULT
    assert held(DEFAULT, looser, type_code="12D02") == DEFAULT
    assert held(looser, level="city") is None


@given(table=st.lists(rules), incident=incidents)
def test_what_holds_fits_and_nothing_that_fits_is_stricter(table, incident):
    found = binding(table, **incident)
    said = (incident["type_code"], incident["grade"], incident["level"])
    fitting = [one for one in table if one.kind == incident["kind"] and one.fits(*said)]
    particular = [one for one in fitting if not one.is_default]

    assert (found is None) == (not fitting)
    if found:
        assert found in fitting
        assert found.minutes == min(one.minutes for one in particular or fitting)


@pytest.mark.parametrize(
    ("seconds", "late"),
    [(0, 0), (19 * 60, 0), (20 * 60, 0), (20 * 60 + 1, 1), (21 * 60, 1), (21 * 60 + 1, 2)],
)
def test_the_twenty_first_minute_is_late_by_one(seconds, late):
    assert minutes_late(timedelta(seconds=seconds), 20) == late


def test_a_report_before_receipt_is_in_time():
    assert minutes_late(timedelta(minutes=-5), 20) == 0


@given(minutes=st.integers(1, 43_200), looks=st.lists(st.integers(0, 4_000_000), max_size=30))
def test_every_reminder_is_given_at_most_once_and_the_last_always(minutes, looks):
    given_ = []
    for seconds in sorted(looks):
        passed = timedelta(seconds=seconds)
        due = reminder_due(passed, minutes, PERCENTS, given_)
        if due is not None:
            assert at_percent(minutes, due) <= passed
            given_.append(due)
        assert reminder_due(passed, minutes, PERCENTS, given_) is None

    assert given_ == sorted(set(given_))
    if looks and max(looks) >= minutes * 60:
        assert given_[-1] == 100


@given(minutes=st.integers(1, 43_200), given_=st.sets(st.sampled_from(PERCENTS)))
def test_the_next_look_is_when_the_next_reminder_is_due(minutes, given_):
    wait = next_look(minutes, PERCENTS, given_)

    if wait is None:
        assert 100 in given_
    else:
        assert reminder_due(wait, minutes, PERCENTS, given_) is not None
        assert reminder_due(wait - timedelta(seconds=1), minutes, PERCENTS, given_) is None

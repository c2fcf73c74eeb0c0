"""The score of an exercise, each figure worked out by hand beside it."""

import dataclasses
import json
import random
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drills.clock import MINUTE
from drills.scoring.metrics import MEASURES, Measured
from drills.scoring.score import FULL, marks_of, score
from drills.scoring.timeline import Event, Timeline
from tests.drills.story import ASKED, CITY, FIRE, NOON, SHEET, TOTAL, Story, whole


def test_a_whole_exercise_has_the_marks_of_the_sheet():
    found = whole().score()
    assert {row.metric: row.marks for row in found.rows} == SHEET
    assert (found.total, found.grade, list(found.unanswered)) == (TOTAL, "fair", [])
    assert all(row.measured.evidence for row in found.rows)


def test_every_metric_is_on_the_sheet():
    assert SHEET.keys() == MEASURES.keys()


@given(st.randoms(use_true_random=False), st.lists(st.integers(0, 20), max_size=5))
def test_the_order_in_which_events_come_and_their_repetition_change_nothing(shuffle, again):
    events = whole().events
    mixed = [*events, *(events[one % len(events)] for one in again)]
    shuffle.shuffle(mixed)
    assert score(Timeline.of(mixed)) == whole().score()


def test_nothing_done_is_nothing_earned_and_says_so():
    story = Story()
    story.inject(1, 10, *ASKED)
    found = story.score()
    assert found.total == 0 and found.grade == "poor" and list(found.unanswered) == [1]
    assert {row.measured.reason for row in found.rows} == {
        "no_incident", "not_verified", "no_report", "not_activated", "no_task",
    }  # fmt: skip


def test_an_inject_that_was_written_down_is_answered_though_nothing_expected_was_done():
    story = Story()
    story.inject(1, 10, ("T6", 10, 30, 1))
    story.incident(12)
    assert story.score().total == 0 and list(story.score().unanswered) == []


def test_of_two_tasks_the_median_lies_between_them_so_that_silence_costs():
    story = Story()
    story.inject(1, 10, ("T7", 5, 15, 1))
    story.incident(12)
    story.tell(20, "activation.made", "v1", incident="n1", level="II")
    for id in ("t0", "t1"):
        due = (NOON + timedelta(minutes=60) / 4).isoformat()
        story.tell(20, "task.issued", id, incident="n1", organisation=FIRE, due_at=due)
    story.tell(26, "step.taken", "s0", task="t0", kind="acknowledged")
    # 6 minutes and never (15): 10.5; (15 − 10.5) / 10 = 45.000
    assert story.marks() == {"T7": 45_000}


def reasons(story: Story) -> dict[str, str]:
    return {row.metric: row.measured.reason for row in story.score().rows}


def test_a_row_says_what_its_figure_really_is():
    story = Story()
    story.inject(1, 10, ("T6", 10, 30, 1), ("T7", 5, 15, 1), ("A2", 100, 0, 1))
    story.incident(12, grade=3)
    story.tell(20, "activation.made", "v1", incident="n1", level="II")
    due = (NOON + timedelta(minutes=60) / 4).isoformat()
    for id in ("t0", "t1"):
        story.tell(20, "task.issued", id, incident="n1", organisation=FIRE, due_at=due)
    assert reasons(story) == {
        "T6": "activated", "T7": "none_acknowledged", "A2": "compared_unreported",
    }  # fmt: skip
    story.tell(26, "step.taken", "s0", task="t0", kind="acknowledged")
    assert reasons(story)["T7"] == "some_acknowledged"
    assert reasons(whole())["T7"] == "some_acknowledged"
    assert reasons(whole())["A2"] == "compared"

    never_graded = Story()
    never_graded.inject(1, 10, ("T6", 10, 30, 1))
    never_graded.incident(12)
    never_graded.tell(20, "activation.made", "v1", incident="n1", level="II")
    assert reasons(never_graded) == {"T6": "activated_ungraded"}


def test_without_an_expectation_there_is_no_score():
    story = Story()
    story.inject(1, 10)
    assert (story.score().total, story.score().grade) == (None, "")


def test_a_pause_costs_nobody_a_minute():
    story = Story()
    story.inject(1, 10, ("T1", 1, 5, 1))
    story.clock(11, "paused", 4)
    since = (NOON + timedelta(minutes=11) / 4 + timedelta(hours=1)).isoformat()
    story.tell(11, "clock.set", "0a", since=since, at=11 * 60_000, speed=1, state="running")
    logged = story.incident(12)
    story.events[-1] = Event(
        **vars(logged) | {"time": datetime.fromisoformat(since) + timedelta(minutes=1)}
    )
    assert story.marks() == {"T1": 75_000}, "two minutes of the exercise, an hour of the wall"


def test_an_incident_answers_one_inject_and_who_says_which_is_believed():
    story = Story()
    story.inject(1, 10, ("T1", 1, 5, 1))
    story.inject(2, 20, ("T1", 1, 5, 1))
    story.incident(21)
    assert [row.marks for row in story.score().rows] == [0, 0], "the first, eleven minutes late"
    story.tell(21, "reply.made", "x", inject="i2", incident="n1", organisation=FIRE)
    assert [row.marks for row in story.score().rows] == [0, FULL]
    assert list(story.score().unanswered) == [1]


def test_what_others_wrote_is_no_answer_and_what_was_written_before_is_none_either():
    story = Story()
    story.incident(5, "early")
    story.inject(1, 10, ("T1", 1, 5, 1))
    story.incident(11, "theirs", organisations=[{"code": CITY, "ground": "owner"}])
    assert story.score().rows[0].measured.value is None


def test_what_is_done_after_the_end_does_not_count():
    story = Story()
    story.inject(1, 98, ("T1", 1, 5, 1))
    story.clock(99, "ended", 4)
    story.incident(101)  # the clock stands at 99
    assert story.marks() == {"T1": 0}


def test_what_a_former_home_wrote_after_another_term_began_does_not_count():
    story = Story()
    story.inject(1, 10, ("T2", 10, 20, 1))
    story.incident(11)
    taken = story.incident(12, kind="incident.taken_over")
    story.events[-1] = Event(**vars(taken) | {"term": 2})
    story.incident(13, kind="incident.advanced", state="verified")
    assert story.marks() == {"T2": 0}


def test_an_answer_counts_from_the_own_node_and_for_no_later_inject():
    story = Story()
    people = [{"organisation": FIRE, "node": "xian", "part": "play"}]
    story.tell(0, "exercise.scheduled", "0a", participants=people)
    for number, minute in ((1, 10), (2, 20)):
        story.inject(number, minute, ("T1", 1, 5, 1))
    story.incident(11)
    for inject in ("i1", "i2"):
        story.tell(21, "reply.made", inject, inject=inject, incident="n1", organisation=FIRE)
    assert [row.marks for row in story.score().rows] == [FULL, 0], "it is older than the second"
    story.incident(22, "n2")
    forged = story.tell(22, "reply.made", "f", inject="i2", incident="n1", organisation=FIRE)
    story.events[-1] = Event(**vars(forged) | {"source": "xian-changan"})
    assert [row.marks for row in story.score().rows] == [FULL, 75_000]


def test_a_report_cannot_be_made_earlier_by_naming_an_earlier_time():
    story = Story()
    story.inject(1, 10, ("T3", 20, 40, 1))
    story.incident(11)
    long_ago = (NOON - timedelta(hours=2)).isoformat()
    later = (NOON + timedelta(hours=2)).isoformat()
    for named, minutes in ((long_ago, 0), (later, 5)):
        told = {"incident": "n1", "kind": "phone", "filled": [], "lacking": []}
        event = story.tell(15, "report.made", named, reported_at=named, **told)
        row = story.score().rows[0]
        assert row.measured.value == minutes * 60_000
        story.events.remove(event)


@pytest.mark.parametrize(
    ("value", "target", "limit", "marks"),
    [(1, 1, 5, FULL), (5, 1, 5, 0), (2, 1, 5, 75_000), (0, 1, 5, FULL), (9, 1, 5, 0),
     (100, 100, 60, FULL), (60, 100, 60, 0), (75, 100, 60, 37_500), (0, 100, 60, 0),
     (4, 1, 4, 0), (2, 1, 4, 66_666), (None, 1, 5, 0), (3, 5, 5, 0)],
)  # fmt: skip
def test_a_quantity_becomes_marks_between_its_limit_and_its_target(value, target, limit, marks):
    assert marks_of(Measured(value, 1, ""), target, limit) == marks


@given(st.integers(0, 10**6), st.integers(0, 10**4), st.integers(0, 10**4), st.integers(1, 60_000))
def test_marks_stay_within_bounds_and_never_rise_with_distance_from_the_target(
    value, target, limit, unit
):
    marks = marks_of(Measured(value, unit, ""), target, limit)
    assert 0 <= marks <= FULL
    further = value + unit if limit > target else max(0, value - unit)
    assert marks_of(Measured(further, unit, ""), target, limit) <= marks


def test_a_score_survives_a_file():
    events = [vars(one) | {"time": one.time.isoformat()} for one in whole().events]
    random.Random(5).shuffle(events)
    back = [
        Event(**one | {"time": datetime.fromisoformat(one["time"])})
        for one in json.loads(json.dumps(events))
    ]
    assert score(Timeline.of(back)) == whole().score()


def test_an_inject_that_expects_nothing_takes_no_incident_from_one_that_does():
    story = Story()
    story.inject(1, 8)  # held ready: nothing is expected
    story.inject(2, 10, ("T1", 1, 5, 1))
    story.incident(12)
    assert story.marks() == {"T1": 75_000} and list(story.score().unanswered) == []


def test_the_evidence_of_what_was_said_is_where_it_was_said_and_not_the_step_after_it():
    story = Story()
    story.inject(1, 10, ("A1", 100, 0, 1), ("A3", 50, 500, 1))
    place = {"lon": 108.9, "lat": 34.0}
    first = story.incident(12, type_code="11D01")
    said = story.incident(13, kind="incident.changed", type_code="11D01", location=place)
    story.incident(
        14, kind="incident.advanced", type_code="11D01", location=place, state="verified"
    )
    evidence = {row.metric: row.measured.evidence for row in story.score().rows}
    assert {name: list(found) for name, found in evidence.items()} == {
        "A1": [first.id],
        "A3": [said.id],
    }


def late(story, inject: str, minute: float, source: str = "xian-yanta") -> None:
    """The node of the players says that an inject came when the clock showed this minute."""
    story.tell(0, "exercise.scheduled", "e", participants=[
        {"organisation": FIRE, "node": "xian-yanta", "part": "play"},
    ])  # fmt: skip
    said = story.tell(
        minute, "arrival.said", f"late-{inject}", inject=inject, at=int(minute * MINUTE)
    )
    story.events[-1] = dataclasses.replace(said, source=source)


def test_times_count_from_when_an_inject_came_late_to_the_node_of_its_player():
    story = Story()
    inject = story.inject(1, 10, ("T1", 5, 15, 1))
    late(story, inject, 30)
    story.incident(32)
    (row,) = story.score().rows
    assert (row.measured.value, row.measured.reason) == (2 * MINUTE, "logged_late")
    assert len(row.measured.evidence) == 2 and row.marks == FULL


@pytest.mark.parametrize(
    ("minute", "source", "why"),
    [
        (30, "xian-changan", "another node says so"),
        (33, "xian-yanta", "what was done about it is older"),
        (10, "xian-yanta", "it came at once"),
    ],
)
def test_it_counts_from_when_it_was_sent_where(minute, source, why):
    story = Story()
    inject = story.inject(1, 10, ("T1", 5, 15, 1))
    late(story, inject, minute, source)
    story.incident(32)
    (row,) = story.score().rows
    assert (row.measured.value, row.measured.reason) == (22 * MINUTE, "logged"), why

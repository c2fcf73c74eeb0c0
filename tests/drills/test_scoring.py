"""The score of an exercise, each figure worked out by hand beside it."""

import json
import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drills.scoring.metrics import MEASURES, Measured
from drills.scoring.score import FULL, grade_of, marks_of, score
from drills.scoring.timeline import Event, Timeline

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
EX = "ex:0a"
FIRE, CITY = "dept-fire", "610100"


class Story:
    """Events of an exercise at ×4, told by the minute of the exercise clock."""

    def __init__(self):
        self.events: list[Event] = []
        self.clock(0, "running", 4)

    def tell(self, minute: float, kind: str, thing: str, /, **data: Any) -> Event:
        """One envelope of `kind` about a thing, recorded when the clock showed this minute."""
        subject = f"{kind.partition('.')[0]}/{thing}"
        rev = sum(one.subject == subject for one in self.events) + 1
        event = Event(
            id=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{len(self.events)}")), type=kind,
            subject=subject, about=subject, source="xian", actor="a@b c", term=1, rev=rev,
            time=NOON + timedelta(minutes=minute) / 4, data={"id": thing} | data,
        )  # fmt: skip
        self.events.append(event)
        return event

    def clock(self, minute: float, state: str, speed: int) -> None:
        since = (NOON + timedelta(minutes=minute) / 4).isoformat()
        self.tell(minute, "clock.set", "0a", since=since, at=int(minute * 60_000), speed=speed,
                  state=state)  # fmt: skip

    def inject(self, number: int, minute: float, *expected: tuple, **truth: Any) -> str:
        """An inject for the fire service; each expectation (metric, target, limit, weight)."""
        id = f"i{number}"
        lines = [
            {"metric": metric, "organisation": FIRE, "target": target, "limit": limit,
             "weight": weight, "note": ""}
            for metric, target, limit, weight in expected
        ]  # fmt: skip
        base = {"type_code": "11D02", "grade": 2, "level": "II", "lon": 108.9, "lat": 34.0,
                "share_with": [CITY, "610113"]}  # fmt: skip
        self.tell(minute, "inject.written", id, number=number, state="sent", minutes=0,
                  at=int(minute * 60_000), recipients=[FIRE], truth=base | truth,
                  expected=lines)  # fmt: skip
        return id

    def incident(self, minute: float, id: str = "n1", kind: str = "incident.reported", **said: Any):
        base = {"organisations": [{"code": FIRE, "ground": "owner"}], "state": "received",
                "grade": None, "type_code": "11D01", "location": None}  # fmt: skip
        return self.tell(minute, kind, id, **base | said)

    def score(self):
        return score(Timeline.of(self.events))

    def marks(self) -> dict[str, int]:
        return {row.metric: row.marks for row in self.score().rows}


# the sheet: a whole exercise, its marks worked out by hand
#   T1 logged 2 min after the inject, target 1, limit 5:        (5−2)/(5−1)       =  75.000
#   T2 verified after 15, target 10, limit 20:                  (20−15)/10        =  50.000
#   T3 by phone after 20, target 20, limit 40:                                      100.000
#   T4 in writing after 60, target 40, limit 80:                (80−60)/40        =  50.000
#   T6 activated 12 min after the grade, target 10, limit 30:   (30−12)/20        =  90.000
#   T7 three tasks acknowledged after 4, 6 and never (15):      median 6: (15−6)/10 = 90.000
#   T8 one of three done in time = 33.33 %, target 100, limit 60:                     0.000
#   T10 one of two opened within five minutes = 50 %, limit 60:                       0.000
#   C1 nine of twelve elements = 75 %, target 100, limit 60:    (75−60)/40        =  37.500
#   A1 same group 60 %, target 100, limit 0:                                         60.000
#   A2 one grade off 50 %:                                                           50.000
#   A3 275 m, target 50, limit 500:                             (500−275)/450     =  50.000
#   A6 the right level:                                                             100.000
SHEET = {
    "T1": 75_000, "T2": 50_000, "T3": 100_000, "T4": 50_000, "T6": 90_000, "T7": 90_000, "T8": 0,
    "T10": 0, "C1": 37_500, "A1": 60_000, "A2": 50_000, "A3": 50_000, "A6": 100_000,
}  # fmt: skip
ASKED = [
    ("T1", 1, 5, 2), ("T2", 10, 20, 1), ("T3", 20, 40, 3), ("T4", 40, 80, 3), ("T6", 10, 30, 1),
    ("T7", 5, 15, 1), ("T8", 100, 60, 1), ("T10", 100, 60, 1), ("C1", 100, 60, 2),
    ("A1", 100, 0, 1), ("A2", 100, 0, 1), ("A3", 50, 500, 1), ("A6", 100, 0, 1),
]  # fmt: skip
# Σ w·s = 150 + 50 + 300 + 150 + 90 + 90 + 0 + 0 + 75 + 60 + 50 + 50 + 100 = 1165; Σ w = 19
TOTAL = 1_165_000 // 19  # 61.315: 中


def whole() -> Story:
    story = Story()
    story.inject(1, 10, *ASKED)
    north = 34.0 + 275 / 111_195.08  # metres to degrees on the sphere of the mean radius
    place = {"lon": 108.9, "lat": north}
    story.incident(12, location=place)
    story.tell(14, "receipt.opened", "r1", incident="n1", organisation=CITY)
    story.tell(18, "receipt.opened", "r2", incident="n1", organisation="610113")  # six minutes
    story.incident(20, kind="incident.changed", grade=3, location=place)
    story.incident(25, kind="incident.advanced", state="verified", grade=3, location=place)
    by_phone = (NOON + timedelta(minutes=30) / 4).isoformat()
    told = {"incident": "n1", "filled": ["a"], "lacking": []}
    story.tell(33, "report.made", "p1", kind="phone", reported_at=by_phone, **told)
    story.tell(32, "activation.made", "v1", incident="n1", level="II")
    for number, (acknowledged, done) in enumerate([(4, 20), (6, 40), (None, None)]):
        id = f"t{number}"
        issued = NOON + timedelta(minutes=32) / 4
        story.tell(32, "task.issued", id, incident="n1", organisation=FIRE,
                   due_at=(issued + timedelta(minutes=30)).isoformat())  # fmt: skip
        for kind, after in (("acknowledged", acknowledged), ("done", done)):
            if after is not None:
                story.tell(32 + after, "step.taken", f"{id}{kind}", task=id, kind=kind)
    written = (NOON + timedelta(minutes=70) / 4).isoformat()
    told |= {"filled": list("abcdefghi"), "lacking": list("jkl")}
    story.tell(71, "report.made", "w1", kind="written", reported_at=written, **told)
    story.incident(90, kind="incident.changed", grade=2, type_code="11D02", location=place)
    return story


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


@pytest.mark.parametrize(
    ("total", "grade"),
    [(100_000, "excellent"), (90_000, "excellent"), (89_999, "good"), (80_000, "good"),
     (79_999, "fair"), (60_000, "fair"), (59_999, "poor"), (0, "poor"), (None, "")],
)  # fmt: skip
def test_grades_begin_at_ninety_eighty_and_sixty(total, grade):
    assert grade_of(total) == grade


def test_a_score_survives_a_file():
    events = [vars(one) | {"time": one.time.isoformat()} for one in whole().events]
    random.Random(5).shuffle(events)
    back = [
        Event(**one | {"time": datetime.fromisoformat(one["time"])})
        for one in json.loads(json.dumps(events))
    ]
    assert score(Timeline.of(back)) == whole().score()

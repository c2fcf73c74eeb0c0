"""What evaluators say in the score of an exercise, each figure worked out by hand beside it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drills.scoring.judged import GRADES, grade_of
from drills.scoring.timeline import Event
from tests.drills.story import FIRE, Story, whole

# what evaluators add: three items and another mark for T8, which was measured as 0
#   指挥 weight 4, 1 to 5: a 5 and a 2 = (100 + 40) / 2                                70.000
#   传达 weight 2, yes/no: yes                                                        100.000
#   舆情 weight 9: does not apply, leaves the mean
#   T8 weight 1: one evaluator 80, another 61                                          70.500
# Σ w·s = 1165 + 4·70 + 2·100 + 70.5 = 1715.5; Σ w = 19 + 4 + 2 = 25
JUDGED_TOTAL = 1_715_500 // 25  # 68.620
FIVE = {"5": 100, "4": 80, "3": 60, "2": 40, "1": 20}
YES_NO = {"yes": 100, "no": 0}


def judged(story: Story, **veto: Any) -> Story:
    base = {"organisation": FIRE, "objective": "", "veto": False, "scale": "five", "points": FIVE}
    items = [
        base | {"id": "lead", "text": "指挥", "weight": 4},
        base | {"id": "told", "text": "传达", "weight": 2, "scale": "yes_no", "points": YES_NO},
        base | {"id": "press", "text": "舆情", "weight": 9},
    ] + [base | {"id": "hurt", "text": "无伤亡", "weight": 0, "veto": True, "scale": "yes_no",
                 "points": YES_NO}] * bool(veto)  # fmt: skip
    people = [{"organisation": "eval", "node": "xian-yanta", "part": "evaluate"},
              {"organisation": FIRE, "node": "xian", "part": "play"}]  # fmt: skip
    story.tell(0, "exercise.scheduled", "0a", home="xian", participants=people)
    story.tell(0, "criteria.set", "0a", items=items, grades=GRADES)
    asked = [("lead", "5", "a"), ("lead", "2", "b"), ("told", "yes", "a"), ("press", "na", "a"),
             (f"i1/T8/{FIRE}", "80", "a"), (f"i1/T8/{FIRE}", "61", "b"),
             *(("hurt", value, "a") for value in veto.values())]  # fmt: skip
    for row, value, who in asked:
        mark(story, row, value, who)
    return story


def mark(story: Story, row: str, value: str, who: str, source: str = "xian-yanta", **more: Any):
    said = {"row": row, "value": value, "note": "", "author_name": who, "organisation": "eval",
            "author": f"{who}@{source} duty_officer"}  # fmt: skip
    story.tell(200, "mark.given", f"{row} {who}", **said | more)
    story.events[-1] = Event(**vars(story.events[-1]) | {"source": source})


def test_marks_of_evaluators_make_the_total_of_the_sheet():
    found = judged(whole()).score()
    assert [one.marks for one in found.items] == [70_000, 100_000, None]
    eighth = next(row for row in found.rows if row.metric == "T8")
    assert (eighth.own, eighth.marks) == (0, 70_500)
    assert (found.total, found.grade) == (JUDGED_TOTAL, "fair")


def test_a_veto_caps_the_grade_and_not_the_total():
    assert judged(whole(), hurt="yes").score().grade == "fair"
    found = judged(whole(), hurt="no").score()
    assert (found.total, found.grade, list(found.vetoed)) == (JUDGED_TOTAL, "poor", [4])


def test_a_mark_of_who_does_not_evaluate_counts_nothing():
    story = judged(whole())
    mark(story, "told", "no", "c", source="xian-changan")
    mark(story, "told", "no", "d", organisation=FIRE)
    mark(story, "told", "9", "e")
    mark(story, f"i1/T8/{FIRE}", "101", "f")
    mark(story, f"i1/T8/{FIRE}", "9" * 12, "g")
    assert story.score().total == JUDGED_TOTAL


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from([*FIVE, "na", ""])), max_size=12)
)
def test_the_newest_mark_of_each_evaluator_counts_and_their_mean_is_between_them(said):
    story = judged(Story())
    story.events = [one for one in story.events if not one.type.startswith("mark.")]
    for who, value in said:
        mark(story, "lead", value, who)
    newest = [FIVE[one] * 1000 for one in dict(said).values() if one in FIVE]
    item = story.score().items[0]
    if newest:
        assert min(newest) <= item.marks <= max(newest)
        assert item.marks == sum(newest) // len(newest)
    else:
        assert item.marks is None


@pytest.mark.parametrize(
    ("total", "grade"),
    [(100_000, "excellent"), (90_000, "excellent"), (89_999, "good"), (80_000, "good"),
     (79_999, "fair"), (60_000, "fair"), (59_999, "poor"), (0, "poor"), (None, "")],
)  # fmt: skip
def test_grades_begin_at_ninety_eighty_and_sixty(total, grade):
    assert grade_of(total, GRADES) == grade

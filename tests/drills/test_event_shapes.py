"""Whatever a node puts into the events of an exercise: the score is worked out all the same, and
the same by everybody."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drills.scoring.replay import moments
from drills.scoring.score import score
from drills.scoring.shape import KINDS
from drills.scoring.timeline import Event, Timeline
from tests.drills.story import whole
from tests.drills.test_judged import judged
from tests.drills.test_shapes import JSON

STORY = judged(whole(), hurt="yes").events


def with_field(place: int, name: str, value: Any) -> list[Event]:
    """The story with one field of one event said otherwise."""
    events = list(STORY)
    data = copy.deepcopy(events[place].data) | {name: value}
    events[place] = Event(**vars(events[place]) | {"data": data})
    return events


@given(st.data())
def test_any_value_in_any_field_breaks_neither_score_nor_replay(data):
    place = data.draw(st.integers(0, len(STORY) - 1))
    name = data.draw(st.sampled_from(sorted(STORY[place].data)))
    events = with_field(place, name, data.draw(JSON))
    found = score(Timeline.of(events))
    assert found == score(Timeline.of(events[::-1]))
    assert found.total is None or 0 <= found.total <= 100_000
    moments(Timeline.of(events))


@pytest.mark.parametrize("name", ["type_code", "grade", "level", "lon", "lat", "share_with"])
@pytest.mark.parametrize("said", [{}, None], ids=["left out", "none"])
def test_what_the_truth_does_not_say_is_not_measured(name, said):
    place = next(at for at, one in enumerate(STORY) if one.subject.startswith("inject/"))
    truth = {key: value for key, value in STORY[place].data["truth"].items() if key != name}
    if said is None and name != "share_with":
        truth[name] = None
    found = score(Timeline.of(with_field(place, "truth", truth)))
    reason = "no_truth" if name == "share_with" else "unsaid"
    assert reason in {row.measured.reason for row in found.rows}


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [("mark", {"row": ["a"]}), ("mark", {"value": ["5"]}), ("reply", {"inject": ["x"]}),
     ("reply", {}), ("incident", {"organisations": 5}), ("incident", {"location": "x"}),
     ("incident", {"location": {"lon": 1e308, "lat": 1}}), ("receipt", {"organisation": ["x"]}),
     ("report", {"reported_at": "2026-11-26T12:00:00"}), ("report", {"filled": 5}),
     ("report", {"lacking": None}), ("task", {"due_at": "x"}), ("criteria", {"items": 5}),
     ("inject", {"at": None}), ("inject", {"expected": [{"metric": "T1"}]}),
     ("inject", {"truth": {"share_with": 5}})],
)  # fmt: skip
def test_an_event_of_another_shape_is_left_out(kind, wrong):
    whole_one = next((one for one in STORY if one.subject.startswith(f"{kind}/")), None)
    data = (whole_one.data if whole_one and wrong else {}) | wrong
    assert whole_one is None or KINDS[kind](whole_one.data)
    assert not KINDS[kind](data)

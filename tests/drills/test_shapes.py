"""Marks, criteria and findings of other nodes in another shape are refused before they count."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drills import apply, improvement_events, mark_events, shapes
from drills.models import Criteria, Improvement, Mark
from drills.selectors_improvement import standing
from drills.services import conduct, evaluation, exercises, improvement
from emergency.apply import NotYet
from realtime.registry import Fact
from tests.drills import scene
from tests.drills.test_evaluation import evaluator, exercise, keys, running  # noqa: F401
from tests.drills.test_improvement import told

HUGE = "9" * 12


def fact(kind: str, public: dict[str, Any], **header: Any) -> Fact:
    """As another node would send it."""
    about = "exercise" if kind in ("improvement", "progress") else "script"
    base = {
        "id": uuid.uuid4(), "type": "x", "subject": f"{kind}/{public['id']}",
        "about": f"{about}/{public['exercise']}", "source": "xian", "home": public["home"],
        "realm": public["realm"], "term": 1, "rev": 1, "time": datetime.now(UTC),
        "public": public, "personal": None,
    }  # fmt: skip
    return Fact(**base | header)


@pytest.mark.parametrize(
    "wrong",
    [{"row": 5}, {"row": "x" * 121}, {"value": HUGE + "9"}, {"value": None}, {"note": ["a"]},
     {"organisation": {}}, {"given_at": "x"}, {"author_name": 1}, {"exercise": "x"}],
)  # fmt: skip
def test_a_mark_of_another_shape_is_refused(running, evaluator, wrong):  # noqa: F811
    [row, _unhurt] = keys(running)
    mark = evaluation.give_mark(actor=evaluator, exercise=running, row=row, value="4")
    said = mark_events.mark_data(mark)
    apply.apply_marks([fact("mark", said)])
    with pytest.raises((ValueError, TypeError)):
        apply.apply_marks([fact("mark", said | wrong)])
    assert Mark.objects.get().value == "4"


@pytest.mark.parametrize(
    "wrong",
    [{"items": {}}, {"items": [1]}, {"items": [{"id": "x"}]}, {"grades": [1]},
     {"grades": {"a": 101}}, {"grades": {"a": True}}],
)  # fmt: skip
def test_criteria_of_another_shape_are_refused(running, wrong):  # noqa: F811
    said = mark_events.criteria_data(Criteria.objects.get())
    apply.apply_criteria([fact("criteria", said)])
    with pytest.raises(ValueError, match="shape|bounds"):
        apply.apply_criteria([fact("criteria", said | wrong)])
    item = said["items"][0]
    for broken in ({"weight": -1}, {"weight": 1.5}, {"weight": True}, {"veto": 1}, {"text": None},
                   {"points": {"5": 1e9}}, {"points": {"5": -1}}, {"more": 1}):  # fmt: skip
        with pytest.raises(ValueError, match="shape|bounds|length"):
            apply.apply_criteria([fact("criteria", said | {"items": [item | broken]})])


@pytest.mark.parametrize(
    "wrong",
    [{"due": "x"}, {"due": 5}, {"text": None}, {"owner": "x" * 41}, {"kind": "x"},
     {"severity": 1}, {"recorded_at": "x"}],
)  # fmt: skip
def test_a_finding_of_another_shape_is_refused(planner, running, wrong):  # noqa: F811
    conduct.end_exercise(actor=planner, exercise=running)
    running.refresh_from_db()
    made = improvement.record_finding(actor=planner, exercise=running, **told())
    said = improvement_events.improvement_data(made)
    apply.apply_improvements([fact("improvement", said)])
    with pytest.raises((ValueError, TypeError)):
        apply.apply_improvements([fact("improvement", said | wrong)])
    assert Improvement.objects.get().text == made.text


def test_progress_speaks_for_findings_of_its_own_exercise_alone(planner, running):  # noqa: F811
    conduct.end_exercise(actor=planner, exercise=running)
    running.refresh_from_db()
    given = {"actor": planner, "exercise": running}
    made = improvement.record_finding(**given, **told())
    line = improvement.report_progress(actor=planner, improvement=made, kind="done", text="已改")
    said = improvement_events.progress_data(line)
    apply.apply_progress([fact("progress", said)])
    other = exercises.schedule_exercise(actor=planner, **scene.said(participants=scene.PEOPLE))
    id, realm = str(uuid.uuid4()), other.realm
    elsewhere = said | {"id": id, "exercise": str(other.pk), "realm": realm, "kind": "verified"}
    with pytest.raises(ValueError, match="another exercise"):
        apply.apply_progress([fact("progress", elsewhere)])
    with pytest.raises(NotYet):
        apply.apply_progress([fact("progress", said | {"improvement": str(uuid.uuid4())})])
    far = {"recorded_at": "9999-12-31T23:59:59+00:00"}
    for wrong in ({"step": -1}, {"step": "1"}, {"step": 10**6}, far):
        with pytest.raises(ValueError, match="bounds|moment"):
            apply.apply_progress([fact("progress", said | wrong)])
    assert standing(made) == "done"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(JSON)
def test_whatever_comes_as_criteria_is_taken_or_refused_and_breaks_nothing(items):
    for check in (shapes.criteria, shapes.points):
        try:
            check(items)
        except ValueError:
            continue

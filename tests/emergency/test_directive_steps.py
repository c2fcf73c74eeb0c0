"""Which steps of a directive count: of whom, in which order, by which clocks."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from emergency.directives.followup import standing, steps_of
from emergency.directives.selectors import table
from emergency.models import Task, TaskStep
from tests import factories
from tests.emergency.test_directives import HOUR, directive, step, task_of


@pytest.fixture
def made(duty):
    return factories.incident(duty)


def foreign(task, kind, home, minutes=0.0, **fields):
    """A step that came from another node."""
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    said = {"incident_id": task.incident_id, "realm": "real", "author": "x", "author_name": "x"}
    said |= {"task": task.pk, "kind": kind, "text": "外来", "organisation": "x", "recorded_at": at}
    return TaskStep.objects.create(home=home, **said | fields)


@pytest.fixture
def elsewhere(duty, made):
    """A task of a district with a node of its own."""
    row = directive(duty, made, assist=[])
    Task.objects.update(node="xian-yanta")
    return row, task_of(row)


def state_of(row, task):
    now = datetime.now(UTC)
    return standing(steps_of([task], now)[task.pk], row.due_at, now).state


@pytest.mark.parametrize("kind", ["done", "returned", "feedback", "acknowledged"])
def test_what_a_third_node_says_of_it_counts_for_nothing(duty, elsewhere, kind):
    row, task = elsewhere
    foreign(task, kind, "xian-changan")
    assert state_of(row, task) == "issued"
    (found,), _more = table(duty, open_only=True)
    assert found["units"][0]["standing"].text == ""


def test_what_its_unit_calls_done_is_a_feedback_and_it_returns_nothing(duty, elsewhere):
    row, task = elsewhere
    foreign(task, "returned", "xian-yanta")
    assert state_of(row, task) == "issued"
    foreign(task, "done", "xian-yanta")
    assert state_of(row, task) == "feedback"
    step(duty, task, "done", "")
    assert state_of(row, task) == "done"


@pytest.mark.parametrize("minutes", [-10, 10])
def test_clocks_that_differ_turn_nothing_around(duty, elsewhere, minutes):
    row, task = elsewhere
    foreign(task, "feedback", "xian-yanta", minutes)
    step(duty, task, "returned", "不够")
    assert state_of(row, task) == "returned"
    last = TaskStep.objects.order_by("recorded_at").last()
    assert last.kind == "returned"


def test_a_clock_far_ahead_is_not_believed(duty, elsewhere):
    row, task = elsewhere
    foreign(task, "feedback", "xian-yanta", 60 * 24 * 365)
    assert state_of(row, task) == "issued"
    assert step(duty, task, "feedback").recorded_at < datetime.now(UTC) + HOUR


def test_a_task_that_is_not_the_directives_hides_none_of_it(duty, made, elsewhere):
    row, task = elsewhere
    other = factories.incident(duty)
    for fields in ({"home": "xian-changan"}, {"incident": other}, {"organisation": "x"}):
        forged = Task.objects.get(pk=task.pk)
        forged.pk, forged.text = uuid.uuid4(), "canary"
        forged.recorded_at -= HOUR
        for name, value in fields.items():
            setattr(forged, name, value)
        forged.save(force_insert=True)
        foreign(forged, "feedback", forged.home)
    (found,), _more = table(duty, open_only=True)
    assert [unit["standing"].state for unit in found["units"]] == ["issued"]


def test_what_is_open_comes_before_what_is_not(duty, made):
    first = directive(duty, made, received_at=datetime.now(UTC) - 9 * HOUR, assist=[])
    second = directive(duty, made, assist=[])
    step(duty, task_of(second), "feedback")
    step(duty, task_of(second), "done")
    rows, _more = table(duty, open_only=False)
    assert [row["directive"] for row in rows] == [first, second]

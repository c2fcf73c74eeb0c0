"""A controller and an evaluator act at the same moment: neither waits for the other for ever.

A mark points to its exercise, which is checked at the commit, when the head of the log is held; so
nobody who still waits for the head may hold the row of the exercise against that.
"""

import threading

import pytest
from django.db import connection, transaction

from drills.models import Clock
from drills.services import conduct, evaluation, exercises, script
from tests import factories
from tests.drills.scene import PEOPLE, line, said
from tests.drills.test_evaluation import ITEM, keys

pytestmark = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite has one writer at a time and no locks of rows"
)


def test_a_mark_and_a_turn_of_the_clock_do_not_wait_for_each_other(live_node, monkeypatch):
    factories.plan()
    planner = factories.officer("emergency_office")
    for code in ("dept-fire", "dept-police"):
        factories.organisation(code)
    made = exercises.schedule_exercise(actor=planner, **said(participants=PEOPLE))
    script.write_inject(actor=planner, exercise=made, **line(1, minutes=0))
    evaluation.set_criteria(actor=planner, exercise=made, rev=0, items=[ITEM])
    conduct.start_exercise(actor=planner, exercise=made)
    [row] = keys(made)
    evaluator = factories.officer("duty_officer", "dept-police")
    held, marked, faults = threading.Event(), threading.Event(), []
    hold = conduct._held

    def held_until_marked(*given):
        found = hold(*given)
        held.set()
        assert marked.wait(20)
        return found

    monkeypatch.setattr(conduct, "_held", held_until_marked)

    def pause() -> None:
        try:
            conduct.pause_clock(actor=planner, exercise=made)
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=pause)
    thread.start()
    assert held.wait(20)
    with transaction.atomic():
        evaluation.give_mark(actor=evaluator, exercise=made, row=row, value="5")
        marked.set()
    thread.join(30)
    assert faults == [] and Clock.objects.get().state == "paused"

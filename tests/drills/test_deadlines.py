"""Limits of reports in an exercise run as its clock does."""

from datetime import UTC, datetime, timedelta

import pytest

from drills.services import conduct, exercises, script
from emergency import realms
from emergency.deadlines import services
from emergency.models import Deadline, DeadlineStep
from tests import factories
from tests.drills.scene import line, said

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def exercise(planner, monkeypatch):
    """One that runs from noon on, ten times as fast as the wall."""
    made = exercises.schedule_exercise(actor=planner, **said())
    script.write_inject(actor=planner, exercise=made, **line(1, minutes=60))
    monkeypatch.setattr(conduct, "wall", lambda: NOON)
    conduct.start_exercise(actor=planner, exercise=made, speed=10)
    return made


def seconds(after: float) -> datetime:
    return NOON + timedelta(seconds=after)


def test_at_ten_times_the_speed_half_of_thirty_minutes_is_reached_after_ninety_seconds(exercise):
    player = factories.officer("duty_officer", "610100")
    made = factories.incident(player, realm=exercise.realm, received_at=NOON, type_code="13A00")
    services.settle([made.pk], now=seconds(1))
    services.remind(now=seconds(89))
    assert not DeadlineStep.objects.exists()
    services.remind(now=seconds(90))
    assert [(one.percent, one.report) for one in DeadlineStep.objects.all()] == [(50, "phone")]
    assert {one.realm for one in Deadline.objects.all()} == {exercise.realm}


def test_while_it_is_paused_no_time_passes(planner, exercise, monkeypatch):
    monkeypatch.setattr(conduct, "wall", lambda: seconds(60))
    conduct.pause_clock(actor=planner, exercise=exercise)
    bounds = realms.find(exercise.realm)
    assert realms.passed(bounds, NOON, seconds(30)) == timedelta(seconds=300)
    assert realms.passed(bounds, NOON, seconds(600)) == timedelta(seconds=600)
    assert realms.passed(bounds, seconds(-60), seconds(600)) == timedelta(seconds=660)


def test_when_it_is_over_nothing_is_written_about_its_limits_any_more(
    planner, exercise, monkeypatch
):
    player = factories.officer("duty_officer", "610100")
    made = factories.incident(player, realm=exercise.realm, received_at=NOON)
    services.settle([made.pk], now=seconds(1))
    monkeypatch.setattr(conduct, "wall", lambda: seconds(600))  # more than any limit, not looked at
    conduct.end_exercise(actor=planner, exercise=exercise)
    services.settle([made.pk], now=seconds(9_000))
    services.remind(now=seconds(9_000))
    assert not DeadlineStep.objects.exists()

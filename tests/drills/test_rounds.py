"""Rounds of reports in an exercise run as its clock does, and ask those alone who act in it."""

from datetime import UTC, datetime, timedelta

import pytest

from drills.services import conduct, exercises, script
from emergency.models import Plan, RoundOrder, RoundReminder
from emergency.plans.services import responses
from emergency.rounds import selectors, services
from tests import factories
from tests.drills.scene import PEOPLE, line, said

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
COUNTY = {"organisation": "610122", "part": "play"}


@pytest.fixture
def order(planner, monkeypatch) -> RoundOrder:
    """Of a plan that asks two counties every hour, in an exercise that one of them plays, ten times
    as fast as the wall, from noon on."""
    for code in ("610122", "610124"):
        factories.organisation(code)
    levels = [one | {"every": 60} for one in Plan.objects.get().levels]
    Plan.objects.update(levels=levels, reporters=["610122", "610124"], tasks=[])
    made = exercises.schedule_exercise(actor=planner, **said(participants=[*PEOPLE, COUNTY]))
    script.write_inject(actor=planner, exercise=made, **line(1, minutes=60))
    monkeypatch.setattr(conduct, "wall", lambda: NOON)
    conduct.start_exercise(actor=planner, exercise=made, speed=10)
    player = factories.officer("shift_leader", "610100")
    incident = factories.incident(player, realm=made.realm)
    responses.activate_plan(actor=player, incident=incident, **factories.activation())
    RoundOrder.objects.update(recorded_at=NOON)
    return selectors.orders([incident])[0]


def seconds(after: float) -> datetime:
    return NOON + timedelta(seconds=after)


def test_who_does_not_play_is_not_asked(order):
    assert [one["organisation"] for one in order.reporters] == ["610122"]


def test_at_ten_times_the_speed_an_hour_is_over_after_six_minutes(order):
    services.remind(now=seconds(359))
    assert not RoundReminder.objects.filter(percent=100).exists()
    wait = services.remind(now=seconds(361))
    assert [(one.no, one.missing) for one in RoundReminder.objects.filter(percent=100)] == [
        (1, ["610122"])
    ]
    assert wait == timedelta()  # its clock may be set at any moment
    assert {one.realm for one in RoundReminder.objects.all()} == {order.realm}


def test_while_it_is_paused_no_round_ends(planner, order, monkeypatch):
    monkeypatch.setattr(conduct, "wall", lambda: seconds(60))
    exercise = exercises.Exercise.objects.get()
    conduct.pause_clock(actor=planner, exercise=exercise)
    services.remind(now=seconds(3600))
    assert not RoundReminder.objects.exists()


def test_after_it_was_broken_off_nothing_is_said_any_more(planner, order, monkeypatch):
    monkeypatch.setattr(conduct, "wall", lambda: seconds(60))
    exercise = exercises.Exercise.objects.get()
    conduct.abort_exercise(actor=planner, exercise=exercise, reason="真实警情")
    services.remind(now=seconds(3600))
    assert not RoundReminder.objects.exists()

"""An exercise runs: its clock, what goes out when, and what becomes of what was missed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from drills.clock import MINUTE
from drills.models import Clock, Delivery, Exercise, Inject
from drills.services import conduct, exercises, script
from emergency.errors import WrongState
from realtime.models import Envelope
from realtime.problems import Invalid, NotAllowed
from tests import factories
from tests.drills.scene import line, said
from tests.emergency.pages import text, told

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


class Wall:
    """The time of the node, in the hands of the test."""

    def __init__(self):
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def on(self, seconds: float) -> None:
        """So many seconds later; the timer looks once."""
        self.now += timedelta(seconds=seconds)
        conduct.deliver_due()

    def down(self, seconds: float) -> None:
        """So many seconds later; nobody looked."""
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def wall(monkeypatch) -> Wall:
    made = Wall()
    monkeypatch.setattr(conduct, "wall", made)
    return made


def scripted(planner, *lines: dict[str, Any]) -> Exercise:
    made = exercises.schedule_exercise(actor=planner, **said())
    for one in lines:
        script.write_inject(actor=planner, exercise=made, **one)
    return made


def states() -> dict[int, str]:
    return dict(Inject.objects.order_by("number").values_list("number", "state"))


def sent() -> list[tuple[int, int]]:
    """Number of each delivery, and its minute by the clock."""
    return [(one.number, one.at // MINUTE) for one in Delivery.objects.all()]


def test_injects_go_out_when_the_clock_shows_their_minute_and_once(planner, wall):
    made = scripted(planner, line(1, minutes=0), line(2, minutes=10), line(3, minutes=30))
    conduct.start_exercise(actor=planner, exercise=made, speed=10)
    assert sent() == [(1, 0)], "what is due at the start does not wait for the timer"
    wall.on(59.9)
    assert sent() == [(1, 0)]
    wall.on(0.1)
    wall.on(0.2)
    assert sent() == [(1, 0), (2, 10)]
    wall.on(120)
    assert sent() == [(1, 0), (2, 10), (3, 30)] and set(states().values()) == {"sent"}
    assert len(told("inject.delivered")) == 3


def test_what_players_get_says_nothing_of_truth_and_expectation(planner, wall):
    made = scripted(planner, line(1, minutes=0))
    conduct.start_exercise(actor=planner, exercise=made)
    (row,) = told("inject.delivered")
    body = bytes(row.public).decode()
    assert not [word for word in ("11B03", "108.94", '"T1"', "truth", "expected") if word in body]
    assert row.about == row.subject == f"delivery/{Inject.objects.get().pk}"


def test_while_it_is_paused_nothing_goes_out_and_time_stands(planner, wall):
    made = scripted(planner, line(1, minutes=10))
    conduct.start_exercise(actor=planner, exercise=made)
    wall.on(540)
    conduct.pause_clock(actor=planner, exercise=made)
    wall.on(3600)
    assert sent() == [] and Clock.objects.get().reading.now(wall.now) == 9 * MINUTE
    conduct.resume_clock(actor=planner, exercise=made)
    wall.on(59)
    assert sent() == []
    wall.on(1)
    assert sent() == [(1, 10)]


def test_what_is_due_goes_out_before_the_clock_is_stopped(planner, wall):
    made = scripted(planner, line(1, minutes=10))
    conduct.start_exercise(actor=planner, exercise=made)
    wall.down(601)
    conduct.pause_clock(actor=planner, exercise=made)
    assert sent() == [(1, 10)]


def test_another_speed_counts_from_now_on(planner, wall):
    made = scripted(planner, line(1, minutes=10))
    conduct.start_exercise(actor=planner, exercise=made)
    wall.on(300)
    conduct.set_speed(actor=planner, exercise=made, speed=10)
    wall.on(29.9)
    assert sent() == []
    wall.on(0.1)
    assert sent() == [(1, 10)]


def missed() -> list[dict[str, Any]]:
    rules = ["send", "skip", "ask", "send"]
    return [line(number, minutes=number, late=rule) for number, rule in enumerate(rules, start=1)]


AFTER = {1: "sent", 2: "skipped", 3: "waiting", 4: "sent"}


def test_what_was_missed_while_the_node_stood_follows_its_own_rule(planner, wall):
    made = scripted(planner, *missed(), line(9, minutes=9, late="skip"))
    conduct.start_exercise(actor=planner, exercise=made)
    wall.down(548)
    conduct.deliver_due()
    assert states() == AFTER | {9: "sent"}, "eight seconds late is not missed"


def test_what_is_jumped_over_follows_its_own_rule(planner, wall):
    made = scripted(planner, *missed(), line(9, minutes=9, late="skip"), line(11, minutes=11))
    conduct.start_exercise(actor=planner, exercise=made)
    wall.on(5)
    conduct.jump_clock(actor=planner, exercise=made, minute=9)
    assert states() == AFTER | {9: "sent", 11: "planned"}
    assert {at for _number, at in sent()} == {9}


@pytest.mark.parametrize("minute", [0, 5, 120, 121, 100_000])
def test_the_clock_jumps_neither_back_nor_beyond_the_end(planner, wall, minute):
    made = scripted(planner, line(1, minutes=90))
    conduct.start_exercise(actor=planner, exercise=made)
    wall.on(300)
    before = Envelope.objects.count()
    with pytest.raises(Invalid):
        conduct.jump_clock(actor=planner, exercise=made, minute=minute)
    assert Clock.objects.get().reading.now(wall.now) == 5 * MINUTE
    assert Envelope.objects.count() == before


def test_the_controller_decides_by_hand_and_each_inject_goes_out_once(planner, wall):
    made = scripted(
        planner, *missed(), line(6, minutes=1, optional=True), line(7, minutes=90), line(8)
    )
    conduct.start_exercise(actor=planner, exercise=made)
    wall.on(300)
    assert states()[6] == "planned", "what is held ready waits for a hand"
    inject = {one.number: one for one in Inject.objects.all()}
    conduct.send_inject(actor=planner, inject=inject[7])
    conduct.send_inject(actor=planner, inject=inject[6])
    conduct.skip_inject(actor=planner, inject=inject[8])
    for number in (6, 7, 8):
        for act in (conduct.send_inject, conduct.skip_inject):
            with pytest.raises(WrongState):
                act(actor=planner, inject=inject[number])
    wall.on(6000)
    assert [number for number, _at in sent()].count(7) == 1
    assert states()[8] == "skipped"


def test_injects_can_be_added_while_it_runs(planner, wall):
    made = scripted(planner, line(1, minutes=0))
    conduct.start_exercise(actor=planner, exercise=made)
    script.write_inject(actor=planner, exercise=made, **line(2, minutes=3))
    wall.on(180)
    assert states() == {1: "sent", 2: "sent"}
    with pytest.raises(WrongState):
        script.change_inject(actor=planner, inject=Inject.objects.get(number=2), rev=2, **line(2))


def test_one_exercise_that_cannot_be_served_does_not_keep_the_others_waiting(
    planner, wall, monkeypatch
):
    for _number in range(2):
        made = scripted(planner, line(1, minutes=1))
        conduct.start_exercise(actor=planner, exercise=made)
    deliver, broken = conduct._deliver, str(Clock.objects.first().exercise_id)

    def fails(exercise, *more):
        if str(exercise.pk) == broken:
            raise RuntimeError("no")
        return deliver(exercise, *more)

    monkeypatch.setattr(conduct, "_deliver", fails)
    with pytest.raises(RuntimeError):
        wall.on(60)
    assert Delivery.objects.count() == 1
    monkeypatch.setattr(conduct, "_deliver", deliver)
    wall.on(0.2)
    assert Delivery.objects.count() == 2


def test_while_it_runs_an_inject_that_reaches_nobody_is_not_written(planner, wall):
    made = scripted(planner, line(1, minutes=0))
    conduct.start_exercise(actor=planner, exercise=made)
    for fields in ({"recipients": []}, {"minutes": 500}):
        with pytest.raises(Invalid):
            script.write_inject(actor=planner, exercise=made, **line(2, **fields))
    assert states() == {1: "sent"}


def test_what_cannot_run_does_not_begin(planner, wall):
    made = scripted(planner, line(1, minutes=500))
    with pytest.raises(Invalid):
        conduct.start_exercise(actor=planner, exercise=made)
    assert not Clock.objects.exists() and not told("exercise.clock")


def test_it_begins_once_ends_once_and_counts_as_held(planner, wall):
    made = scripted(planner, line(1, minutes=0))
    for act in (conduct.pause_clock, conduct.end_exercise):
        with pytest.raises(WrongState):
            act(actor=planner, exercise=made)
    conduct.start_exercise(actor=planner, exercise=made)
    with pytest.raises(WrongState):
        conduct.start_exercise(actor=planner, exercise=made)
    with pytest.raises(WrongState):
        exercises.cancel_exercise(actor=planner, exercise=made, rev=1, reason="a")
    conduct.end_exercise(actor=planner, exercise=made)
    made.refresh_from_db()
    assert (made.state, made.rev) == ("held", 2) and Clock.objects.get().state == "ended"
    for act in (conduct.resume_clock, conduct.end_exercise, conduct.start_exercise):
        with pytest.raises(WrongState):
            act(actor=planner, exercise=made)


def test_what_was_held_stands_at_the_time_when_it_was_held(planner, wall):
    wall.now = datetime(2026, 11, 26, 15, 30, tzinfo=UTC)
    made = scripted(planner, line(1, minutes=0))
    conduct.start_exercise(actor=planner, exercise=made)
    wall.down(50 * 60)
    conduct.end_exercise(actor=planner, exercise=made)
    office = factories.client(planner)
    assert "2026-11-26 23:30" in text(office.get("/drills")), "the day on which it began"
    assert "2026-11-26 23:30 – 2026-11-27 00:20" in text(office.get(f"/drills/of/{made.pk}"))


def test_it_is_broken_off_with_a_reason_and_does_not_count_as_held(planner, wall):
    made = scripted(planner, line(1, minutes=0), line(2, minutes=5))
    conduct.start_exercise(actor=planner, exercise=made)
    with pytest.raises(Invalid):
        conduct.abort_exercise(actor=planner, exercise=made, reason=" ")
    conduct.abort_exercise(actor=planner, exercise=made, reason="真实险情")
    made.refresh_from_db()
    assert (made.state, made.reason) == ("cancelled", "真实险情")
    wall.on(600)
    assert states() == {1: "sent", 2: "planned"}, "nothing goes out any more"


def test_the_clock_is_turned_by_the_office_and_by_who_controls_and_by_nobody_else(planner, wall):
    made = scripted(planner, line(1, minutes=0))
    for role, code in (
        ("liaison", "dept-fire"), ("liaison", "dept-police"), ("observer", "610100"),
        ("district_officer", "610122"), ("system_admin", "610100"),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            conduct.start_exercise(actor=factories.officer(role, code), exercise=made)
    controller = factories.officer("duty_officer")
    conduct.start_exercise(actor=controller, exercise=made)
    with pytest.raises(NotAllowed):
        conduct.pause_clock(actor=factories.officer("liaison", "dept-fire"), exercise=made)
    conduct.pause_clock(actor=controller, exercise=made)
    assert [row.actor for row in told("exercise.clock")] == [
        f"{controller.username}@xian duty_officer"
    ] * 2


@pytest.mark.parametrize("speed", [0, 11, -1])
def test_a_speed_that_cannot_be_is_refused(planner, wall, speed):
    made = scripted(planner, line(1, minutes=0))
    with pytest.raises(Invalid):
        conduct.start_exercise(actor=planner, exercise=made, speed=speed)
    conduct.start_exercise(actor=planner, exercise=made)
    with pytest.raises(Invalid):
        conduct.set_speed(actor=planner, exercise=made, speed=speed)


def test_sixty_injects_at_ten_times_the_speed_all_go_out_in_their_order(planner, wall):
    made = scripted(planner, *(line(number, minutes=number) for number in range(1, 61)))
    conduct.start_exercise(actor=planner, exercise=made, speed=10)
    for _tick in range(1850):
        wall.on(0.2)
    assert [number for number, _at in sent()] == list(range(1, 61))
    late = [one.at - one.minutes * MINUTE for one in Delivery.objects.all()]
    assert max(late) <= 0.2 * 1000 * 10, "within one look of the timer"

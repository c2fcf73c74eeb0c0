"""The look at limits of reports: what it looks at, and by which time."""

from datetime import UTC, datetime, timedelta

from emergency.deadlines import services
from emergency.deadlines import watch as module
from emergency.deadlines.watch import DeadlineWatch, things
from emergency.models import Deadline, DeadlineStep, Report
from emergency.services import incidents
from tests import factories


def test_what_no_incident_can_be_called_does_not_stop_the_watch(duty):
    made = factories.incident(duty)

    assert list(things(["incident/none", f"incident/{made.pk}"])) == [made.pk]


def test_the_watch_looks_at_what_is_open_at_the_start_and_then_at_what_the_log_tells(duty):
    before = factories.incident(duty, title="之前", received_at=datetime.now(UTC))
    Deadline.objects.all().delete()  # as by a node that took it over
    watch = DeadlineWatch()
    watch()
    after = factories.incident(duty, title="之后", received_at=datetime.now(UTC))
    Deadline.objects.filter(incident=after).delete()
    assert set(Deadline.objects.values_list("incident", flat=True)) == {before.pk}
    watch()

    assert set(Deadline.objects.values_list("incident", flat=True)) == {before.pk, after.pk}


def test_an_incident_that_fails_does_not_hold_up_the_others_and_is_tried_again(duty, monkeypatch):
    bad, good = (dismissed(duty, title=title) for title in ("坏", "好"))
    watch, real = DeadlineWatch(), services._settle
    monkeypatch.setattr(module, "AGAIN", 0.0)

    def settle(pk, now):
        if pk == bad.pk:
            raise RuntimeError("disk")
        real(pk, now)

    with monkeypatch.context() as patched:
        patched.setattr(services, "_settle", settle)
        watch()
    assert set(DeadlineStep.objects.values_list("incident", flat=True)) == {good.pk}

    watch()
    assert set(DeadlineStep.objects.values_list("incident", flat=True)) == {good.pk, bad.pk}
    assert watch.failed == {}


def dismissed(duty, **said):
    """An incident whose limits are to end."""
    made = factories.incident(duty, **said)
    return incidents.advance_incident(
        actor=duty, incident=made, rev=made.rev, step="dismiss", reason="误报"
    )


class Machine:
    """The two clocks of a machine, in the hands of the test."""

    def __init__(self, monkeypatch):
        self.wall, self.passed = datetime.now(UTC), 0.0
        mine = self

        class Clock(datetime):
            @classmethod
            def now(cls, zone=None):
                return mine.wall

        for one in ("watch.datetime", "services.datetime"):
            monkeypatch.setattr(f"emergency.deadlines.{one}", Clock)
        monkeypatch.setattr(module.time, "monotonic", lambda: mine.passed)
        monkeypatch.setattr(module.time, "clock_gettime", lambda _clock: mine.passed)

    def on(self, minutes: float) -> None:
        self.wall += timedelta(minutes=minutes)
        self.passed += minutes * 60


def reminded() -> list[tuple[str, int]]:
    steps = DeadlineStep.objects.filter(kind="reminded", report="phone")
    return sorted(steps.values_list("incident__title", "percent"))


def test_set_back_an_hour_a_limit_that_runs_goes_on_and_one_that_begins_has_all_its_time(
    duty, monkeypatch
):
    machine, watch = Machine(monkeypatch), DeadlineWatch()
    factories.incident(duty, title="之前", type_code="13A00", received_at=machine.wall)
    watch()
    machine.on(5)
    watch()
    machine.wall -= timedelta(hours=1)
    watch()
    factories.incident(duty, title="之后", type_code="13A00", received_at=machine.wall)
    watch()
    assert reminded() == []
    machine.on(10)  # fifteen minutes after the first, of thirty
    watch()
    assert reminded() == [("之前", 50)]
    machine.on(5)
    watch()
    assert reminded() == [("之前", 50), ("之后", 50)]


def test_what_begins_between_the_setting_of_the_clock_and_the_next_look_has_all_its_time(
    duty, monkeypatch
):
    machine, watch = Machine(monkeypatch), DeadlineWatch()
    before = factories.incident(duty, title="之前", received_at=machine.wall)
    watch()
    machine.on(5)
    machine.wall -= timedelta(hours=1)
    after = factories.incident(duty, title="之后", received_at=machine.wall)
    watch()

    shifts = dict(Deadline.objects.values_list("incident__title", "shift"))
    assert shifts == {before.title: 3600, after.title: 0}


def test_another_class_after_the_clock_was_set_goes_on_with_the_time_that_passed(duty, monkeypatch):
    machine, watch = Machine(monkeypatch), DeadlineWatch()
    made = factories.incident(duty, type_code="13A00", received_at=machine.wall)
    watch()
    machine.wall -= timedelta(hours=1)
    watch()
    incidents.change_incident(actor=duty, incident=made, rev=made.rev, grade=1)
    watch()

    assert set(Deadline.objects.values_list("minutes", "shift")) == {(15, 3600), (30, 3600)}


def test_an_incident_whose_limits_fail_does_not_hold_up_those_beside_it(duty, monkeypatch):
    bad, good = (factories.incident(duty, title=title) for title in ("坏", "好"))
    Deadline.objects.all().delete()
    real = services._look

    def look(acts):
        if any(one.deadline.incident_id == bad.pk for one in acts):
            raise OverflowError
        real(acts)

    monkeypatch.setattr(services, "_look", look)
    DeadlineWatch()()
    assert set(Deadline.objects.values_list("incident", flat=True)) == {good.pk}


def test_set_back_while_the_node_stood_a_limit_that_runs_goes_on(duty, monkeypatch):
    machine = Machine(monkeypatch)
    factories.incident(duty, title="之前", type_code="13A00", received_at=machine.wall)
    DeadlineWatch()()
    machine.wall -= timedelta(hours=1)
    watch = DeadlineWatch()
    watch()
    machine.on(15)
    watch()

    assert reminded() == [("之前", 50)]


def test_set_forward_and_back_for_a_moment_nothing_is_overdue_by_it(duty, monkeypatch):
    machine, watch = Machine(monkeypatch), DeadlineWatch()
    factories.incident(duty, title="之前", type_code="13A00", received_at=machine.wall)
    watch()
    machine.wall += timedelta(days=1)
    watch()
    machine.wall -= timedelta(days=1)
    machine.on(5)
    watch()

    assert reminded() == []


def test_what_was_late_before_the_clock_was_set_back_is_late(duty, monkeypatch):
    machine, watch = Machine(monkeypatch), DeadlineWatch()
    made = factories.incident(duty, type_code="13A00", received_at=machine.wall)
    watch()
    machine.on(5)
    watch()
    machine.wall -= timedelta(hours=1)
    watch()
    machine.on(35)
    Report.objects.create(
        incident=made, home=made.home, realm="real", kind="phone", recipient="省",
        reported_at=machine.wall, recorded_at=machine.wall, author="", author_name="",
    )  # fmt: skip
    watch.all_at = 0
    watch()

    assert DeadlineStep.objects.get(kind="met").late == 10


def test_a_look_writes_about_a_bounded_number_and_goes_on_with_the_rest_at_the_next(
    duty, monkeypatch
):
    monkeypatch.setattr(module, "WRITTEN", 2)
    made = [dismissed(duty, title=f"误报{number}") for number in range(5)]
    watch, seen = DeadlineWatch(), []
    for _look in range(4):
        watch()
        seen.append(DeadlineStep.objects.values("incident").distinct().count())

    assert seen == [2, 4, 5, 5]
    assert watch.waiting == []
    assert DeadlineStep.objects.count() == 2 * len(made)

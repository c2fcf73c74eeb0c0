"""The look at limits of reports: what it looks at, and by which time."""

from datetime import UTC, datetime, timedelta

import pytest

from emergency.deadlines import services
from emergency.deadlines.watch import DeadlineWatch, SteadyTime, things
from emergency.models import Deadline
from tests import factories


def test_what_no_incident_can_be_called_does_not_stop_the_watch(duty):
    made = factories.incident(duty)

    assert list(things(["incident/none", f"incident/{made.pk}"])) == [made.pk]


def test_the_watch_looks_at_what_is_open_at_the_start_and_then_at_what_the_log_tells(duty):
    before = factories.incident(duty, title="之前", received_at=datetime.now(UTC))
    watch = DeadlineWatch()
    watch()
    after = factories.incident(duty, title="之后", received_at=datetime.now(UTC))
    assert set(Deadline.objects.values_list("incident", flat=True)) == {before.pk}
    watch()

    assert set(Deadline.objects.values_list("incident", flat=True)) == {before.pk, after.pk}


def test_an_incident_that_fails_does_not_hold_up_the_others_and_is_tried_again(duty, monkeypatch):
    bad = factories.incident(duty, title="坏", received_at=datetime.now(UTC))
    good = factories.incident(duty, title="好", received_at=datetime.now(UTC))
    watch, real = DeadlineWatch(), services._settle

    def settle(pk, now):
        if pk == bad.pk:
            raise RuntimeError("disk")
        real(pk, now)

    with monkeypatch.context() as patched:
        patched.setattr(services, "_settle", settle)
        with pytest.raises(RuntimeError):
            watch()
    assert set(Deadline.objects.values_list("incident", flat=True)) == {good.pk}

    watch()
    assert set(Deadline.objects.values_list("incident", flat=True)) == {good.pk, bad.pk}


def test_time_goes_on_when_the_clock_of_the_machine_is_set_back_an_hour(monkeypatch):
    steady = SteadyTime()
    first = steady.now()

    class Back(datetime):
        @classmethod
        def now(cls, zone=None):
            return datetime.now(zone) - timedelta(hours=1)

    monkeypatch.setattr("emergency.deadlines.watch.datetime", Back)
    assert first <= steady.now() < first + timedelta(minutes=1)

"""Deadlines of first reports: from receipt on, one reminder each, and late stays late."""

import orjson
import pytest

from emergency.deadlines import services, standing, tables
from emergency.models import Deadline, DeadlineStep, Incident, LimitRule
from emergency.services import incidents
from realtime.models import Envelope
from tests import factories
from tests.emergency import clocks
from tests.emergency.clocks import (
    FLOOD,
    START,
    Step,
    at,
    ending,
    limits,
    look,
    reminded,
    report,
    set_to,
    started,
    stated,
)


@pytest.fixture
def flood(duty) -> Incident:
    return clocks.flood(duty)


def test_the_limits_of_the_flood_plan_begin_with_receipt_in_the_same_envelope(flood):
    assert limits(flood) == {"phone": 20, "written": 40}
    assert set(Deadline.objects.values_list("started_at", flat=True)) == {START}
    told = orjson.loads(bytes(Envelope.objects.get(subject=f"incident/{flood.pk}").public))
    assert [one["minutes"] for one in told["limits"]] == [20, 40]


def test_reminders_come_at_half_at_four_fifths_and_at_the_limit_each_once(flood):
    for minute in (1, 9.9):
        look(flood, minute)
    assert reminded(flood) == []
    for minute in (10, 10.1, 12):
        look(flood, minute)
    assert reminded(flood) == [50]
    for minute in (15.9, 16, 16.1, 20, 20.1, 30):
        look(flood, minute)

    assert reminded(flood) == [50, 80, 100]
    assert reminded(flood, "written") == [50]


def test_the_shift_leader_is_reminded_when_the_limit_is_reached(flood):
    for minute in (1, 10, 16, 20):
        look(flood, minute)

    steps = dict(
        DeadlineStep.objects.filter(kind=Step.REMINDED).values_list("percent", "roles").distinct()
    )
    assert "shift_leader" in steps[100]
    assert "shift_leader" not in steps[80] + steps[50]


def test_what_was_missed_while_the_node_stood_is_said_once(flood):
    look(flood, 1)
    look(flood, 25)
    look(flood, 26)

    assert reminded(flood) == [100]


def test_a_restart_in_the_middle_of_a_look_gives_nothing_twice(flood, monkeypatch):
    look(flood, 1)
    with monkeypatch.context() as patched:
        patched.setattr(services, "keep", _die)
        with pytest.raises(KeyboardInterrupt):
            services.remind(now=at(10))
    assert reminded(flood) == []

    for _again in range(3):
        look(flood, 10)
    assert reminded(flood) == [50]
    assert Envelope.objects.filter(type="deadline.reminded").count() == 1


def _die(*_arguments, **_named):
    raise KeyboardInterrupt


def test_a_report_that_was_just_made_is_not_reminded_of(duty, flood):
    look(flood, 1)
    report(duty, flood, "phone", 19.9)
    services.remind(now=at(20))

    assert reminded(flood) == []
    assert ending(flood, "phone").kind == Step.MET


def test_what_was_overdue_stays_said_when_another_grade_gives_more_time(duty):
    incident = factories.incident(duty, type_code="13A00", grade=1, received_at=START)
    look(incident, 1)
    assert limits(incident) == {"phone": 15, "written": 30}
    incidents.change_incident(actor=duty, incident=incident, rev=incident.rev, grade=None)
    look(incident, 25)

    stopped = DeadlineStep.objects.filter(kind=Step.STOPPED).values_list("report", "late")
    assert sorted(stopped) == [("phone", 10), ("written", 0)]
    assert limits(incident) == {"phone": 30, "written": 60}


def test_another_rule_of_the_same_minutes_is_named_and_reminds_of_nothing_again(duty):
    incident = factories.incident(duty, type_code="13A00", received_at=START)
    look(incident, 1)
    look(incident, 16)
    incidents.change_incident(actor=duty, incident=incident, rev=incident.rev, grade=3)
    look(incident, 17)
    look(incident, 18)

    assert stated(incident)["default"] is False
    assert reminded(incident) == [50, 50], "once by each limit"


def test_a_reminder_that_the_office_adds_is_given_for_limits_that_run(duty, flood):
    office = factories.officer("emergency_office")
    look(flood, 1)
    tables.set_reminder(
        actor=office, percent=30, roles=["duty_officer"], source="a", verified=False
    )
    look(flood, 6)

    assert reminded(flood) == [30]


def test_after_a_reopening_a_change_does_not_begin_the_limit_anew(duty, flood, monkeypatch):
    for step, minute in (("dismiss", 2), ("reopen", 60)):
        set_to(monkeypatch, minute)
        flood.refresh_from_db()
        incidents.advance_incident(
            actor=duty, incident=flood, rev=flood.rev, step=step, reason="误报"
        )
        look(flood, minute)
    flood.refresh_from_db()
    set_to(monkeypatch, 70)
    incidents.change_incident(actor=duty, incident=flood, rev=flood.rev, grade=1)

    assert stated(flood)["minutes"] == 15
    assert started(flood) == at(60)


def test_a_report_in_its_limit_ends_the_deadline(duty, flood):
    look(flood, 1)
    report(duty, flood, "phone", 20)
    look(flood, 20.5)

    step = ending(flood, "phone")
    assert (step.kind, step.late) == (Step.MET, 0)
    assert limits(flood) == {"written": 40}


def test_a_report_in_the_twenty_first_minute_is_late_by_one_for_good(duty, flood):
    look(flood, 1)
    report(duty, flood, "phone", 20.5)
    look(flood, 21)
    LimitRule.objects.filter(type_prefix="11D02").update(minutes=300)
    look(flood, 22)

    assert (ending(flood, "phone").kind, ending(flood, "phone").late) == (Step.MET, 1)
    assert Envelope.objects.get(type="deadline.met").subject.startswith("elapsed/")


def test_a_report_in_writing_tells_what_one_by_phone_would_have_told(duty, flood):
    look(flood, 1)
    report(duty, flood, "written", 25)
    look(flood, 26)

    assert (ending(flood, "phone").late, ending(flood, "written").late) == (5, 0)


def test_a_limit_that_the_office_changes_is_for_incidents_that_come_later(duty, flood):
    LimitRule.objects.filter(type_prefix=FLOOD).update(minutes=5)
    incidents.change_incident(actor=duty, incident=flood, rev=flood.rev, title="沣峪口泥石流")
    look(flood, 2)
    assert limits(flood) == {"phone": 20, "written": 40}

    later = factories.incident(duty, title="滑坡", type_code=FLOOD, received_at=START)
    assert limits(later) == {"phone": 5, "written": 5}


def test_another_class_with_another_limit_ends_the_deadline_and_begins_one_from_receipt(duty):
    incident = factories.incident(duty, type_code="10000", received_at=START)
    type(duty.organisation).objects.filter(pk=duty.organisation_id).update(kind="district")
    look(incident, 1)
    assert limits(incident) == {"phone": 30, "written": 60}

    incidents.change_incident(
        actor=duty, incident=incident, rev=incident.rev, type_code=FLOOD, around=None
    )
    look(incident, 2)

    assert limits(incident) == {"phone": 20, "written": 40}
    assert DeadlineStep.objects.filter(kind=Step.STOPPED, reason="changed").count() == 2
    assert started(incident) == START


def test_a_class_for_which_there_is_no_rule_has_the_default_and_says_so(duty):
    incident = factories.incident(duty, type_code="13A00", received_at=START)

    assert stated(incident)["default"] is True
    assert stated(incident)["verified"] is False


def test_a_false_report_stops_the_deadline_and_nobody_is_reminded(duty, flood):
    look(flood, 1)
    incidents.advance_incident(
        actor=duty, incident=flood, rev=flood.rev, step="dismiss", reason="误报"
    )
    look(flood, 2)
    look(flood, 30)

    assert limits(flood) == {}
    assert reminded(flood) == []
    assert ending(flood, "phone").reason == "closed"


def test_what_was_received_long_ago_is_overdue_at_once_and_said_once(duty, flood):
    look(flood, 600)
    look(flood, 601)

    assert reminded(flood) == [100]
    assert Deadline.objects.exclude(next_at=None).count() == 0


def test_what_is_opened_again_has_its_limit_from_then_on(duty, flood, monkeypatch):
    for step, minute in (("dismiss", 2), ("reopen", 60)):
        set_to(monkeypatch, minute)
        flood.refresh_from_db()
        incidents.advance_incident(
            actor=duty, incident=flood, rev=flood.rev, step=step, reason="误报"
        )
        look(flood, minute)

    assert started(flood) == at(60)
    assert reminded(flood) == []


def test_another_grade_of_what_is_closed_begins_no_limit_and_makes_nothing_late(duty, flood):
    incidents.advance_incident(actor=duty, incident=flood, rev=1, step="dismiss", reason="误报")
    look(flood, 1)
    incidents.change_incident(actor=duty, incident=flood, rev=2, grade=1)
    look(flood, 1440)

    assert sorted(DeadlineStep.objects.values_list("late", flat=True)) == [0, 0]


def test_a_grade_that_was_wrong_for_a_moment_reminds_of_nothing_again(duty):
    incident = factories.incident(duty, type_code="13A00", received_at=START)
    look(incident, 16)
    for grade in (1, None):
        incident.refresh_from_db()
        incidents.change_incident(actor=duty, incident=incident, rev=incident.rev, grade=grade)
    look(incident, 17)

    assert limits(incident) == {"phone": 30, "written": 60}
    assert reminded(incident) == [50]
    assert len({one["id"] for one in Incident.objects.get().limits}) == 4


def test_however_often_the_grade_changes_the_limits_stay_few_enough_to_be_told(duty, flood):
    for number in range(standing.MOST_LIMITS):
        Incident.objects.filter(pk=flood.pk).update(received_at=at(number))
        LimitRule.objects.filter(type_prefix=FLOOD).update(minutes=60 + number)
        incidents.change_incident(actor=duty, incident=flood, rev=number + 1, grade=number % 2 + 3)
        flood.refresh_from_db()

    assert len(flood.limits) == standing.MOST_LIMITS
    assert stated(flood)["minutes"] == 60 + standing.MOST_LIMITS - 1

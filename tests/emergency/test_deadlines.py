"""Deadlines of first reports: from receipt on, one reminder each, and late stays late."""

from datetime import UTC, datetime, timedelta

import pytest

from emergency.deadlines import services
from emergency.models import Deadline, DeadlineStep, Incident, LimitRule, Report
from emergency.services import incidents
from realtime.models import Envelope
from tests import factories
from tests.emergency.desk import Api

START = datetime(2026, 7, 1, 18, 0, tzinfo=UTC)
FLOOD = "11D02"
Step = DeadlineStep.Kind


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


@pytest.fixture
def flood(duty) -> Incident:
    """A mudslide that a district's desk took at 18:00: 20 minutes by phone, 40 in writing."""
    type(duty.organisation).objects.filter(pk=duty.organisation_id).update(kind="district")
    return factories.incident(duty, title="沣峪口山洪", type_code=FLOOD, received_at=START)


def look(incident: Incident, minutes: float) -> None:
    """What the watch does at that minute."""
    services.settle([incident.pk], now=at(minutes))
    services.remind(now=at(minutes))


def report(actor, incident: Incident, kind: str, minutes: float) -> None:
    """A report of that minute, as it is written down."""
    now = datetime.now(UTC)
    Report.objects.create(
        incident=incident,
        home=incident.home,
        realm=incident.realm,
        kind=kind,
        recipient="市总值班室",
        reported_at=at(minutes),
        recorded_at=now,
        author="",
        author_name="",
    )


def limits(incident: Incident) -> dict[str, int]:
    """Of those that run."""
    ended = DeadlineStep.objects.exclude(kind=Step.REMINDED).values("deadline")
    running = Deadline.objects.filter(incident=incident).exclude(pk__in=ended)
    return dict(running.values_list("kind", "minutes"))


def reminded(incident: Incident, kind: str = "phone") -> list[int]:
    steps = DeadlineStep.objects.filter(kind=Step.REMINDED, incident=incident)
    own = steps.filter(deadline__in=Deadline.objects.filter(kind=kind).values("pk"))
    return sorted(own.values_list("percent", flat=True))


def ending(incident: Incident, kind: str) -> DeadlineStep:
    deadline = Deadline.objects.filter(incident=incident, kind=kind).last()
    return DeadlineStep.objects.exclude(kind=Step.REMINDED).get(deadline=deadline.pk)


def test_the_limits_of_the_flood_plan_begin_with_receipt(flood):
    look(flood, 1)

    assert limits(flood) == {"phone": 20, "written": 40}
    assert set(Deadline.objects.values_list("started_at", flat=True)) == {START}


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


def test_a_limit_that_the_office_changes_is_for_deadlines_that_begin_later(duty, flood):
    look(flood, 1)
    LimitRule.objects.filter(type_prefix=FLOOD).update(minutes=5)
    look(flood, 2)
    assert limits(flood) == {"phone": 20, "written": 40}

    later = factories.incident(duty, title="滑坡", type_code=FLOOD, received_at=START)
    look(later, 2)
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
    assert set(Deadline.objects.values_list("started_at", flat=True)) == {START}


def test_a_class_for_which_there_is_no_rule_has_the_default_and_says_so(duty):
    incident = factories.incident(duty, type_code="13A00", received_at=START)
    look(incident, 1)

    rule = Deadline.objects.get(kind="phone").rule
    assert rule["default"] is True
    assert rule["verified"] is False


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


def test_deadlines_and_what_became_of_them_are_part_of_the_incident(duty, flood):
    look(flood, 1)
    look(flood, 10)

    told = Api(duty).get(f"/incidents/{flood.pk}").json()
    assert {one["kind"]: one["minutes"] for one in told["deadlines"]} == {
        "phone": 20,
        "written": 40,
    }
    assert [one["percent"] for one in told["deadline_steps"]] == [50]
    assert told["deadlines"][0]["rule"]["verified"] is True


def test_only_the_home_of_an_incident_writes_about_its_deadlines(flood):
    Incident.objects.filter(pk=flood.pk).update(home="xian-changan")
    look(flood, 30)

    assert Deadline.objects.count() == 0


def test_who_gave_an_incident_away_reminds_nobody_of_it_any_more(flood):
    look(flood, 1)
    Incident.objects.filter(pk=flood.pk).update(home="xian-changan")
    services.remind(now=at(30))

    assert reminded(flood) == []


def test_what_is_opened_again_has_its_limit_from_then_on(duty, flood):
    look(flood, 1)
    for step, minute in (("dismiss", 2), ("reopen", 60)):
        flood.refresh_from_db()
        incidents.advance_incident(
            actor=duty, incident=flood, rev=flood.rev, step=step, reason="误报"
        )
        look(flood, minute)

    assert Deadline.objects.filter(kind="phone").latest("started_at").started_at == at(60)
    assert reminded(flood) == []


def test_who_may_not_see_an_incident_is_told_nothing_of_its_limits(duty, flood):
    look(flood, 1)

    assert len(Api(duty).get("/deadlines").json()) == 2
    assert Api(factories.officer("liaison", "dept-fire")).get("/deadlines").json() == []
    assert Api(factories.officer("district_officer", "s7")).get("/deadlines").json() == []


def test_a_deadline_that_has_ended_is_not_among_those_that_run(duty, flood):
    look(flood, 1)
    report(duty, flood, "phone", 5)
    look(flood, 6)

    assert [one["kind"] for one in Api(duty).get("/deadlines").json()] == ["written"]


def test_a_new_home_goes_on_with_the_deadlines_of_the_former(flood):
    look(flood, 1)
    Deadline.objects.update(next_at=None, home="xian-changan")
    look(flood, 16)

    assert reminded(flood) == [80]
    assert Deadline.objects.count() == 2

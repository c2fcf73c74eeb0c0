"""Limits of first reports: who writes about them, and who is told of them."""

from datetime import UTC, datetime, timedelta

import pytest

from emergency.deadlines import selectors, services
from emergency.models import Deadline, DeadlineStep, Incident, Report
from tests import factories
from tests.emergency import clocks
from tests.emergency.clocks import FLOOD, Step, at, look, reminded, report
from tests.emergency.desk import Api


@pytest.fixture
def flood(duty) -> Incident:
    return clocks.flood(duty)


def running(officer) -> list[dict]:
    return Api(officer).get("/deadlines").json()["items"]


def test_what_another_node_writes_about_a_limit_of_ours_counts_for_nothing(flood):
    look(flood, 1)
    own = Deadline.objects.get(kind="phone")
    said = {"incident": flood, "home": "xian-changan", "realm": "real", "author": "x"}
    said |= {"author_name": "", "recorded_at": at(2)}
    for kind in ("stopped", "met", "reminded"):
        DeadlineStep.objects.create(
            deadline=own.limit, report="phone", kind=kind, percent=1000, reason="closed", **said
        )
    Report.objects.create(kind="phone", recipient="x", reported_at=at(2), **said)
    look(flood, 10)

    given = DeadlineStep.objects.filter(kind=Step.REMINDED, home=flood.home)
    assert [one.percent for one in given] == [50]


def test_only_the_home_of_an_incident_writes_about_its_limits(flood):
    Incident.objects.filter(pk=flood.pk).update(home="xian-changan", state="false_report")
    look(flood, 30)

    assert Deadline.objects.count() == DeadlineStep.objects.count() == 0


def test_who_gave_an_incident_away_reminds_nobody_of_it_any_more(flood):
    look(flood, 1)
    Incident.objects.filter(pk=flood.pk).update(home="xian-changan")
    services.remind(now=at(30))

    assert reminded(flood) == []


def test_who_may_not_see_an_incident_is_told_nothing_of_its_limits(duty, flood):
    look(flood, 1)

    assert len(running(duty)) == 2
    assert running(factories.officer("liaison", "dept-fire")) == []
    assert running(factories.officer("district_officer", "s7")) == []


def test_a_deadline_that_has_ended_is_not_among_those_that_run(duty, flood):
    look(flood, 1)
    report(duty, flood, "phone", 5)
    look(flood, 6)

    assert [one["kind"] for one in running(duty)] == ["written"]


def test_of_more_than_a_desk_is_told_at_once_the_number_is_told(duty, flood, monkeypatch):
    monkeypatch.setattr(selectors, "LISTED", 3)
    later = factories.incident(duty, type_code=FLOOD, received_at=at(5))
    for one in (flood, later):
        look(one, 6)

    told = Api(duty).get("/deadlines").json()
    assert (len(told["items"]), told["more"]) == (3, 1)


def test_what_ends_next_and_what_has_just_ended_is_told_before_what_began_last(duty, monkeypatch):
    monkeypatch.setattr(selectors, "LISTED", 2)
    now = datetime.now(UTC)
    ago = {"long over": 300, "just over": 22, "next": 19, "last": 1}
    made = {}
    for name, minutes in ago.items():
        received = now - timedelta(minutes=minutes)
        made[name] = factories.incident(duty, title=name, type_code=FLOOD, received_at=received)
        services.settle([made[name].pk])
    Deadline.objects.exclude(kind="phone").delete()
    told = Api(duty).get("/deadlines").json()
    assert {one["title"] for one in told["items"]} == {"just over", "next"}
    assert (told["more"], told["late"]) == (2, 1)


def test_limits_and_what_became_of_them_are_part_of_the_incident(duty, flood):
    look(flood, 10)

    told = Api(duty).get(f"/incidents/{flood.pk}").json()
    assert [(one["kind"], one["minutes"]) for one in told["limits"]] == [
        ("phone", 20),
        ("written", 40),
    ]
    assert [one["percent"] for one in told["deadline_steps"]] == [50]
    assert told["limits"][0]["verified"] is True


def test_a_limit_that_its_incident_does_not_state_any_more_reminds_nobody(flood):
    Incident.objects.filter(pk=flood.pk).update(limits=[])
    services.remind(now=at(30))

    assert reminded(flood) == []
    assert not Deadline.objects.exists()

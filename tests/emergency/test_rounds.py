"""Rounds of reports: ordered with a level, reported once, missing from the 61st minute on."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from emergency.models import (
    Incident,
    Organisation,
    Plan,
    RoundOrder,
    RoundReminder,
    RoundReport,
    RoundShift,
)
from emergency.plans.services import responses
from emergency.reporting import selectors as drafts
from emergency.rounds import counting, selectors, services
from emergency.rounds.watch import RoundWatch
from emergency.selectors import actor_text
from emergency.services import incidents
from realtime.problems import Conflict, Invalid, NotAllowed, NotFound
from tests import factories
from tests.emergency.desk import Api
from tests.emergency.storm import Storm, said


@pytest.fixture
def storm(leader) -> Storm:
    return Storm(leader)


@pytest.fixture
def leader(node):
    return factories.officer("shift_leader")


def test_a_level_that_asks_for_it_orders_rounds_and_shows_the_incident_to_who_reports(storm):
    assert (storm.order.every, [one["organisation"] for one in storm.order.reporters]) == (
        60,
        ["610122", "610124"],
    )
    county = factories.officer("district_officer", "610122")
    assert Api(county).get(f"/incidents/{storm.incident.pk}").status_code == 200


def test_who_stands_below_another_organisation_than_that_of_this_node_is_not_asked(storm):
    Organisation.objects.filter(pk="610100").update(node=settings.NODE_ID)
    district = factories.organisation("610113", node="xian-yanta")
    Organisation.objects.filter(pk="610122").update(parent="610100")
    Organisation.objects.filter(pk="610124").update(parent=district)
    _every, asked = selectors.reporters(Plan.objects.get(), "III", "real")
    assert [one.pk for one in asked] == ["610122"]
    assert Api(storm.leader).get("/plans").json()[0]["reporters"] == ["610122"]


def test_who_has_not_reported_is_missing_at_the_sixty_first_minute_and_not_before(storm):
    storm.report(0)
    storm.look(59.9)
    assert [one for one in said() if one[1] == 100] == []
    storm.look(61)
    storm.look(62)

    assert RoundReminder.objects.get(percent=100).missing == ["610124"]


def test_a_round_in_which_all_have_reported_ends_without_anybody_missing(storm):
    storm.report(0)
    storm.report(1, nothing_new=False, text="滦镇街道山洪，2户受损")
    for minutes in (30, 48, 60.5):
        storm.look(minutes)
    assert said() == [(1, 100, 0)]


def test_what_was_due_while_the_node_stood_is_said_once_for_each_round(storm):
    storm.look(1)
    storm.look(60 * 3 + 31)
    storm.look(60 * 3 + 32)

    assert said() == [(1, 100, 2), (2, 100, 2), (3, 100, 2), (4, 50, 2)]


def test_a_node_killed_between_two_reminders_gives_the_other_and_none_twice(storm, monkeypatch):
    real, done = services._remind, []

    def remind_once(*args):
        if done:
            raise RuntimeError("killed")
        done.append(real(*args))

    with monkeypatch.context() as patched:
        patched.setattr(services, "_remind", remind_once)
        storm.look(121)
    storm.look(121)
    assert said() == [(1, 100, 2), (2, 100, 2)]


def test_two_looks_at_once_say_it_once(storm):
    (running,) = selectors.running(selectors.here(), storm.at(61))
    for _look in range(2):
        services._remind(running.order, counting.Due(1, 100), [], storm.at(61))
    assert said() == [(1, 100, 2)]


def test_who_reports_while_the_look_is_under_way_is_not_said_to_be_missing(storm, monkeypatch):
    real = services._remind

    def report_first(order, due, roles, now):
        if due.percent == 100 and not RoundReport.objects.exists():
            storm.report(0)
        real(order, due, roles, now)

    monkeypatch.setattr(services, "_remind", report_first)
    storm.look(60)
    assert RoundReminder.objects.get(percent=100).missing == ["610124"]


def test_an_order_of_a_clock_that_was_ahead_gives_way_to_the_next(storm):
    RoundOrder.objects.update(recorded_at=datetime.now(UTC) + timedelta(hours=1))
    storm.activate("IV")
    assert selectors.orders([storm.incident]) == []


def test_a_late_report_is_taken_and_stays_late_by_its_minutes(storm):
    storm.began(63.5)
    assert storm.report(0, no=1).late == 4
    assert storm.report(0, no=2).late == 0


def test_an_organisation_reports_a_round_once_and_the_first_counts(storm):
    first = storm.report(0)
    assert storm.report(0).pk == first.pk
    with pytest.raises(Conflict) as refused:
        storm.report(0, nothing_new=False, text="另有情况")
    assert first.author_name in str(refused.value.message)
    assert RoundReport.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"no": 2}, "no"),
        ({"no": 0}, "no"),
        ({"nothing_new": False, "text": " "}, "text"),
        ({"nothing_new": True, "text": "道路中断"}, "text"),
        ({"organisation": "dept-fire"}, "organisation"),
    ],
)
def test_what_cannot_be_a_report_is_refused_by_its_field(storm, fields, name):
    with pytest.raises(Invalid) as refused:
        storm.report(0, **fields)
    assert set(refused.value.fields) == {name}
    assert not RoundReport.objects.exists()


def test_nobody_reports_for_another_but_the_desk_in_charge_in_its_name(storm):
    with pytest.raises(NotAllowed):
        storm.report(0, actor=factories.officer("district_officer", "610124"))
    made = storm.report(0, actor=storm.leader)
    assert (made.organisation, made.author) == ("610122", actor_text(storm.leader))


def test_who_sees_nothing_of_the_incident_reports_nothing(storm):
    with pytest.raises(NotFound):
        storm.report(0, actor=factories.officer("district_officer", "610115"))


def test_a_higher_level_that_asks_for_the_same_goes_on_with_its_clock(storm):
    before = storm.order
    storm.activate("II")
    assert storm.order.pk == before.pk


def test_a_level_that_asks_for_none_ends_the_rounds_and_one_that_does_begins_them_anew(storm):
    before = storm.order
    storm.activate("IV")
    assert selectors.orders([storm.incident]) == []
    assert services.remind(now=before.recorded_at + timedelta(minutes=61)) is None
    storm.activate("III")
    assert storm.order.pk != before.pk
    assert said() == []


def test_the_end_of_the_response_ends_the_rounds(storm):
    order = storm.order
    responses.end_response(
        actor=storm.leader, incident=Incident.objects.get(), plan="flood", text="雨停"
    )
    services.remind(now=order.recorded_at + timedelta(minutes=61))
    assert said() == []


def test_a_closed_incident_has_no_rounds_and_one_opened_again_begins_them_anew(storm):
    order = storm.order
    close, open_again = {"step": "dismiss", "reason": "误报"}, {"step": "reopen", "reason": "复燃"}
    for given in (close, open_again):
        if given is open_again:
            services.remind(now=order.recorded_at + timedelta(hours=50))
            assert said() == []
        incident = Incident.objects.get()
        incidents.advance_incident(actor=storm.leader, incident=incident, rev=incident.rev, **given)
    assert storm.order.pk != order.pk


def test_nobody_reports_in_a_closed_incident(storm):
    order = storm.order.pk
    incident = Incident.objects.get()
    incidents.advance_incident(
        actor=storm.leader, incident=incident, rev=incident.rev, step="dismiss", reason="误报"
    )
    with pytest.raises(NotFound):
        storm.report(0, order=order)


def test_only_the_home_of_an_incident_says_who_is_missing(storm):
    (running,) = selectors.running(selectors.here(), storm.at(61))
    Incident.objects.update(home="xian-yanta")
    assert not selectors.here().exists()
    services._remind(
        running.order, counting.Due(1, 100), [], storm.at(61)
    )  # it was given away meanwhile
    assert said() == []


def test_what_another_node_orders_that_is_no_home_counts_for_nothing(storm):
    RoundOrder.objects.update(home="xian-changan")
    assert selectors.orders([storm.incident]) == []


def test_a_report_counts_from_the_node_of_its_organisation_and_from_a_home_alone(storm):
    storm.report(0)
    RoundReport.objects.update(home="xian-changan")
    storm.look(61)
    assert RoundReminder.objects.get(percent=100).missing == ["610122", "610124"]


def test_the_clock_of_the_machine_set_by_an_hour_makes_nobody_late_or_early(storm):
    services.shift(by=timedelta(hours=1))
    storm.look(60 + 59)
    assert [one for one in said() if one[1] == 100] == []
    assert storm.report(0).late == 0
    services.shift(by=timedelta(hours=-2))
    assert RoundShift.objects.get().seconds == 3600
    storm.look(1)
    assert (1, 100, 1) in said()


def test_the_watch_notices_what_is_done_to_the_clock_of_the_machine(storm):
    watch = RoundWatch()
    watch()
    watch.wall.last -= timedelta(hours=1)  # as if it had been set on by an hour since
    watch()
    assert RoundShift.objects.get().seconds == -3600


def test_the_watch_looks_when_a_reminder_comes_and_when_the_log_tells_of_rounds(storm):
    watch, looks = RoundWatch(), []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(services, "remind", lambda: looks.append(1) or timedelta(seconds=30))
        watch()
        watch()
        assert len(looks) == 1
        storm.activate("IV")
        watch()
        assert len(looks) == 2
        watch.next_at = 0.0
        watch()
    assert len(looks) == 3


def test_what_was_new_in_a_round_stands_in_the_next_report_and_a_zero_report_does_not(storm):
    storm.report(0, nothing_new=False, text="葛牌镇道路中断")
    storm.report(1)
    lines = drafts.lines_since(Incident.objects.get(), None)
    told = [one.text for one in lines if "610122" in one.text or "610124" in one.text]
    assert [(one[:6], one[-7:]) for one in told] == [("610122", "葛牌镇道路中断")]


def rows_for(officer) -> list[dict]:
    answer = Api(officer).get("/rounds")
    assert answer.status_code == 200
    return answer.json()


def test_a_desk_is_told_what_it_owes_and_the_desk_in_charge_who_is_missing(storm):
    storm.began(70)
    storm.report(1, no=2)
    own = rows_for(factories.officer("district_officer", "610124"))
    assert [(one["no"], one["mine"]) for one in own] == [(1, ["610124"]), (2, [])]
    above = rows_for(storm.leader)
    assert [(one["no"], len(one["missing"]), one["of"]) for one in above] == [(1, 2, 2), (2, 1, 2)]
    assert all(one["mine"] == [] for one in above)


def test_who_was_shown_nothing_is_told_of_no_round(storm):
    assert rows_for(factories.officer("district_officer", "610115")) == []


@pytest.mark.parametrize(
    "body",
    [
        {"no": "1"},
        {"no": 10**9},
        {"no": True},
        {"order": "x"},
        {"nothing_new": "yes"},
        {"text": "字" * 4001},
        {"organisation": ""},
        {"more": 1},
    ],
)
def test_bad_input_to_the_api_is_refused_and_nothing_is_written(storm, body):
    said_ = {"order": str(storm.order.pk), "no": 1, "organisation": "610122", "nothing_new": True}
    answer = Api(storm.leader).post(f"/incidents/{storm.incident.pk}/rounds", **said_ | body)
    assert answer.status_code == 422
    assert not RoundReport.objects.exists()

"""Why somebody sees an incident: what is told is what the door does."""

from datetime import UTC, datetime

import pytest

from emergency.explaining import explain
from emergency.models import Incident, Officer, Reach, Role
from emergency.permissions import hindrance, require
from emergency.rights import ADMINS
from emergency.selectors import view_of
from emergency.services import reaching
from realtime import refusals
from realtime.access import View
from realtime.problems import NotAllowed, NotFound
from tests import factories
from tests.drills.conftest import planner  # noqa: F401
from tests.drills.test_realm import api, report, running  # noqa: F401
from tests.emergency.pages import text

PLACES = ("610100", "610113", "dept-fire", "dept-other")


@pytest.fixture
def cases(node, running) -> dict[str, Incident]:  # noqa: F811
    """Incidents on every ground: own, shown, withdrawn, of a place, of an exercise."""
    _city, _district, fire, _other = map(factories.organisation, PLACES)
    desk = factories.officer()
    made = {name: factories.incident(desk) for name in ("own", "shown", "withdrawn", "of place")}
    for name in ("shown", "withdrawn"):
        reaching.open_to(actor=desk, incident=made[name], organisation=fire)
    reaching.close_to(actor=desk, incident=made["withdrawn"], organisation=fire)
    place = {"organisation": "610113", "ground": Reach.Ground.PLACE}
    Reach.objects.create(incident=made["of place"], **place)
    answer = report(api("duty_officer"), running.realm)
    return made | {"exercise": Incident.objects.get(pk=answer.json()["id"])}


def everybody() -> list[Officer]:
    return [factories.officer(role, code) for role in Role.values for code in PLACES]


def test_a_ground_gives_sight_exactly_where_the_door_does(cases):
    seen = set()
    for officer in everybody():
        for name, incident in cases.items():
            told = explain(officer, incident)
            assert told.view == view_of(officer, incident)
            gives = any(one.gives for one in told.grounds)
            assert gives == (told.view >= View.PUBLIC), (
                officer.role,
                officer.organisation_id,
                name,
            )
            words = " ".join(one.text for one in told.grounds)
            assert ("可见个人信息" in words) == (told.view == View.FULL)
            assert ("不见个人信息" in words) == (told.view == View.PUBLIC)
            admin = officer.role in ADMINS
            assert admin == ("管理员不见任何事件" in told.grounds[0].text)
            seen.add(told.view)
    assert seen == {View.NONE, View.GONE, View.PUBLIC, View.FULL}


def test_what_may_be_done_is_what_the_service_lets_through(cases):
    verbs = ("entry.write", "incident.edit", "incident.share", "report.sign", "plan.activate")
    for officer in everybody():
        for incident in cases.values():
            for verb in verbs:
                try:
                    require(officer, verb, incident)
                    passed = True
                except (NotAllowed, NotFound):
                    passed = False
                assert passed == (hindrance(officer, verb, incident) is None)


def test_to_ask_is_no_attempt(cases):
    refusals.flush()
    liaison = factories.officer("liaison", "dept-other")
    for incident in cases.values():
        explain(liaison, incident)
    assert refusals.flush() == 0


def test_who_lost_the_account_reads_that_first(cases):
    officer = factories.officer()
    Officer.objects.filter(pk=officer.pk).update(valid_until=datetime(2020, 1, 1, tzinfo=UTC))
    officer.refresh_from_db()
    told = explain(officer, cases["own"])
    assert told.view == View.NONE and "任期已满" in told.grounds[0].text
    assert len(told.grounds) == 1


def ask(client, officer: Officer, incident: Incident):
    return client.get("/why", {"officer": officer.username, "incident": incident.number})


def test_the_security_administrator_reads_why_and_nothing_else_of_the_incident(cases):
    shown, secret = cases["shown"], "甲醇罐车泄漏"
    Incident.objects.update(title=secret)
    fire = factories.officer("liaison", "dept-fire")
    for role in ("security_admin", "audit_admin"):
        answer = ask(factories.client(factories.officer(role)), fire, shown)
        page = text(answer)
        assert "可见，不含个人信息" in page and "was shown it" not in page and "dept-fire" in page
        assert secret not in page
    gone = text(ask(factories.client(factories.officer("audit_admin")), fire, cases["withdrawn"]))
    assert "曾可见，现已不可见" in gone


def test_others_ask_about_what_they_see_alone(cases):
    asker = factories.client(factories.officer("district_officer", "610113"))
    duty = factories.officer("district_officer", "610113")
    assert ask(asker, duty, cases["of place"]).status_code == 200
    hidden = ask(asker, duty, cases["own"])
    none = asker.get("/why", {"officer": duty.username, "incident": "无此编号"})
    assert hidden.status_code == none.status_code == 422
    assert "没有这个事件" in text(hidden) and "没有这个事件" in text(none)
    assert factories.client(factories.officer("observer")).get("/why").status_code == 403


def test_who_is_no_administrator_asks_of_the_own_organisations_alone(cases):
    asker = factories.client(factories.officer("district_officer", "610113"))
    colleague = factories.officer("district_officer", "610113")
    other, admin = factories.officer("liaison", "dept-fire"), factories.officer("audit_admin")
    page = asker.get("/why").content.decode()
    assert colleague.username in page
    for officer in (other, admin):
        assert officer.username not in page
        assert ask(asker, officer, cases["of place"]).status_code == 422
    assert ask(asker, colleague, cases["of place"]).status_code == 200
    refusals.flush()
    assert ask(asker, colleague, cases["own"]).status_code == 422
    assert refusals.flush() == 1, "to guess numbers leaves a trace"


def test_what_another_node_is_in_charge_of_is_not_changed_here(cases):
    incident = cases["own"]
    Incident.objects.filter(pk=incident.pk).update(home="xian-yanta")
    incident.refresh_from_db()
    told = explain(factories.officer(), incident)
    why_not = {act.text: act.why_not for act in told.acts}
    assert "其他节点" in why_not["修改"] and why_not["写续报条目"] == ""


@pytest.mark.parametrize("given", [{"officer": ""}, {"officer": "\0", "incident": "x"},
                                   {"officer": "nobody", "incident": "字" * 500}])  # fmt: skip
def test_a_question_that_cannot_be_read_is_asked_again(node, given):
    client = factories.client(factories.officer("security_admin"))
    assert client.get("/why", given).status_code == 422

"""Changes of casualties after an accident: asked for at once and daily, until reported or over."""

from datetime import UTC, datetime, timedelta

import pytest

from emergency.errors import WrongState
from emergency.models import Incident, Report, ReportDraft, SupplementReminder, SupplementRule
from emergency.services import incidents
from emergency.supplements import selectors, services, window
from emergency.supplements.watch import SupplementWatch
from realtime import log
from tests import factories
from tests.emergency.desk import Api
from tests.emergency.test_reporting import change, issue, proposed, sign, submit

DAY = timedelta(days=1)


@pytest.fixture
def api(duty) -> Api:
    return Api(duty, "zh-hans")


@pytest.fixture
def leader(duty) -> Api:
    return Api(factories.officer("shift_leader"), "zh-hans")


@pytest.fixture
def reported(duty, api, leader) -> Incident:
    """A leak of which the first report said one dead and two injured."""
    made = factories.incident(duty, dead=1, injured=2, serious=0, missing=0)
    issue(api, leader, made)
    return made


def die(api: Api, incident: Incident, dead: int = 2) -> None:
    known = {"dead": dead, "injured": 2, "serious": 0, "missing": 0}
    change(api, incident, casualties=known | {"trapped": None, "affected": None})


def said() -> list[SupplementReminder]:
    return list(SupplementReminder.objects.order_by("recorded_at"))


def conclude(api: Api, leader: Api, incident: Incident) -> None:
    issue(api, leader, incident, "final")
    assert Incident.objects.get(pk=incident.pk).state == "concluded"


@pytest.mark.django_db
def test_a_change_after_the_final_report_is_said_once_and_again_every_day_until_it_is_reported(
    api, leader, reported
):
    conclude(api, leader, reported)
    assert services.remind() == 0
    die(api, reported)
    now = datetime.now(UTC)
    assert services.remind(now=now) == 1
    assert services.remind(now=now + timedelta(hours=23)) == 0
    assert services.remind(now=now + DAY) == 1
    first, second = said()
    assert first.moved == {"dead": [1, 2]} and first.days == 30
    assert "duty_officer" in first.roles and "shift_leader" not in first.roles
    assert {"duty_officer", "shift_leader"} <= set(second.roles)
    told = issue(api, leader, reported, "supplement")
    assert told["number"] == 1 and told["before"]["casualties"]["dead"] == 1
    assert services.remind(now=now + 3 * DAY) == 0
    die(api, reported, 3)
    assert services.remind(now=now + 3 * DAY) == 1  # of the new change at once
    assert issue(api, leader, reported, "supplement")["number"] == 2


@pytest.mark.django_db
def test_another_change_is_said_at_once(api, reported):
    for dead in (2, 3):
        die(api, reported, dead)
        assert services.remind() == 1
    assert [one.moved["dead"] for one in said()] == [[1, 2], [1, 3]]


@pytest.mark.django_db
def test_a_supplement_says_what_changed_and_only_that(api, leader, reported):
    conclude(api, leader, reported)
    die(api, reported)
    text = proposed(api, reported, "supplement")["text"]
    assert "死亡 1 → 2" in text and "受伤" not in text
    assert Incident.objects.get(pk=reported.pk).state == "concluded"


@pytest.mark.django_db
def test_while_it_is_open_a_follow_up_reports_the_change(api, leader, reported):
    die(api, reported)
    assert services.remind() == 1
    assert submit(api, reported, "supplement").status_code == 409
    issue(api, leader, reported, "followup")
    assert services.remind(now=datetime.now(UTC) + 2 * DAY) == 0


@pytest.mark.django_db
def test_a_draft_that_waits_when_the_incident_is_opened_again_is_not_signed(api, leader, reported):
    conclude(api, leader, reported)
    die(api, reported)
    draft = submit(api, reported, "supplement").json()
    rev = Incident.objects.get(pk=reported.pk).rev
    again = {"rev": rev, "step": "reopen", "reason": "复燃"}
    assert api.post(f"/incidents/{reported.pk}/steps", **again).status_code == 200
    assert sign(leader, draft).status_code == 409
    assert ReportDraft.objects.get(pk=draft["id"]).state == "submitted"


@pytest.mark.django_db
def test_no_supplement_comes_before_any_report(api, duty):
    made = factories.incident(duty)
    Incident.objects.filter(pk=made.pk).update(state="concluded")
    assert submit(api, made, "supplement").status_code == 409
    assert not Report.objects.exists()


@pytest.mark.django_db
def test_on_the_last_day_it_is_said_and_on_the_day_after_nothing_is(api, reported):
    die(api, reported)
    end = window.until(reported.received_at, 30)
    assert services.remind(now=end - timedelta(minutes=1)) == 1
    assert services.remind(now=end) == 0
    SupplementReminder.objects.all().delete()
    assert services.remind(now=end) == 0


@pytest.mark.django_db
def test_the_days_are_counted_from_the_accident_where_that_is_known(api, reported):
    die(api, reported)
    happened = reported.received_at - 31 * DAY
    Incident.objects.filter(pk=reported.pk).update(occurred_at=happened)
    assert services.remind() == 0


@pytest.mark.django_db
def test_figures_that_are_put_back_ask_for_nothing(api, reported):
    die(api, reported)
    assert services.remind() == 1
    die(api, reported, 1)
    assert services.remind(now=datetime.now(UTC) + 2 * DAY) == 0
    assert api.get("/supplements").json() == []


@pytest.mark.django_db
def test_other_classes_exercises_and_other_nodes_are_not_asked(api, reported):
    die(api, reported)
    others = {"type_code": "11D02", "realm": "ex:x", "home": "xian-yanta", "state": "merged"}
    for other in ({name: value} for name, value in others.items()):
        was = {name: getattr(reported, name) for name in other}
        Incident.objects.filter(pk=reported.pk).update(**other)
        assert services.remind() == 0, other
        one = Incident.objects.get(pk=reported.pk)
        assert selectors.days_of(one, datetime.now(UTC)) == {}, other
        Incident.objects.filter(pk=reported.pk).update(**was)
    assert services.remind() == 1


@pytest.mark.django_db
def test_the_watch_says_it_once_however_often_it_looks_or_begins_anew(api, reported):
    watch = SupplementWatch()
    watch()
    die(api, reported)
    watch()
    for _restart in range(3):
        SupplementWatch()()
    watch()
    assert len(said()) == 1


@pytest.mark.django_db
def test_a_clock_that_is_set_back_says_nothing_twice_and_one_set_right_goes_on(api, reported):
    die(api, reported)
    now = datetime.now(UTC)
    assert services.remind(now=now) == 1
    assert services.remind(now=now - timedelta(hours=1)) == 0
    SupplementReminder.objects.update(recorded_at=now + timedelta(days=3))
    assert services.remind(now=now) == 1  # the clock was three days ahead when it was said
    assert services.remind(now=now + timedelta(minutes=1)) == 0


@pytest.mark.django_db
def test_what_was_reported_corrected_and_is_so_again_is_said_again(api, leader, reported):
    for dead in (2, 1, 2):
        die(api, reported, dead)
        assert services.remind() == 1
        issue(api, leader, reported, "followup", confirmed={"dead": 1} if dead == 1 else {})
    assert [one.moved["dead"] for one in said()] == [[1, 2], [2, 1], [1, 2]]


@pytest.mark.django_db
def test_the_last_report_is_the_last_of_the_log_whatever_the_clock_said(api, leader, reported):
    Report.objects.update(recorded_at=datetime.now(UTC) + timedelta(days=2))
    die(api, reported)
    issue(api, leader, reported, "followup")
    assert services.remind() == 0
    assert api.get(f"/incidents/{reported.pk}/supplement").json()["moved"] == {}


@pytest.mark.django_db
def test_leaders_are_told_from_the_second_day_on_though_the_figures_go_on_changing(api, reported):
    now = datetime.now(UTC)
    for day, dead in enumerate((2, 3)):
        die(api, reported, dead)
        assert services.remind(now=now + day * DAY) == 1
    first, second = said()
    assert "shift_leader" not in first.roles and "shift_leader" in second.roles


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "elements"),
    [({}, []), ({}, {"casualties": [1]}), ({}, {"casualties": "x"}),
     ({}, {"casualties": {"dead": "1", "injured": -2}}),
     ({"occurred_at": datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)}, None)],
    ids=range(5),
)  # fmt: skip
def test_what_came_from_another_node_and_cannot_be_judged_holds_up_no_other(
    api, leader, duty, reported, fields, elements
):
    """As after a hand-over: this node wrote neither."""
    other = factories.incident(duty, dead=0, title="another")
    issue(api, leader, other)
    Incident.objects.filter(pk=other.pk).update(**{"dead": 5} | fields)
    if elements is not None:
        Report.objects.filter(incident=other).update(elements=elements)
    die(api, reported)
    assert services.remind() >= 1
    assert reported.pk in [one.incident_id for one in said()]
    assert all(window.are_moved(one.moved) for one in said())
    assert api.get("/supplements").status_code == 200
    assert api.get(f"/incidents/{other.pk}/supplement").status_code == 200


@pytest.mark.django_db
def test_the_desk_is_told_what_is_not_reported_and_who_may_not_see_it_is_not(api, reported):
    die(api, reported)
    assert api.get("/supplements").json() == []  # it was not said yet
    services.remind()
    [row] = api.get("/supplements").json()
    assert (row["incident"], row["moved"]) == (str(reported.pk), {"dead": [1, 2]})
    told = api.get(f"/incidents/{reported.pk}/supplement").json()
    assert told["days"] == 30 and "第十三条" in told["source"] and told["until"] == row["until"]
    county = Api(factories.officer("district_officer", "610122"))
    assert county.get("/supplements").json() == []
    assert county.get(f"/incidents/{reported.pk}/supplement").status_code == 404


@pytest.mark.django_db
def test_a_class_without_days_tells_none(api, reported):
    SupplementRule.objects.all().delete()
    assert api.get(f"/incidents/{reported.pk}/supplement").json() == {}
    die(api, reported)
    assert services.remind() == 0


@pytest.mark.django_db
def test_one_that_fails_holds_up_no_other(api, leader, reported, duty, monkeypatch):
    other = factories.incident(duty, dead=0, title="another")
    issue(api, leader, other)
    for one in (reported, other):
        die(api, one, 5)
    append = log.append

    def fail(kind, **said):
        if said["about"] == f"incident/{reported.pk}":
            raise OSError("disk full")
        return append(kind, **said)

    monkeypatch.setattr(log, "append", fail)
    assert services.remind() == 1
    assert [one.incident_id for one in said()] == [other.pk]
    monkeypatch.setattr(log, "append", append)
    assert services.remind() == 1


@pytest.mark.django_db
def test_what_is_taken_over_by_another_home_is_said_there_alone(api, reported):
    die(api, reported)
    assert services.remind() == 1
    Incident.objects.filter(pk=reported.pk).update(home="xian-yanta")
    assert services.remind(now=datetime.now(UTC) + 2 * DAY) == 0


@pytest.mark.django_db
def test_what_is_archived_was_reported_and_changes_no_more(api, leader, reported):
    conclude(api, leader, reported)
    die(api, reported)
    made = Incident.objects.get(pk=reported.pk)
    boss = factories.officer("shift_leader")
    with pytest.raises(WrongState):  # what is not reported is not put away
        incidents.advance_incident(actor=boss, incident=made, rev=made.rev, step="archive")
    issue(api, leader, reported, "supplement")
    incidents.advance_incident(actor=boss, incident=made, rev=made.rev, step="archive")
    made.refresh_from_db()
    assert api.get(f"/incidents/{made.pk}/supplement").json() == {}
    body = {"rev": made.rev, "casualties": {"dead": 2}}
    answer = api.send("PATCH", f"/incidents/{made.pk}", body)
    assert answer.status_code in (409, 422)

"""Incidents: one report once, values that agree, 不详 apart from 0, stale writers told."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from emergency import realms, selectors
from emergency.models import Incident, Reach
from realtime.models import Envelope
from tests import factories
from tests.emergency.desk import Api


@pytest.fixture
def api(duty) -> Api:
    """The duty officer's program."""
    return Api(duty)


def patch(api: Api, incident: dict, **fields):
    return api.send("PATCH", f"/incidents/{incident['id']}", {"rev": incident["rev"]} | fields)


def test_the_same_report_twice_is_one_incident(api):
    pk = str(uuid.uuid4())
    body = {"id": pk, "summary": "罐体破损", "casualties": {"dead": 0}}
    first, second = api.report(**body), api.report(**body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["number"] == second.json()["number"]
    assert Incident.objects.count() == 1


def test_what_a_report_is_answered_with_is_the_incident_as_it_then_is(api):
    made = api.report(location={"lon": 108.9, "lat": 34.2}).json()
    read = api.get(f"/incidents/{made['id']}").json()
    del read["cursor"]
    assert made == read


@pytest.mark.parametrize(
    "other",
    [{"title": "x"}, {"summary": "y"}, {"casualties": {"dead": 1}}, {"grade": 2}, {"source": "z"},
     {"location": {"lon": 108.9, "lat": 34.2}}, {"reporter": {"phone": "1"}}],
)  # fmt: skip
def test_the_same_id_with_other_content_is_refused(api, other):
    pk = str(uuid.uuid4())
    assert api.report(id=pk).status_code == 201
    answer = api.report(**{"id": pk} | other)
    assert (answer.status_code, answer.json()["code"]) == (409, "same_id_other_content")
    assert Incident.objects.get().title == "甲醇罐车泄漏"


def test_a_repeated_report_is_the_same_after_somebody_changed_the_incident(api):
    pk = str(uuid.uuid4())
    first = api.report(id=pk).json()
    assert patch(api, first, title="changed").status_code == 200
    again = api.report(id=pk)
    assert (again.status_code, again.json()["title"]) == (200, "changed")


def test_an_id_of_a_hidden_incident_tells_nothing_about_it(api):
    hidden = api.report(id=str(uuid.uuid4()), summary="secret").json()
    stranger = Api(factories.officer("district_officer", "610122"))
    answer = stranger.report(id=hidden["id"], summary="secret")
    assert answer.status_code == 409
    assert "secret" not in answer.content.decode()
    assert hidden["number"] not in answer.content.decode()


def test_unknown_is_not_zero_in_answer_row_and_log(api):
    told = api.report(casualties={"dead": 0, "injured": None}).json()
    row = Incident.objects.get()
    logged = json.loads(bytes(Envelope.objects.get(type="incident.reported").public))
    for figures in (told["casualties"], logged["casualties"]):
        assert (figures["dead"], figures["injured"], figures["missing"]) == (0, None, None)
    assert (row.dead, row.injured, row.missing) == (0, None, None)
    changed = patch(api, told, casualties={"dead": None}).json()
    assert changed["casualties"]["dead"] is None


def test_a_change_touches_only_what_is_given(api):
    told = api.report(
        summary="s", casualties={"dead": 1, "trapped": 2}, reporter={"name": "王", "phone": "1"}
    ).json()
    changed = patch(api, told, casualties={"dead": 3}).json()
    assert changed["casualties"] | {"dead": 1} == told["casualties"]
    same = ("summary", "reporter", "title", "location", "number")
    assert [changed[name] for name in same] == [told[name] for name in same]
    replaced = patch(api, changed, reporter={"phone": "2"}).json()["reporter"]
    assert replaced == {"unit": "", "name": "", "post": "", "phone": "2"}


@pytest.mark.parametrize("fields", [{}, {"title": "same"}])
def test_a_change_that_changes_nothing_makes_no_revision(api, fields):
    told = api.report(title="same").json()
    written = Envelope.objects.count()
    assert patch(api, told, **fields).json()["rev"] == told["rev"] == Incident.objects.get().rev
    assert Envelope.objects.count() == written


def test_figures_that_contradict_each_other_are_refused_also_in_two_steps(api):
    assert api.report(casualties={"injured": 1, "serious": 2}).status_code == 422
    told = api.report(casualties={"injured": 1}).json()
    answer = patch(api, told, casualties={"serious": 2})
    assert answer.json()["fields"].keys() == {"casualties.serious"}
    assert Incident.objects.get().serious is None


def test_an_incident_cannot_have_happened_after_it_was_reported(api):
    now = datetime.now(UTC)
    at = {"received_at": (now - timedelta(hours=2)).isoformat(), "occurred_at": now.isoformat()}
    assert api.report(**at).json()["fields"].keys() == {"occurred_at"}
    told = api.report(received_at=at["received_at"]).json()
    assert patch(api, told, occurred_at=at["occurred_at"]).status_code == 422


def test_a_list_says_how_many_older_ones_it_leaves_out(api, duty):
    for number in range(3):
        api.report(title=f"第{number}起")
    whole = selectors.incident_list("real", duty)
    assert (len(whole["items"]), whole["older"]) == (3, 0)
    short = selectors.incident_list("real", duty, limit=2)
    assert ([one["title"] for one in short["items"]], short["older"]) == (["第2起", "第1起"], 1)
    assert api.get("/incidents").json()["older"] == 0


def test_a_writer_with_a_stale_revision_changes_nothing(api):
    told = api.report().json()
    assert patch(api, told, title="first").status_code == 200
    late = patch(api, told, title="second")
    assert (late.status_code, late.json()["code"]) == (409, "stale_revision")
    step = api.post(f"/incidents/{told['id']}/steps", rev=1, step="verify")
    assert step.json()["code"] == "stale_revision"
    assert Incident.objects.get().title == "first"


def test_an_amount_of_money_is_the_same_in_answer_log_and_list(api):
    for given in (0.615, "12.30", 1, 10_000_000_000_000):
        answer = api.report(loss_cny=given)
        if given == 0.615:
            assert answer.status_code == 422
            continue
        told = answer.json()
        log = json.loads(bytes(Envelope.objects.get(subject=f"incident/{told['id']}").public))
        listed = api.get(f"/incidents/{told['id']}").json()
        assert told["loss_cny"] == log["loss_cny"] == listed["loss_cny"] == f"{float(given):.2f}"


def test_an_archived_incident_is_not_edited(api, duty):
    incident = factories.incident(duty)
    Incident.objects.update(state="archived")
    answer = patch(api, {"id": incident.pk, "rev": 1}, title="new")
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")


def test_an_incident_is_merged_only_into_an_open_one_of_its_realm(api, duty, monkeypatch):
    first, second, closed = (factories.incident(duty) for _number in range(3))
    Incident.objects.filter(pk=closed.pk).update(state="concluded")

    def merge(one, into, **fields):
        body = {"rev": 1, "step": "merge", "reason": "same", "into": str(into.pk)} | fields
        return api.post(f"/incidents/{one.pk}/steps", **body).status_code

    assert merge(first, closed) == 409
    assert merge(first, first) == 422
    assert merge(first, second) == 200
    assert merge(second, first) == 409, "a circle"
    acting = realms.Realm({duty.organisation_id: realms.Stand.ACT}, open=True)
    monkeypatch.setattr(realms, "_look_up", lambda wanted: dict.fromkeys(wanted, acting))
    exercise = factories.incident(duty, realm="ex:00000000-0000-0000-0000-000000000001")
    assert merge(second, exercise) == 422


def test_a_step_without_its_reason_is_refused(api, duty):
    incident = factories.incident(duty)
    answer = api.post(f"/incidents/{incident.pk}/steps", rev=1, step="dismiss", reason=" ")
    assert answer.json()["fields"].keys() == {"reason"}


def test_an_organisation_that_wrote_an_incident_does_not_lose_it(api, duty):
    county = factories.officer("district_officer", "610122")
    incident = factories.incident(county)
    answer = api.send("DELETE", f"/incidents/{incident.pk}/organisations/610122", "")
    assert answer.status_code == 409
    assert Reach.objects.get(incident=incident).ended_at is None


def test_showing_twice_is_showing_once(api, duty):
    factories.organisation("dept-fire")
    incident = factories.incident(duty)
    for _time in range(2):
        told = api.post(f"/incidents/{incident.pk}/organisations", code="dept-fire").json()
    assert told["rev"] == 2
    assert Envelope.objects.filter(type="incident.opened_to").count() == 1


def test_the_history_names_people_of_this_node_beside_their_accounts(api):
    made = api.report().json()
    patch(api, made, title="changed")
    Envelope.objects.filter(subject=f"incident/{made['id']}", rev=2).update(
        actor=f"{api.officer.username}@elsewhere duty_officer"
    )
    lines = api.get(f"/incidents/{made['id']}").json()["history"]
    assert [line["actor_name"] for line in lines] == [api.officer.name, ""]
    assert lines[0]["actor"].startswith(f"{api.officer.username}@")

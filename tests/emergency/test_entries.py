"""The timeline: nothing is deleted, a correction and a strike are told beside the old text."""

import uuid

import pytest

from emergency.models import Entry
from tests import factories
from tests.emergency.desk import Api


@pytest.fixture
def api(duty) -> Api:
    """The duty officer's program."""
    return Api(duty)


@pytest.fixture
def incident(duty) -> str:
    """An incident's id."""
    return str(factories.incident(duty).pk)


def timeline(api: Api, incident: str) -> list[dict]:
    return api.get(f"/incidents/{incident}").json()["entries"]


def test_a_correction_points_to_what_it_corrects_and_both_stay(api, incident):
    old = api.post(f"/incidents/{incident}/entries", text="3人受伤").json()
    new = api.post(f"/entries/{old['id']}/corrections", text="2人受伤").json()
    first, second = timeline(api, incident)
    assert (first["text"], first["corrected_by"], first["rev"]) == ("3人受伤", new["id"], 2)
    assert (second["text"], second["corrects"]) == ("2人受伤", old["id"])
    assert second["occurred_at"] == first["occurred_at"]


def test_an_entry_is_corrected_or_struck_once(api, incident):
    old = api.post(f"/incidents/{incident}/entries", text="a").json()
    assert api.post(f"/entries/{old['id']}/corrections", text="b").status_code == 201
    assert api.post(f"/entries/{old['id']}/corrections", text="c").status_code == 409
    assert api.post(f"/entries/{old['id']}/strike", reason="d").status_code == 409
    assert Entry.objects.count() == 2


def test_a_struck_entry_stays_readable_with_who_when_and_why(api, incident, duty):
    entry = api.post(f"/incidents/{incident}/entries", text="a").json()
    api.post(f"/entries/{entry['id']}/strike", reason="误记")
    (told,) = timeline(api, incident)
    assert told["text"] == "a"
    assert (told["struck"]["by"], told["struck"]["reason"]) == (duty.name, "误记")
    assert api.post(f"/entries/{entry['id']}/corrections", text="b").status_code == 409


def test_an_entry_of_somebody_else_is_struck_by_the_shift_leader_alone(api, incident):
    entry = api.post(f"/incidents/{incident}/entries", text="a").json()
    colleague, leader = (Api(factories.officer(role)) for role in ("duty_officer", "shift_leader"))
    assert colleague.post(f"/entries/{entry['id']}/strike", reason="x").status_code == 403
    assert leader.post(f"/entries/{entry['id']}/strike", reason="x").status_code == 200


def test_the_same_line_sent_twice_is_one_line(api, incident):
    pk = str(uuid.uuid4())
    for _time in range(2):
        assert api.post(f"/incidents/{incident}/entries", id=pk, text="a").status_code == 201
    assert len(timeline(api, incident)) == 1
    other = api.post(f"/incidents/{incident}/entries", id=pk, text="b")
    assert (other.status_code, other.json()["code"]) == (409, "same_id_other_content")


def test_the_same_correction_sent_twice_is_one(api, incident):
    old = api.post(f"/incidents/{incident}/entries", text="a").json()
    pk = str(uuid.uuid4())
    answers = [api.post(f"/entries/{old['id']}/corrections", id=pk, text="b") for _time in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    taken = api.post(f"/incidents/{incident}/entries", text="c").json()
    again = api.post(f"/entries/{taken['id']}/corrections", id=pk, text="d")
    assert again.json()["code"] == "same_id_other_content"


def test_a_correction_that_changes_nothing_is_refused(api, incident):
    old = api.post(f"/incidents/{incident}/entries", text="a").json()
    assert api.post(f"/entries/{old['id']}/corrections", text=" a ").status_code == 422

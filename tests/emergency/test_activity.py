"""What happened lately, as a desk that opens reads it: as the feed told it, and to nobody else."""

import pytest

from emergency import selectors_activity
from emergency.models import Incident
from realtime.models import Envelope
from tests import factories
from tests.emergency.desk import HERE, Api
from tests.gis import city


@pytest.fixture
def made(duty) -> Incident:
    """An incident with one line, which the fire service was shown."""
    incident = factories.incident(duty, reporter={"name": "王某", "phone": "13900000000"})
    Api(duty).post(f"/incidents/{incident.pk}/organisations", code="dept-fire")
    Api(duty).post(f"/incidents/{incident.pk}/entries", text="第一条")
    return incident


@pytest.fixture(autouse=True)
def fire(node):
    return factories.organisation("dept-fire")


def told(api: Api) -> list[str]:
    return [one["type"] for one in api.get("/activity").json()]


def test_what_is_not_about_an_incident_is_no_activity(duty, made):
    before = told(Api(duty))
    city.layer("schools", city.points(["新建"], [HERE]))
    assert told(Api(duty)) == before


def test_what_happened_is_told_in_its_order_with_its_incident_as_it_is_now(duty, made):
    api = Api(duty)
    api.post(f"/incidents/{made.pk}/steps", step="verify", rev=2)
    assert told(api) == [
        "incident.reported",
        "incident.opened_to",
        "entry.written",
        "incident.advanced",
    ]
    entry = api.get("/activity").json()[2]
    assert entry["item"]["text"] == "第一条"
    assert entry["incident"] == {
        "id": str(made.pk),
        "title": made.title,
        "grade": made.grade,
        "home": "xian",
    }


def test_who_does_not_see_the_incident_is_told_nothing(made):
    assert told(Api(factories.officer("liaison", "dept-police"))) == []


def test_who_saw_it_once_is_told_nothing_any_more(made, duty):
    fire = Api(factories.officer("liaison", "dept-fire"))
    assert len(told(fire)) == 3
    Api(duty).send("DELETE", f"/incidents/{made.pk}/organisations/dept-fire")
    assert told(fire) == []


def test_the_personal_part_is_left_out_for_everybody(made, duty):
    assert "13900000000" not in Api(duty).get("/activity").content.decode()


def test_a_realm_tells_nothing_of_another(made, duty):
    exercise = "ex:018f5b9e-0000-7000-8000-000000000000"
    assert Api(duty).get("/activity", realm=exercise).json() == []
    assert Api(duty).get("/activity", realm="nonsense").status_code == 422


def test_it_looks_back_beyond_what_an_officer_may_not_see_but_not_for_ever(made, duty, monkeypatch):
    monkeypatch.setattr(selectors_activity, "BATCH", 5)
    for number in range(12):
        factories.incident(duty, title=f"不可见 {number}")
    fire = Api(factories.officer("liaison", "dept-fire"))
    monkeypatch.setattr(selectors_activity, "DEPTH", 100)
    assert len(told(fire)) == 3
    monkeypatch.setattr(selectors_activity, "DEPTH", 10)
    assert told(fire) == []


def test_what_was_erased_of_an_incident_that_is_here_is_left_out(duty, made):
    Envelope.objects.filter(type="entry.written").update(public=None)
    assert told(Api(duty)) == ["incident.reported", "incident.opened_to"]

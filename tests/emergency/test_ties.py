"""Ties and reach follow the place: what lay there then, who answers for it now."""

import pytest

from emergency.models import Incident, Organisation, Tie
from emergency.services.ties import tie_open_incidents_anew
from realtime.models import Envelope
from tests import factories
from tests.emergency.desk import HERE, NEXT_DOOR, Api, districts
from tests.gis import city


@pytest.fixture
def api(duty) -> Api:
    """The duty officer's program, in a city of nine districts and some schools."""
    districts()
    city.layer("schools", city.points(["近处", "远处"], [HERE, NEXT_DOOR]))
    for number in range(9):
        factories.organisation(f"s{number}")
    return Api(duty)


def place(point: tuple[float, float]) -> dict:
    return {"lon": point[0], "lat": point[1], "confirmed": True}


def move(api: Api, incident: dict, point: tuple[float, float] | None) -> dict:
    body = {"rev": incident["rev"], "location": point and place(point)}
    answer = api.send("PATCH", f"/incidents/{incident['id']}", body)
    assert answer.status_code == 200, answer.content
    return answer.json()


def names(tie: dict) -> set[str]:
    """What lies in the narrowest ring."""
    items = tie["survey"]["rings"][0]["facilities"].get("schools", [])
    return {item["name"] for item in items}


def test_saving_a_place_records_the_district_and_what_lies_near(api):
    told = api.report(location=place(HERE)).json()
    assert (told["district"], told["district_name"]) == ("s4", "区4")
    (tie,) = told["ties"]
    assert names(tie) == {"近处"}
    assert tie["survey"]["layers"].keys() == {"districts", "schools"}
    assert {"code": "s4", "ground": "place"} in told["organisations"]


def test_moving_adds_a_tie_and_keeps_the_old(api):
    told = api.report(location=place(HERE)).json()
    moved = move(api, told, NEXT_DOOR)
    first, second = moved["ties"]
    assert first == told["ties"][0]
    assert (second["reason"], names(second)) == ("moved", {"远处"})
    assert moved["district"] == "s7"


def test_a_change_of_anything_else_adds_no_tie(api):
    told = api.report(location=place(HERE)).json()
    api.send("PATCH", f"/incidents/{told['id']}", {"rev": 1, "title": "new"})
    assert Tie.objects.count() == 1


def test_a_place_that_is_taken_away_leaves_no_district(api):
    told = api.report(location=place(HERE)).json()
    moved = move(api, told, None)
    assert (moved["location"], moved["district"], moved["district_name"]) == (None, "", "")
    assert moved["organisations"] == [{"code": "610100", "ground": "owner"}]
    assert len(moved["ties"]) == 1


def test_a_new_version_of_a_layer_adds_a_tie_and_keeps_the_old(api):
    told = api.report(location=place(HERE)).json()
    closed = api.report(location=place(HERE)).json()
    Incident.objects.filter(pk=closed["id"]).update(state="concluded")
    assert tie_open_incidents_anew() == 0
    city.layer("schools", city.points(["新建"], [HERE]))
    assert tie_open_incidents_anew() == 1
    first, second = api.get(f"/incidents/{told['id']}").json()["ties"]
    assert (names(first), names(second), second["reason"]) == ({"近处"}, {"新建"}, "layers")
    assert len(api.get(f"/incidents/{closed['id']}").json()["ties"]) == 1
    assert tie_open_incidents_anew() == 0, "nothing new"


def test_a_tie_names_versions_by_hash_and_its_envelope_is_about_the_incident(api):
    told = api.report(location=place(HERE)).json()
    row = Envelope.objects.get(type="tie.made")
    assert row.about == f"incident/{told['id']}"
    assert all(len(sha256) == 64 for sha256 in told["ties"][0]["survey"]["layers"].values())


def test_a_district_officer_gains_and_loses_an_incident_with_its_place(api):
    west, east = (Api(factories.officer("district_officer", code)) for code in ("s4", "s7"))
    told = api.report(location=place(HERE)).json()

    def seen() -> list[int]:
        return [one.get(f"/incidents/{told['id']}").status_code for one in (west, east)]

    assert seen() == [200, 404]
    moved = move(api, told, NEXT_DOOR)
    assert seen() == [404, 200]
    move(api, moved, HERE)
    assert seen() == [200, 404]


def test_sensitive_layers_are_tied_and_shown_to_the_cleared_alone(api):
    city.layer("hazards", city.points(["液氯库"], [HERE]), audience=["sensitive"])
    factories.organisation("dept-fire")
    told = api.report(location=place(HERE)).json()
    api.post(f"/incidents/{told['id']}/organisations", code="dept-fire")
    liaison = Api(factories.officer("liaison", "dept-fire"))
    assert "液氯库" in api.get(f"/incidents/{told['id']}").content.decode()
    answer = liaison.get(f"/incidents/{told['id']}")
    assert answer.status_code == 200
    assert "液氯库" not in answer.content.decode() and "sensitive" not in answer.json()["ties"][0]


def test_a_doubtful_place_is_asked_about_and_nothing_is_written(api):
    swapped = {"lon": HERE[1], "lat": HERE[0]}
    answer = api.report(location=swapped)
    assert (answer.status_code, answer.json()["code"]) == (422, "doubtful_location")
    (hint,) = answer.json()["hints"]
    assert hint["code"] == "swapped" and hint["suggestion"]["lon"] == HERE[0]
    assert Incident.objects.count() == 0


def test_what_was_typed_is_kept_beside_what_it_means(api):
    typed = {"lon": 108.947, "lat": 34.2595, "crs": "gcj02", "confirmed": True}
    location = api.report(location=typed).json()["location"]
    assert location["declared"] == {"lon": 108.947, "lat": 34.2595, "crs": "gcj02"}
    assert location["crs"] == "wgs84" and location["lon"] != 108.947


@pytest.mark.parametrize("text", ["高新技术产业开发区", "高新区管委会", "gaoxinjishu", "高新技术"])
def test_an_area_is_found_by_the_names_of_the_organisation_that_answers_for_it(api, text):
    own = Organisation.objects.filter(area="districts/s4")
    own.update(name="高新技术产业开发区", aliases=["高新区"])
    (found,) = [one for one in api.get("/places", q=text).json() if one["layer"] == "districts"]
    assert (found["id"], found["name"]) == ("s4", "区4")
    assert found["other_name"] == ("高新区" if "管委会" in text else "高新技术产业开发区")

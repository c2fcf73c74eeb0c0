"""How incidents hang together: causes, merging, splitting, and what may be one incident."""

import json
import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.family import selectors
from emergency.models import AlikeRule, Incident
from emergency.services import reaching
from gis.geometry import metric_point
from tests import factories
from tests.emergency.desk import HERE, Api
from tests.emergency.pages import text, told

PAGE = "/tables/alike"
METRE = 1 / 111_320  # degrees of latitude


@pytest.fixture
def api(duty) -> Api:
    return Api(duty, "zh-hans")


def came_of(api: Api, one: Incident, parent: Incident | None, rev: int | None = None):
    rev = rev or Incident.objects.get(pk=one.pk).rev
    return api.post(f"/incidents/{one.pk}/parent", rev=rev, parent=parent and str(parent.pk))


def family(api: Api, one: Incident) -> dict:
    answer = api.get(f"/incidents/{one.pk}/family").json()
    lists = {name: [row["id"] for row in rows] for name, rows in answer.items() if name != "unseen"}
    return {name: rows for name, rows in lists.items() if rows} | {"unseen": answer["unseen"]}


@pytest.mark.django_db
def test_what_came_of_what_is_said_and_taken_back_and_stands_in_the_history(duty, api):
    rain, flood, jam = (factories.incident(duty, title=one) for one in ("暴雨", "内涝", "中断"))
    assert came_of(api, flood, rain).status_code == 200
    assert came_of(api, jam, flood).status_code == 200
    assert family(api, flood) == {
        "caused_by": [str(rain.pk)], "led_to": [str(jam.pk)], "unseen": 0
    }  # fmt: skip
    answer = came_of(api, flood, None).json()
    assert answer["parent"] is None
    assert answer["history"][-1]["changed"] == {"parent": [str(rain.pk), None]}
    assert "led_to" not in family(api, rain)
    before = Incident.objects.get(pk=flood.pk).rev
    assert came_of(api, flood, None).json()["rev"] == before


@pytest.mark.django_db
def test_nothing_comes_of_itself_by_whatever_way(duty, api):
    one, two, three = (factories.incident(duty) for _ in range(3))
    came_of(api, two, one)
    came_of(api, three, two)
    for parent in (one, two, three):
        answer = came_of(api, one, parent)
        assert answer.status_code == 422 and "parent" in answer.json()["fields"]
    assert Incident.objects.get(pk=one.pk).parent_id is None


@pytest.mark.django_db
def test_a_circle_that_two_nodes_made_at_once_is_told_and_ends(duty, api):
    one, two = factories.incident(duty), factories.incident(duty)
    Incident.objects.filter(pk=one.pk).update(parent=two)
    Incident.objects.filter(pk=two.pk).update(parent=one)
    assert family(api, one)["caused_by"] == family(api, one)["led_to"] == [str(two.pk)]
    third = factories.incident(duty)
    assert came_of(api, third, one).status_code == 200


@pytest.mark.django_db
def test_a_stale_revision_an_archived_incident_and_one_of_others_take_no_parent(duty, api):
    one, two = factories.incident(duty), factories.incident(duty)
    assert came_of(api, one, two, rev=9).status_code == 409
    assert api.post(f"/incidents/{one.pk}/parent", rev=1, parent="x").status_code == 422
    Incident.objects.filter(pk=one.pk).update(state="archived")
    assert came_of(api, one, two).status_code == 409
    Incident.objects.filter(pk=one.pk).update(state="received", home="xian-yanta")
    assert came_of(api, one, two).status_code == 421
    assert Incident.objects.get(pk=one.pk).parent_id is None


@pytest.mark.django_db
def test_who_may_not_see_a_relative_is_told_that_there_is_one_and_nothing_of_it(duty, api):
    secret, seen = factories.incident(duty, title="涉密"), factories.incident(duty)
    came_of(api, seen, secret)
    fire = factories.organisation("dept-fire")
    reaching.open_to(actor=duty, incident=Incident.objects.get(pk=seen.pk), organisation=fire)
    liaison = Api(factories.officer("liaison", "dept-fire"), "zh-hans")
    assert family(liaison, seen) == {"unseen": 1}
    assert "涉密" not in liaison.get(f"/incidents/{seen.pk}/family").content.decode()
    assert liaison.get(f"/incidents/{secret.pk}/family").status_code == 404


@pytest.mark.django_db
def test_both_originals_of_a_merge_are_kept_and_name_each_other(duty, api):
    first, second = factories.incident(duty), factories.incident(duty)
    step = {"rev": 1, "step": "merge", "reason": "同一事件", "into": str(second.pk)}
    assert api.post(f"/incidents/{first.pk}/steps", **step).status_code == 200
    assert family(api, first) == {"merged_into": [str(second.pk)], "unseen": 0}
    assert family(api, second) == {"merged": [str(first.pk)], "unseen": 0}


@pytest.mark.django_db
def test_a_part_is_an_incident_of_its_own_that_counts_from_the_first_receipt(duty, api):
    began = datetime.now(UTC) - timedelta(minutes=50)
    whole = factories.incident(duty, received_at=began)
    said = {"title": "次生火灾", "type_code": "12G03", "split_from": str(whole.pk)}
    said |= {"received_at": began.isoformat(), "id": "5b0e7f0a-6d5e-4b7a-9d65-0f6a3f0f0c01"}
    part = api.post("/incidents", **said)
    assert part.status_code == 201
    assert part.json()["limits"][0]["started_at"] == began.isoformat()
    assert family(api, whole)["parts"] == [part.json()["id"]]
    assert family(api, Incident.objects.get(pk=part.json()["id"]))["split_from"] == [str(whole.pk)]
    Incident.objects.filter(pk=whole.pk).update(home="xian-yanta")  # handed over meanwhile
    assert api.post("/incidents", **said).status_code == 200
    assert api.post("/incidents", **said | {"split_from": None}).status_code == 409


@pytest.mark.django_db
def test_of_what_somebody_said_what_it_is_nobody_asks_whether_it_is_the_same(duty, api):
    one, two, three, four = (factories.incident(duty, **at(n)) for n in range(4))
    came_of(api, one, two)
    came_of(api, three, one)
    Incident.objects.filter(pk=four.pk).update(split_from=one)
    assert api.get(f"/incidents/{one.pk}/family").json()["alike"] == []
    assert len(api.get(f"/incidents/{four.pk}/family").json()["alike"]) == 2  # not its whole


@pytest.mark.django_db
def test_half_a_position_of_another_node_hides_no_relative(duty, api):
    one, two = factories.incident(duty), factories.incident(duty)
    came_of(api, one, two)
    Incident.objects.filter(pk=one.pk).update(lon=108.9, lat=None)
    assert family(api, one) == {"caused_by": [str(two.pk)], "unseen": 0}


@pytest.mark.django_db
def test_who_was_only_shown_an_incident_splits_nothing_of_it(duty, api):
    whole = factories.incident(duty)
    fire = factories.organisation("dept-fire")
    said = {"title": "x", "type_code": "12G03", "split_from": str(whole.pk)}
    other = Api(factories.officer("duty_officer", "dept-fire"), "zh-hans")
    assert other.post("/incidents", **said).status_code == 422
    reaching.open_to(actor=duty, incident=whole, organisation=fire)
    assert other.post("/incidents", **said).status_code == 403
    Incident.objects.filter(pk=whole.pk).update(home="xian-yanta")
    assert api.post("/incidents", **said).status_code == 421
    assert Incident.objects.count() == 1


def at(metres_north: float = 0, metres_east: float = 0) -> dict[str, float]:
    east = metres_east * METRE / math.cos(math.radians(HERE[1]))
    return {"lon": HERE[0] + east, "lat": HERE[1] + metres_north * METRE}


def alike_to(duty, **here: object) -> list[str]:
    found = {"realm": "real", "type_code": "12D02", "at": datetime.now(UTC)} | at() | here
    return [one["title"] for one in selectors.alike(duty, **found)]


@pytest.mark.django_db
def test_near_in_place_and_time_and_of_one_kind_is_alike_and_nothing_else(duty):
    now = datetime.now(UTC)
    factories.incident(duty, title="近", type_code="12D03", **at(0, 480), received_at=now)
    factories.incident(duty, title="更近", **at(100), received_at=now - timedelta(minutes=59))
    factories.incident(duty, title="远", **at(0, 520), received_at=now)
    factories.incident(duty, title="早", **at(), received_at=now - timedelta(minutes=61))
    factories.incident(duty, title="他类", type_code="12G03", **at(), received_at=now)
    factories.incident(duty, title="无位置", received_at=now)
    closed = factories.incident(duty, title="已结", **at(), received_at=now)
    Incident.objects.filter(pk=closed.pk).update(state="concluded")
    assert alike_to(duty, at=now) == ["更近", "近"]
    AlikeRule.objects.create(type_prefix="12D", distance_m=200, minutes=120)
    assert alike_to(duty, at=now) == ["早", "更近"]
    AlikeRule.objects.all().delete()
    assert alike_to(duty, at=now) == []


@pytest.mark.django_db
def test_what_is_alike_is_told_to_who_may_see_it_without_the_incident_itself(duty, api):
    one = factories.incident(duty, title="甲", **at())
    two = factories.incident(duty, title="乙", **at(50))
    (found,) = api.get(f"/incidents/{one.pk}/family").json()["alike"]
    assert (found["id"], found["distance_m"], found["minutes"]) == (str(two.pk), 50, 0)
    where = at()
    body = {"type_code": "12D02", "location": where | {"crs": "wgs84"}}
    body |= {"received_at": datetime.now(UTC).isoformat()}
    assert [row["title"] for row in api.post("/alike", **body).json()] == ["甲", "乙"]
    liaison = Api(factories.officer("liaison", "dept-fire"), "zh-hans")
    assert liaison.post("/alike", **body).json() == []
    for wrong in ({"location": None}, {"location": {"lon": 1e300, "lat": 1e300}},
                  {"type_code": ""}, {"received_at": "soon"}, {"realm": "x"}):  # fmt: skip
        assert api.post("/alike", **body | wrong).status_code == 422, wrong


@pytest.mark.django_db(transaction=False)
@given(st.floats(-600, 600), st.floats(-600, 600))
def test_the_box_that_is_looked_into_holds_the_whole_circle(north, east):
    place = at(north, east)
    far = metric_point(*HERE).distance(metric_point(place["lon"], place["lat"]))
    high = 500 / selectors.METRES_OF_A_DEGREE
    wide = high / math.cos(math.radians(HERE[1]))
    inside = abs(place["lat"] - HERE[1]) <= high and abs(place["lon"] - HERE[0]) <= wide
    assert inside or far > 500


@pytest.fixture
def office(node):
    return factories.client(factories.officer("emergency_office"))


def row(**fields: object) -> dict[str, object]:
    base = {"type_prefix": "12D", "distance_m": 300, "minutes": 30}
    return base | {"source": "市府办〔2026〕1号"} | fields


def last() -> dict:
    return json.loads(bytes(told("table.changed")[-1].public))


def test_an_office_says_how_near_and_the_log_says_what_was(office):
    assert office.post(PAGE, row()).status_code == 302
    assert office.post(PAGE, row(minutes=20)).status_code == 302
    assert (last()["before"]["minutes"], last()["after"]["minutes"]) == (30, 20)
    assert "危险化学品" in text(office.get(PAGE)) and "默认" in text(office.get(PAGE))
    own = AlikeRule.objects.get(type_prefix="12D")
    assert f'action="{PAGE}/{own.pk}/remove"' in office.get(PAGE).content.decode()
    assert office.post(f"{PAGE}/{own.pk}/remove").status_code == 302
    assert last()["after"] is None


def test_the_row_of_every_class_is_changed_and_never_removed(office):
    default = AlikeRule.objects.get(type_prefix="")
    assert office.post(PAGE, row(type_prefix="", distance_m=800)).status_code == 302
    assert AlikeRule.objects.get(type_prefix="").distance_m == 800
    assert office.post(f"{PAGE}/{default.pk}/remove").status_code == 404
    assert AlikeRule.objects.filter(type_prefix="").exists()


@pytest.mark.parametrize(
    "fields",
    [{"distance_m": 0}, {"distance_m": 10**9}, {"minutes": 0}, {"minutes": 10**9},
     {"minutes": "x"}, {"type_prefix": "99"}, {"source": ""}],
    ids=range(7),
)  # fmt: skip
def test_a_row_that_is_none_is_refused_and_nothing_is_written(office, fields):
    count = len(told("table.changed"))
    assert office.post(PAGE, row(**fields)).status_code == 422
    assert len(told("table.changed")) == count

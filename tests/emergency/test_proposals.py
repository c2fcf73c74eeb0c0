"""Sharing proposed from geometry, over the real outlines of the demonstration city."""

import pytest
import shapely
from shapely.geometry import mapping

from emergency.models import Organisation
from emergency.services import incidents, sharing
from gis import geometry
from gis.demo import sources
from realtime.models import Envelope, Share
from realtime.problems import NotFound
from tests import factories
from tests.emergency.desk import Api
from tests.gis import city

YANTA, CHANGAN = "xian-yanta", "xian-changan"


@pytest.fixture(scope="module")
def outlines() -> dict:
    """District code to outline."""
    return sources.districts().set_index("id").geometry.to_dict()


@pytest.fixture
def desk(duty, outlines):
    """The API of a duty officer of a city whose districts 雁塔 and 长安 run nodes."""
    city.layer("districts", sources.districts(), kind="area", role="district")
    for code, node, name in (("610113", YANTA, "雁塔区"), ("610116", CHANGAN, "长安区")):
        factories.peer(node, name=name)
        factories.organisation(code, node=node, name=name)
    return Api(duty)


def inside(outlines, code: str, other: str, metres: float) -> tuple[float, float]:
    """A point in one district, about so far from another."""
    own, foreign = (geometry.to_metric(outlines[one]) for one in (code, other))
    way = shapely.shortest_line(shapely.point_on_surface(own), foreign)
    point = geometry.to_wgs84(shapely.line_interpolate_point(way, -metres))
    return point.x, point.y


def report(desk, point=None, **fields):
    place = {"lon": point[0], "lat": point[1]} if point else {}
    return factories.incident(desk.officer, **place, **fields)


def proposed(desk, made) -> dict[str, dict]:
    answer = desk.get(f"/incidents/{made.pk}/proposals")
    assert answer.status_code == 200, answer.content
    return {one["node"]: one for one in answer.json()}


def test_near_the_border_of_two_districts_the_neighbour_is_proposed(desk, outlines):
    made = report(desk, inside(outlines, "610113", "610116", 800))
    found = proposed(desk, made)
    assert list(found) == [YANTA, CHANGAN], "nearest first"
    assert found[YANTA]["reason"] == "inside" and found[CHANGAN]["reason"] == "near"
    assert 750 < found[CHANGAN]["distance_m"] < 850 <= found[CHANGAN]["radius_m"]
    assert not Share.objects.exists(), "nothing goes without a person"


def test_in_the_middle_of_a_district_without_a_node_nothing_is_proposed(desk, outlines):
    middle = shapely.point_on_surface(outlines["610117"])
    assert proposed(desk, report(desk, (middle.x, middle.y))) == {}
    assert proposed(desk, report(desk)) == {}, "it lies nowhere yet"


def test_the_affected_area_counts_and_not_the_circle_where_there_is_one(desk, outlines):
    point = inside(outlines, "610113", "610116", 800)
    small = mapping(shapely.Point(point).buffer(0.001))
    assert list(proposed(desk, report(desk, point, affected_area=small))) == [YANTA]
    large = mapping(shapely.Point(point).buffer(0.03))
    found = proposed(desk, report(desk, point, affected_area=large))
    assert {one["reason"] for one in found.values()} == {"touches"} and set(found) == {
        YANTA,
        CHANGAN,
    }


def test_what_is_shared_or_withdrawn_is_proposed_no_more(desk, outlines):
    made = report(desk, inside(outlines, "610113", "610116", 800))
    sharing.share_incident(actor=desk.officer, incident=made, node=CHANGAN)
    assert list(proposed(desk, made)) == [YANTA]
    sharing.unshare_incident(actor=desk.officer, incident=made, node=CHANGAN)
    assert list(proposed(desk, made)) == [YANTA], "a person withdrew it"


def test_a_refusal_holds_until_the_area_changes_and_stays_at_home(desk, outlines):
    made = report(desk, inside(outlines, "610113", "610116", 800))
    path = f"/incidents/{made.pk}/proposals/{CHANGAN}/decline"
    assert [one["node"] for one in desk.post(path).json()] == [YANTA]
    assert list(proposed(desk, made)) == [YANTA]
    assert desk.post(path).status_code == 404, "once"
    row = Envelope.objects.get(type="proposal.declined")
    assert (row.relay, row.audience.split()) == ("none", ["xian"])
    made = incidents.change_incident(actor=desk.officer, incident=made, rev=1, title="another")
    assert list(proposed(desk, made)) == [YANTA], "the area is the same"
    area = mapping(shapely.Point(made.lon, made.lat).buffer(0.03))
    fields = {"rev": made.rev, "affected_area": area}
    incidents.change_incident(actor=desk.officer, incident=made, **fields)
    assert set(proposed(desk, made)) == {YANTA, CHANGAN}


def test_without_the_right_to_share_nothing_is_proposed_nor_refused(desk, outlines):
    made = report(desk, inside(outlines, "610113", "610116", 800))
    for role, code, status in (
        ("observer", "610100", 403), ("liaison", "dept-fire", 404), ("system_admin", "610100", 404),
    ):  # fmt: skip
        other = Api(factories.officer(role, code))
        assert other.get(f"/incidents/{made.pk}/proposals").status_code == status
        answer = other.post(f"/incidents/{made.pk}/proposals/{CHANGAN}/decline")
        assert answer.status_code == status
    assert not Envelope.objects.filter(type="proposal.declined").exists()


def test_a_closed_incident_a_node_without_a_key_and_an_unknown_node_are_left_out(desk, outlines):
    made = report(desk, inside(outlines, "610113", "610116", 800))
    Organisation.objects.filter(node=YANTA).update(node="xian-nobody")
    assert list(proposed(desk, made)) == [CHANGAN]
    with pytest.raises(NotFound):
        sharing.decline_proposal(actor=desk.officer, incident=made, node=YANTA)
    type(made).objects.filter(pk=made.pk).update(state="concluded")
    assert proposed(desk, made) == {}


def test_a_layer_that_the_officer_may_not_see_proposes_nothing(duty, outlines):
    audience = ["nobody"]
    frame = sources.districts()
    city.layer("districts", frame, kind="area", role="district", audience=audience)
    factories.peer(YANTA)
    factories.organisation("610113", node=YANTA)
    assert proposed(Api(duty), report(Api(duty), inside(outlines, "610113", "610116", 800))) == {}

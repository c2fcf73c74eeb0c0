"""Which nodes hold an incident: the API of shares and nodes, the rules and their page."""

import json
import os

import pytest
from django.conf import settings
from django.test import Client

from emergency.models import SharingRule
from emergency.selectors_sharing import known_nodes, prefix_of
from emergency.services import sharing
from realtime import keys
from realtime.models import Envelope, NodeKey, Share
from realtime.problems import Invalid, NotAllowed, NotFound
from tests import factories
from tests.emergency.desk import Api
from tests.emergency.pages import text, told

NODE, NEXT, ABOVE = "xian-yanta", "xian-changan", "shaanxi"
RULES = "/tables/sharing"


@pytest.fixture(params=["emergency_office", "system_admin"])
def office(node, request) -> Client:
    return factories.client(factories.officer(request.param))


def introduced(node: str) -> NodeKey:
    """A node that this one has only heard of."""
    public = os.urandom(32)
    made = NodeKey(id=keys.id_of(public), node=node, algorithm=keys.ALGORITHM, public=public)
    made.created_at = factories.peer("any-node").paired_at
    made.save()
    return made


def rule_form(**fields: str) -> dict[str, str]:
    base = {"node": NODE, "type_prefix": "12D", "least_grade": "2", "source": "预案 3.2"}
    return base | {"verified": "on"} | fields


def last_change() -> dict:
    return json.loads(bytes(told("table.changed")[-1].public))


def audience(**fields: object) -> list[str]:
    """The nodes that hold a new incident from the start."""
    return factories.incident(**fields).audience


def test_nodes_are_listed_by_name_with_what_may_go_there(duty):
    factories.peer(NODE, cleared=True)
    factories.peer(ABOVE, name="陕西省", upper=True)
    factories.organisation("610113", name="雁塔", name_en="Yanta", node=NODE)
    NodeKey.objects.filter(node=ABOVE).update(retired_at=factories.peer(NEXT).paired_at)
    found = {one["node"]: one for one in Api(duty).get("/nodes").json()}
    assert settings.NODE_ID not in found
    assert found[NODE] == {
        "node": NODE, "name": "雁塔", "name_en": "Yanta", "shareable": True, "peer": True,
        "upper": False, "cleared": True, "rules": [],
    }  # fmt: skip
    assert found[ABOVE]["shareable"] is False and found[ABOVE]["upper"] is True
    assert found[ABOVE]["rules"] == [{"type_prefix": "", "least_grade": None}]


def test_a_node_only_heard_of_is_listed_by_its_id_and_can_be_shared_with(duty):
    introduced("xian-lintong")
    found = {one["node"]: one for one in known_nodes()}
    one = found["xian-lintong"]
    assert (one["name"], one["peer"], one["shareable"]) == ("xian-lintong", False, True)


def test_an_incident_is_shared_and_withdrawn_over_the_api(duty):
    factories.peer(NODE)
    api, made = Api(duty), factories.incident(duty)
    answer = api.post(f"/incidents/{made.pk}/shares", node=NODE, until="2099-01-01T00:00:00+08:00")
    share = answer.json()["shares"][0]
    assert answer.status_code == 201 and share["node"] == NODE and share["ended_at"] is None
    assert share["until"].startswith("2098-12-31T16:00") or "2099" in share["until"]
    again = api.post(f"/incidents/{made.pk}/shares", node=NODE)
    assert len(again.json()["shares"]) == 1, "the same share"
    answer = api.send("DELETE", f"/incidents/{made.pk}/shares/{NODE}")
    assert answer.json()["shares"][0]["ended_at"]
    assert api.send("DELETE", f"/incidents/{made.pk}/shares/{NODE}").status_code == 404


@pytest.mark.parametrize(
    "body",
    [{"node": "nowhere"}, {"node": "xian"}, {"node": ""}, {"node": "A"}, {}, {"node": None},
     {"node": NODE, "until": "2099-01-01T00:00:00"}, {"node": NODE, "until": "soon"},
     {"node": NODE, "more": 1}],
)  # fmt: skip
def test_a_share_that_cannot_be_is_refused(duty, body):
    factories.peer(NODE)
    made = factories.incident(duty)
    assert Api(duty).post(f"/incidents/{made.pk}/shares", **body).status_code == 422
    assert not Share.objects.exists()


@pytest.mark.parametrize("role", ["observer", "liaison"])
def test_whose_role_does_not_share_cannot(duty, role):
    factories.peer(NODE)
    made = factories.incident(duty)
    answer = Api(factories.officer(role)).post(f"/incidents/{made.pk}/shares", node=NODE)
    assert answer.status_code in (403, 404) and not Share.objects.exists()


def test_what_must_travel_over_the_node_above_is_given_to_that_too(duty):
    factories.peer(ABOVE, upper=True)
    SharingRule.objects.all().delete()
    introduced("xianyang")
    made = factories.incident(duty)
    sharing.share_incident(actor=duty, incident=made, node="xianyang")
    assert set(Share.objects.values_list("node", flat=True)) == {ABOVE, "xianyang"}


def test_a_rule_of_the_page_decides_who_holds_new_incidents_from_the_start(office):
    factories.peer(NODE)
    answer = office.post(RULES, rule_form())
    assert (answer.status_code, answer["Location"]) == (302, f"{RULES}?done=kept")
    assert audience(grade=2) == ["xian", NODE] and audience(grade=3) == ["xian"]
    assert audience() == ["xian"] and audience(grade=1, type_code="11A01") == ["xian"]
    assert last_change() == {
        "table": "sharing_rules", "key": f"{NODE}/12D", "before": None,
        "after": {"node": NODE, "type_prefix": "12D", "least_grade": 2, "source": "预案 3.2",
                  "verified": True},
    }  # fmt: skip
    page = text(office.get(RULES))
    assert "危险化学品" in page and "ⅠⅡ" in page and "预案 3.2" in page


def test_the_same_node_and_classes_are_one_rule_and_what_is_unchanged_is_not_recorded(office):
    factories.peer(NODE)
    office.post(RULES, rule_form())
    length = Envelope.objects.count()
    office.post(RULES, rule_form())
    assert Envelope.objects.count() == length
    office.post(RULES, rule_form(least_grade=""))
    assert SharingRule.objects.get().least_grade is None and audience() == ["xian", NODE]
    assert last_change()["before"]["least_grade"] == 2


def test_a_removed_rule_holds_for_nothing_new_and_takes_nothing_back(office):
    factories.peer(NODE)
    office.post(RULES, rule_form(type_prefix="", least_grade=""))
    before = factories.incident()
    rule = SharingRule.objects.get()
    assert office.post(f"{RULES}/{rule.pk}/remove").status_code == 302
    assert audience() == ["xian"] and last_change()["after"] is None
    before.refresh_from_db()
    assert before.audience == ["xian", NODE]
    assert office.post(f"{RULES}/{rule.pk}/remove").status_code == 404, "once"


@pytest.mark.parametrize(
    "fields",
    [{"node": ""}, {"node": "nowhere"}, {"node": "xian"}, {"type_prefix": "99"},
     {"type_prefix": "1"}, {"least_grade": "5"}, {"least_grade": "0"}, {"least_grade": "x"},
     {"source": ""}, {"source": "x" * 121}, {"source": "\u200b"}],
)  # fmt: skip
def test_a_rule_that_cannot_be_changes_nothing_and_says_where(node, fields):
    factories.peer(NODE)
    office = factories.client(factories.officer("system_admin"))
    answer = office.post(RULES, rule_form(**fields))
    (field,) = fields
    assert answer.status_code == 422 and f'id="id_{field}_error"' in answer.content.decode()
    assert not SharingRule.objects.exists() and not told("table.changed")


def test_a_rule_for_a_node_that_is_not_paired_any_more_says_that_it_has_no_effect(office):
    made = factories.peer(NODE)
    office.post(RULES, rule_form(type_prefix="", least_grade=""))
    made.revoked_at = made.paired_at
    made.save()
    assert "未配对，不起作用" in text(office.get(RULES)) and audience() == ["xian"]


def test_the_services_of_rules_ask_for_the_right_and_for_sense_themselves(node):
    factories.peer(NODE)
    duty, admin = factories.officer(), factories.officer("system_admin")
    rule = {"node": NODE, "type_prefix": "", "least_grade": None, "source": "a", "verified": False}
    with pytest.raises(NotAllowed):
        sharing.set_rule(actor=duty, **rule)
    for wrong in ({"node": "nowhere"}, {"type_prefix": "99"}):
        with pytest.raises(Invalid):
            sharing.set_rule(actor=admin, **rule | wrong)
    made = sharing.set_rule(actor=admin, **rule)
    with pytest.raises(NotAllowed):
        sharing.remove_rule(actor=duty, rule=made)
    sharing.remove_rule(actor=admin, rule=made)
    with pytest.raises(NotFound):
        sharing.remove_rule(actor=admin, rule=made)


@pytest.mark.parametrize(
    ("code", "prefix"), [("12000", "12"), ("12D00", "12D"), ("12D02", "12D02"), ("12D10", "12D10")]
)
def test_the_prefix_of_a_class_covers_what_is_below_it(code, prefix):
    assert prefix_of(code) == prefix

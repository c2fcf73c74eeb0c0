"""Who may look at an incident as another node holds it."""

import pytest

from tests import factories
from tests.emergency.desk import Api

NODE = "xian-yanta"


def look(officer, made, node=NODE):
    return Api(officer).get(f"/incidents/{made.pk}/preview", node=node)


def test_who_may_share_sees_the_incident_as_the_other_node_would_hold_it(duty):
    factories.peer(NODE)
    made = factories.incident(duty, reporter={"name": "王某"}, summary="经过")
    seen = look(duty, made).json()
    assert (seen["node"], seen["held"], seen["summary"]) == (NODE, False, "经过")
    assert "reporter" not in seen and "王某" not in str(seen)
    assert seen["withheld"] == [{"what": "reporter", "why": "not_cleared", "count": 1}]
    assert [line["type"] for line in seen["history"]] == ["incident.reported"]


@pytest.mark.parametrize(
    ("role", "code", "status"),
    [("observer", "610100", 403), ("liaison", "dept-fire", 404),
     ("district_officer", "610113", 404), ("audit_admin", "610100", 404),
     ("shift_leader", "610100", 200)],
)  # fmt: skip
def test_without_the_right_to_share_there_is_no_preview(duty, role, code, status):
    factories.peer(NODE)
    factories.organisation("610113", node=NODE)
    made = factories.incident(duty)
    assert look(factories.officer(role, code), made).status_code == status


@pytest.mark.parametrize("name", ["nowhere", "xian", "", "\u0000"])
def test_there_is_no_preview_of_a_node_that_there_is_not(duty, name):
    assert look(duty, factories.incident(duty), name).status_code == 422

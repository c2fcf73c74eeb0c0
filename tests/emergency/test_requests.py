"""What the home of an incident may be asked for."""

import pytest

from emergency.models import Incident, Request
from tests import factories
from tests.emergency.desk import Api


@pytest.fixture
def foreign(duty) -> Incident:
    """An incident that another node is home of."""
    made = factories.incident(duty)
    Incident.objects.filter(pk=made.pk).update(home="xian-yanta")
    return made


def ask(officer, incident: Incident, proposed: dict):
    body = {"kind": "change", "text": "请改", "proposed": proposed}
    return Api(officer).send("POST", f"/incidents/{incident.pk}/requests", body)


@pytest.mark.parametrize(
    "proposed",
    [{"reporter": {"phone": "13800000000"}}, {"site_contact": {"name": "王某"}}, {"evil": {}},
     {"grade": 99}, {"casualties": {"dead": "很多"}}, {"summary": "a" * 200_000}, {"number": "1"},
     {"affected_area": {"type": "Polygon", "coordinates": "x"}}],
    ids=lambda one: next(iter(one)),
)  # fmt: skip
def test_what_is_proposed_is_what_could_be_changed_and_never_personal(duty, foreign, proposed):
    answer = ask(duty, foreign, proposed)
    assert answer.status_code == 422, answer.content
    assert not Request.objects.exists()


def test_what_is_proposed_stays_as_it_was_given(duty, foreign):
    proposed = {"grade": 3, "casualties": {"dead": 1}, "loss_cny": "12.50"}
    assert ask(duty, foreign, proposed).status_code == 201
    assert Request.objects.get().proposed == proposed

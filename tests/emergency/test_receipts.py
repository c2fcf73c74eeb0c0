"""Receipts: opened and acknowledged, once for each organisation and role, told to every holder."""

import pytest

from emergency.models import Receipt
from realtime.models import Envelope
from tests import factories
from tests.emergency.desk import Api


@pytest.fixture
def made(duty):
    """An incident that the fire service was shown."""
    return factories.incident(duty)


@pytest.fixture
def liaison(made, duty) -> Api:
    reader = factories.officer("liaison", "dept-fire")
    Api(duty).post(f"/incidents/{made.pk}/organisations", code="dept-fire")
    return Api(reader)


def give(api: Api, incident, kind: str):
    return api.post(f"/incidents/{incident.pk}/receipts", kind=kind)


def kinds(api: Api, incident) -> list[str]:
    return [one["kind"] for one in api.get(f"/incidents/{incident.pk}").json()["receipts"]]


def test_the_first_opening_of_a_role_is_written_down_and_later_ones_are_that_one(liaison, made):
    first = give(liaison, made, "opened").json()
    assert (first["organisation"], first["role"], first["home"]) == ("dept-fire", "liaison", "xian")
    again = Api(factories.officer("liaison", "dept-fire", username="second"))
    assert give(again, made, "opened").json() == first
    assert Envelope.objects.filter(type="receipt.opened").count() == Receipt.objects.count() == 1


def test_who_acknowledges_has_opened_it(liaison, made, duty):
    assert give(liaison, made, "acknowledged").status_code == 201
    assert kinds(Api(duty), made) == ["opened", "acknowledged"]


def test_the_desk_in_charge_gives_itself_no_receipt(duty, made):
    assert give(Api(duty), made, "opened").status_code == 409
    assert kinds(Api(duty), made) == []


@pytest.mark.parametrize("kind", ["read", "", None, 1, ["opened"]])
def test_a_receipt_of_another_kind_is_refused(liaison, made, kind):
    assert give(liaison, made, kind).status_code == 422
    assert not Receipt.objects.exists()


def test_a_hidden_incident_cannot_be_acknowledged(made):
    stranger = Api(factories.officer("liaison", "dept-police"))
    assert give(stranger, made, "acknowledged").status_code == 404

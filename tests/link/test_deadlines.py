"""A district's limits run at the district and are seen at the city, a line that was cut between."""

from datetime import timedelta

import pytest
from django.db import transaction

from emergency import selectors
from emergency.deadlines import services
from emergency.events import INCIDENT_CHANGED
from emergency.models import Deadline, DeadlineStep, Incident
from emergency.services import homes, incidents
from realtime.models import Parked, Peer
from tests.link.world import YANTA, Wire


def look(node, made, minutes: int) -> None:
    """What the watch of this node does so many minutes after receipt."""
    with node.here():
        at = Incident.objects.get(pk=made.pk).received_at + timedelta(minutes=minutes)
        services.settle([made.pk], now=at)
        services.remind(now=at)


def told(node, made) -> dict:
    with node.here():
        whole = selectors.detail(node.officer, Incident.objects.get(pk=made.pk))
        return {name: whole[name] for name in ("limits", "deadline_steps")}


def test_the_city_sees_how_the_limits_of_a_district_stand_and_writes_none(city, paired):
    yanta = paired(YANTA)
    made = yanta.report("山洪")
    wire = Wire(yanta, city).settle()
    look(yanta, made, 1)
    wire.cut()
    look(yanta, made, 400)
    Wire(yanta, city).settle()
    look(city, made, 401)
    Wire(yanta, city).settle()

    assert told(city, made) == told(yanta, made)
    assert len(told(city, made)["limits"]) == 2
    assert [one["percent"] for one in told(city, made)["deadline_steps"]] == [100, 100]
    with city.here():
        assert not Deadline.objects.exists()


def test_who_takes_an_incident_over_goes_on_with_its_limits(city, paired):
    yanta = paired(YANTA)
    made = yanta.report("山洪")
    Wire(yanta, city).settle()
    look(yanta, made, 1)
    wire = Wire(yanta, city).settle()
    wire.cut()
    with city.here():
        Peer.objects.filter(node=YANTA).update(linked_at=None)
        homes.take_over(actor=city.officer, incident=Incident.objects.get(pk=made.pk))
    look(city, made, 400)
    Wire(yanta, city).settle()
    look(yanta, made, 401)

    with yanta.here():
        assert not Deadline.objects.exists()
        given = DeadlineStep.objects.filter(kind=DeadlineStep.Kind.REMINDED)
        assert set(given.values_list("home", "percent")) == {(city.name, 100)}


LIMIT = {
    "id": "7d0b4b07-5f0e-4a43-9d0e-3f6f2c1f7a11", "kind": "phone",
    "started_at": "2026-07-01T18:00:00+00:00", "minutes": 20, "source": "x", "plan": "", "verified": False, "default": True,
}  # fmt: skip
NONE = [
    {"minutes": 2**41}, {"minutes": 0}, {"minutes": "20"}, {"minutes": True}, {"kind": "fax"},
    {"id": "one"}, {"started_at": "yesterday"}, {"started_at": "2026-07-01T18:00:00"},
    {"verified": "yes"}, {"more": 1},
]  # fmt: skip


@pytest.mark.parametrize("wrong", [*([LIMIT | one] for one in NONE), [LIMIT, LIMIT], {}], ids=str)
def test_a_limit_of_another_node_that_cannot_be_reckoned_with_is_parked(city, paired, wrong):
    yanta = paired(YANTA)
    with yanta.here():
        made = yanta.report("山洪")
        incident = Incident.objects.get(pk=made.pk)
        incident.limits, incident.rev = wrong, 2
        with transaction.atomic():
            incidents.append(INCIDENT_CHANGED, incident, yanta.officer)
    Wire(yanta, city).settle()

    with city.here():
        assert Parked.objects.filter(envelope__subject=f"incident/{made.pk}").exists()
        assert [one["minutes"] for one in Incident.objects.get(pk=made.pk).limits] == [30, 60]

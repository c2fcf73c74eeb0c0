"""A district's limits run at the district and are seen at the city, a line that was cut between."""

import uuid
from datetime import timedelta

import pytest
from django.db import transaction

from emergency import selectors
from emergency.deadlines import services
from emergency.deadlines.events import STARTED
from emergency.models import Deadline, DeadlineStep, Incident
from emergency.services import homes
from realtime import log
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
        return {name: whole[name] for name in ("deadlines", "deadline_steps")}


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
    assert len(told(city, made)["deadlines"]) == 2
    assert [one["percent"] for one in told(city, made)["deadline_steps"]] == [100, 100]
    with city.here():
        assert not Deadline.objects.exclude(next_at=None).exists()


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
        assert Deadline.objects.count() == 2
        given = DeadlineStep.objects.filter(kind=DeadlineStep.Kind.REMINDED)
        assert set(given.values_list("home", "percent")) == {(city.name, 100)}


@pytest.mark.parametrize(
    "wrong",
    [{"minutes": 2**41}, {"minutes": 0}, {"minutes": "20"}, {"rule": {}}, {"rule": []},
     {"rule": {"of": []}}, {"kind": "fax"}],
    ids=str,
)  # fmt: skip
def test_a_limit_of_another_node_that_cannot_be_reckoned_with_is_parked(city, paired, wrong):
    yanta = paired(YANTA)
    made = yanta.report("山洪")
    with yanta.here():
        said = {"kind": "phone", "started_at": "2026-07-01T18:00:00+00:00", "minutes": 20}
        rule = dict.fromkeys("type_prefix grade level source verified plan default".split(), "")
        said |= {"rule": rule | {"of": ["11D02", None]}}
        pk, home = str(uuid.uuid4()), yanta.name
        about = {"id": pk, "incident": str(made.pk), "home": home, "realm": "real", "rev": 1}
        about |= {"author": "system", "author_name": "", "recorded_at": said["started_at"]}
        with transaction.atomic():
            log.append(
                STARTED, subject=f"deadline/{pk}", about=f"incident/{made.pk}", actor="system",
                realm="real", rev=1, public=about | said | wrong, relay="about",
            )  # fmt: skip
    Wire(yanta, city).settle()

    with city.here():
        assert Parked.objects.filter(envelope__subject=f"deadline/{pk}").exists()
        assert not Deadline.objects.filter(pk=pk).exists()
    look(city, made, 400)

"""A district's limits run at the district and are seen at the city, a line that was cut between."""

import uuid
from datetime import timedelta

import pytest
from django.db import transaction

from emergency import selectors
from emergency.deadlines import services
from emergency.events import INCIDENT_CHANGED
from emergency.models import Deadline, DeadlineStep, Incident
from emergency.reporting import services as reports
from emergency.services import homes, incidents, revisions
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
    "started_at": "2026-07-01T18:00:00+00:00", "minutes": 20,
    "source": "x", "plan": "", "verified": False, "default": True,
}  # fmt: skip
NONE = [
    {"minutes": 2**41}, {"minutes": 0}, {"minutes": "20"}, {"minutes": True}, {"kind": "fax"},
    {"id": "one"}, {"started_at": "yesterday"}, {"started_at": "2026-07-01T18:00:00"},
    {"started_at": "20260701T180000+00:00"}, {"started_at": "9999-12-31T23:59:59+00:00"},
    {"started_at": "0001-01-01T00:00:00+23:59"}, {"verified": "yes"},
]  # fmt: skip


@pytest.mark.parametrize("wrong", [*([LIMIT | one] for one in NONE), {}, "none", [7]], ids=str)
def test_a_limit_of_another_node_that_cannot_be_reckoned_with_is_left_out(city, paired, wrong):
    yanta = paired(YANTA)
    made = stating(yanta, wrong)
    Wire(yanta, city).settle()

    with city.here():
        told = Incident.objects.get(pk=made.pk)
        assert (told.rev, told.limits) == (2, [])
        assert not Parked.objects.exists()


def stating(node, limits):
    """An incident of this node that states these limits, whatever they are."""
    with node.here():
        incident = Incident.objects.get(pk=node.report("山洪").pk)
        incident.limits, incident.rev = limits, 2
        incident.save()
        with transaction.atomic():
            revisions.append(INCIDENT_CHANGED, incident, node.officer)
    return incident


def test_an_incident_that_states_the_limit_of_another_hides_nothing_of_it(city, paired):
    yanta = paired(YANTA)
    ours = city.report("塌方")
    with city.here():
        limits = Incident.objects.get(pk=ours.pk).limits
    theirs = stating(yanta, limits)
    hand_over(yanta, city, theirs)
    look(city, theirs, 1)
    with city.here():
        found = Deadline.objects.values_list("incident", "limit")
        ids = {uuid.UUID(one["id"]) for one in limits}
        assert set(found) == {(pk, one) for pk in (ours.pk, theirs.pk) for one in ids}
        advance(city, theirs, "dismiss")
    look(city, theirs, 2)

    with city.here():
        assert set(Deadline.objects.values_list("incident", flat=True)) == {ours.pk}


def test_what_was_reported_while_another_node_was_in_charge_runs_no_more_when_it_is_back(
    city, paired
):
    yanta = paired(YANTA)
    made = yanta.report("山洪")
    Wire(yanta, city).settle()
    look(yanta, made, 400)
    hand_over(yanta, city, made)
    with city.here():
        incident = Incident.objects.get(pk=made.pk)
        reports.make_first_report(
            actor=city.officer, incident=incident, kind="written", recipient="省"
        )
    look(city, made, 401)
    hand_over(city, yanta, made)
    look(yanta, made, 402)

    with yanta.here():
        assert DeadlineStep.objects.filter(kind="met").count() == 2
        assert not Deadline.objects.exists()


def hand_over(node, other, made) -> None:
    wire = Wire(node, other).settle()
    with node.here():
        incident = Incident.objects.get(pk=made.pk)
        homes.hand_over(actor=node.officer, incident=incident, rev=incident.rev, node=other.name)
    wire.settle()
    Wire(other, node).settle()


def advance(node, made, step: str) -> None:
    incident = Incident.objects.get(pk=made.pk)
    incidents.advance_incident(
        actor=node.officer, incident=incident, rev=incident.rev, step=step, reason="误报"
    )

"""How a grade was decided, at another node: as its home says it, or not at all."""

from django.db import transaction

from emergency.events import INCIDENT_CHANGED
from emergency.models import Incident
from emergency.services import incidents, revisions
from realtime.models import Parked, Quarantined
from tests.link.world import YANTA, Wire


def decision(node, made) -> dict:
    with node.here():
        return Incident.objects.get(pk=made.pk).grading


def test_the_city_reads_how_a_district_decided_and_what_its_table_suggested(city, paired):
    yanta = paired(YANTA)
    made = yanta.report("罐车泄漏", type_code="12D02", dead=3, grade=4)
    wire = Wire(yanta, city).settle()
    assert decision(city, made) == decision(yanta, made)
    with yanta.here():
        one = Incident.objects.get(pk=made.pk)
        incidents.change_incident(
            actor=yanta.officer, incident=one, rev=one.rev, grade=3, grade_stage="confirmed"
        )
    wire.settle()
    told = decision(city, made)
    assert (told["stage"], told["suggested"], told["cited"][0]["least"]) == ("confirmed", 3, 3)


def test_what_cannot_be_shown_is_left_out_and_the_incident_is_not(city, paired):
    yanta = paired(YANTA)
    made = yanta.report("罐车泄漏", type_code="12D02", dead=3, grade=3)
    wire = Wire(yanta, city).settle()
    with yanta.here(), transaction.atomic():
        one = Incident.objects.get(pk=made.pk)
        one.title, one.grading = "新", {"stage": "initial", "cited": "<script>"}
        revisions.keep(one)
        revisions.append(INCIDENT_CHANGED, one, yanta.officer)
    wire.settle()
    assert decision(city, made) == {}
    with city.here():
        assert Incident.objects.get(pk=made.pk).title == "新"
        assert not Parked.objects.exists() and not Quarantined.objects.exists()

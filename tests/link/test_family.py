"""How incidents hang together over links: whoever has one of them knows the link, in any order."""

from emergency.family.selectors import relatives
from emergency.family.services import set_parent
from emergency.models import Incident
from emergency.services import incidents, sharing
from realtime.models import Parked, Quarantined
from tests.link.world import YANTA, Wire


def share(node, made) -> None:
    with node.here():
        one = Incident.objects.get(pk=made.pk)
        sharing.share_incident(actor=node.officer, incident=one, node=YANTA)


def lists(node, made) -> dict[str, object]:
    with node.here():
        found = relatives(node.officer, Incident.objects.get(pk=made.pk))
        unseen = {"unseen": found.pop("unseen")}
        titles = {name: [one["title"] for one in rows] for name, rows in found.items()}
        return {name: told for name, told in (titles | unseen).items() if told}


def test_a_district_says_that_its_incident_came_of_one_of_the_city(city, paired):
    yanta = paired(YANTA)
    rain = city.report("全市暴雨")
    share(city, rain)
    flood = yanta.report("立交积水")
    wire = Wire(yanta, city).settle()
    with yanta.here():
        one = Incident.objects.get(pk=flood.pk)
        parent = Incident.objects.get(pk=rain.pk)
        set_parent(actor=yanta.officer, incident=one, rev=one.rev, parent=parent)
    wire.settle()
    for node in (city, yanta):
        assert lists(node, flood) == {"caused_by": ["全市暴雨"]}
        assert lists(node, rain) == {"led_to": ["立交积水"]}


def test_what_it_was_merged_into_is_known_as_soon_as_the_other_comes(city, paired):
    yanta = paired(YANTA)
    first, second = city.report("甲"), city.report("乙")
    share(city, first)
    wire = Wire(yanta, city).settle()
    with city.here():
        one, into = (Incident.objects.get(pk=made.pk) for made in (first, second))
        incidents.advance_incident(
            actor=city.officer, incident=one, rev=one.rev, step="merge", reason="同", into=into
        )
    wire.settle()
    assert lists(yanta, first) == {"unseen": 1}
    share(city, second)
    wire.settle()
    assert lists(yanta, first) == {"merged_into": ["乙"]}
    assert lists(yanta, second) == {"merged": ["甲"]}
    with yanta.here():
        assert not Parked.objects.exists() and not Quarantined.objects.exists()

"""Receipts between nodes: whoever holds an incident knows who has it before them."""

from emergency.models import Incident, Receipt
from emergency.services import receipts, sharing
from realtime.link import erasing
from realtime.models import Quarantined
from tests.link.world import CHANGAN, YANTA, Wire


def acknowledge(node, made) -> None:
    with node.here():
        incident = Incident.objects.get(pk=made.pk)
        receipts.give_receipt(actor=node.officer, incident=incident, kind="acknowledged")


def told(node, made) -> list[tuple[str, str]]:
    """Kind and node of every receipt that this node knows."""
    return [(one["kind"], one["home"]) for one in node.incident(made)["receipts"]]


def test_a_receipt_travels_by_way_of_the_city_to_every_holder(city, paired):
    yanta, changan = paired(YANTA), paired(CHANGAN)
    made = yanta.report()
    wires = [Wire(yanta, city), Wire(changan, city)]
    for wire in wires:
        wire.settle()
    with city.here():
        incident = Incident.objects.get(pk=made.pk)
        sharing.share_incident(actor=city.officer, incident=incident, node=CHANGAN)
    for wire in wires[::-1]:
        wire.settle()
    acknowledge(changan, made)
    for wire in wires[::-1]:
        wire.settle()
    for node in (yanta, city, changan):
        assert told(node, made) == [("opened", CHANGAN), ("acknowledged", CHANGAN)]
        with node.here():
            assert not Quarantined.objects.exists()


def test_a_receipt_goes_where_its_incident_goes_and_is_erased_with_it(city, paired):
    yanta = paired(YANTA)
    made = city.report()
    with city.here():
        share = sharing.share_incident(actor=city.officer, incident=made, node=YANTA)
    wire = Wire(yanta, city).settle()
    acknowledge(yanta, made)
    wire.settle()
    assert len(told(city, made)) == 2
    with city.here():
        sharing.unshare_incident(actor=city.officer, incident=made, node=share.node)
    wire.settle()
    with yanta.here():
        assert erasing.erase_due() == 1
        assert not Receipt.objects.exists()
    assert len(told(city, made)) == 2


def test_a_node_cannot_acknowledge_in_the_name_of_another(city, paired):
    """The data of a receipt have to be those of its header; otherwise it waits, and is shown."""
    yanta = paired(YANTA)
    made = yanta.report()
    wire = Wire(yanta, city).settle()
    with yanta.here():
        told_by = receipts.receipt_data
        receipts.receipt_data = lambda row: told_by(row) | {"home": CHANGAN}
        try:
            incident = Incident.objects.get(pk=made.pk)
            Incident.objects.filter(pk=made.pk).update(home=city.name)
            incident.refresh_from_db()
            receipts.give_receipt(actor=yanta.officer, incident=incident, kind="opened")
        finally:
            receipts.receipt_data = told_by
    wire.settle()
    assert told(city, made) == []

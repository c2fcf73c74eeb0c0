"""Injects that came late to a node: said once by that node, the same at every node."""

import json

from drills.apply import apply_deliveries
from drills.models import Delivery, Exercise
from drills.selectors_score import timeline_of
from drills.services import arrivals
from realtime.models import Envelope, Parked, Quarantined
from realtime.registry import Fact
from tests.link.test_conduct import begin, canaries, nodes, settle  # noqa: F401

COLUMNS = "id type subject about source home realm term rev time".split()


def as_fact(row: Envelope) -> Fact:
    """An envelope as an applier gets it."""
    own = {name: getattr(row, name) for name in COLUMNS}
    return Fact(**own, public=json.loads(bytes(row.public)), personal=None)


def late_here(node) -> list[dict]:
    """What this node says of injects that came late to it."""
    with node.here():
        arrivals.note_late()
        arrivals.note_late()
        rows = Envelope.objects.filter(type="inject.late", source=node.name).order_by("position")
        return [json.loads(bytes(row.public)) for row in rows]


def test_what_a_cut_line_held_back_is_said_to_have_come_late_once_and_at_every_node(nodes):  # noqa: F811
    city, yanta, changan = nodes
    begin(city)
    wires = settle(nodes)
    assert late_here(yanta) == [], "it came at once"
    with yanta.here():
        was = Delivery.objects.get(number=2)
        Delivery.objects.filter(pk=was.pk).update(sent_at=was.came_at - 20 * arrivals.LATE)
    (said,) = late_here(yanta)
    assert said["inject"] == str(was.pk) and late_here(city) == late_here(changan) == []
    for wire in wires * 2:
        wire.settle()
    found = []
    for node in (city, yanta):
        with node.here():
            found.append(list(timeline_of(Exercise.objects.get()).newest("arrival")))
            assert not Parked.objects.exists() and not Quarantined.objects.exists()
    assert len(found[0]) == 1 and found[0] == found[1]
    assert canaries(changan) == 0


def test_when_an_inject_came_is_kept_when_it_comes_again(nodes):  # noqa: F811
    city, yanta, _changan = nodes
    begin(city)
    settle(nodes)
    with yanta.here():
        before = dict(Delivery.objects.values_list("pk", "came_at"))
        assert before and all(before.values())
        rows = Envelope.objects.filter(type="inject.delivered")
        facts = [as_fact(row) for row in rows]
        apply_deliveries(facts)
        assert dict(Delivery.objects.values_list("pk", "came_at")) == before
    with city.here():
        assert set(Delivery.objects.values_list("came_at", flat=True)) == {None}

"""After hours apart the other end sees first what is open now, then all the rest."""

import pytest
from django.db import transaction

from emergency.models import Incident
from emergency.services import homes
from realtime.link import outgoing, picture, rotation, sharing
from realtime.models import Peer, Quarantined
from tests.link.world import CHANGAN, YANTA, Wire


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Few rows are a long backlog here, and batches are small."""
    monkeypatch.setattr(picture, "LONG", 20)
    monkeypatch.setattr(outgoing, "ROWS", 5)


@pytest.fixture
def yanta(paired):
    return paired(YANTA)


@pytest.fixture
def changan(paired):
    return paired(CHANGAN)


def backlog(node, incidents=4, entries=6) -> list[Incident]:
    """Incidents that were each changed twice, with much written about them."""
    with node.here(), transaction.atomic():
        made = [node.report(f"reported {number}") for number in range(incidents)]
        for one in made:
            for number in range(entries):
                node.write(one, f"entry {number}")
            node.change(one, title=f"changed {one.title}")
            node.change(one, title=f"now {one.title}")
    return made


def title(node, made) -> str | None:
    seen = node.incident(made)
    return seen and seen["title"]


def cursor(node, other) -> tuple:
    """How far this node has taken the other's log, and the row there."""
    with node.here():
        return Peer.objects.values_list("position", "last").get(node=other.name)


def batches(wire, node, count=1) -> None:
    """Run until this node has taken so many batches."""
    taken = 0
    while taken < count:
        for name, session in wire.ends():
            if name is node and wire.queues[node.name]:
                taken += b'"kind":"batch"' in wire.queues[node.name][0]
            if not wire.deliver(name):
                wire._do(name, session.poll)


def assert_equal_and_clean(wire) -> None:
    """Both ends proved that they hold the same, and nothing was refused."""
    assert wire.broken is None
    for node, session in wire.ends():
        with node.here():
            assert not Quarantined.objects.exists(), Quarantined.objects.values("reason")
            assert Peer.objects.get(node=session.peer).equal_at is not None


def test_what_is_open_is_there_as_it_stands_now_before_the_cursor_has_moved(city, yanta):
    made = backlog(yanta)
    wire = Wire(yanta, city)
    batches(wire, city)
    assert [title(city, one) for one in made] == [f"now reported {n}" for n in range(4)]
    assert cursor(city, yanta) == (0, None)
    wire.settle()
    assert [city.incident(one) for one in made] == [yanta.incident(one) for one in made]
    assert_equal_and_clean(wire)


def test_what_changed_last_is_seen_first_and_what_is_not_open_in_its_turn(city, yanta, monkeypatch):
    monkeypatch.setattr(picture, "MOST", 2)
    made = backlog(yanta)
    with yanta.here():
        Incident.objects.filter(pk=made[3].pk).update(state="archived")
    wire = Wire(yanta, city)
    batches(wire, city)
    assert [title(city, one) is not None for one in made] == [False, True, True, False]


def test_a_short_backlog_comes_in_the_order_of_the_log(city, yanta):
    made = backlog(yanta, incidents=1)
    wire = Wire(yanta, city)
    batches(wire, city)
    assert title(city, made[0]) == "reported 0"


def test_between_three_batches_of_the_picture_the_log_gets_on(city, yanta, monkeypatch):
    monkeypatch.setattr(outgoing, "ROWS", 1)
    made = backlog(yanta)
    stood = [0]
    for _line in range(2):  # that breaks before the picture is through
        wire = Wire(yanta, city)
        batches(wire, city, 4)
        wire.cut()
        stood.append(cursor(city, yanta)[0])
        assert [title(city, one) for one in made[1:]] == [f"now reported {n}" for n in (1, 2, 3)]
    assert stood[0] < stood[1] < stood[2]


def test_a_line_cut_in_the_middle_of_the_picture_loses_and_doubles_nothing(
    city, yanta, monkeypatch
):
    monkeypatch.setattr(outgoing, "ROWS", 2)
    yanta.report()
    Wire(yanta, city).run()
    stood = cursor(city, yanta)
    made = backlog(yanta)
    wire = Wire(yanta, city)
    batches(wire, city)
    wire.cut()
    assert stood == cursor(city, yanta)
    wire = Wire(yanta, city).settle()
    assert [city.incident(one) for one in made] == [yanta.incident(one) for one in made]
    assert_equal_and_clean(wire)


def test_what_stays_at_home_is_not_in_the_picture(city, yanta):
    with city.here(), transaction.atomic():
        for number in range(30):
            city.report(f"canary {number}")
    wire = Wire(yanta, city).settle()
    assert not [frame for _to, frame in wire.sent if b"canary" in frame]
    assert_equal_and_clean(wire)


def test_what_is_shared_later_follows_its_share_and_is_not_refused(city, yanta, changan):
    made = backlog(changan)[0]
    Wire(changan, city).settle()
    with city.here():
        sharing.grant(thing=f"incident/{made.pk}", node=YANTA, actor="a@b c")
    wire = Wire(yanta, city).settle()
    assert yanta.incident(made) == city.incident(made)
    assert_equal_and_clean(wire)


def test_what_is_held_by_a_share_is_in_the_picture_behind_its_share(city, yanta):
    made = backlog(city)
    with city.here(), transaction.atomic():
        shares = [
            sharing.grant(thing=f"incident/{one.pk}", node=YANTA, actor="a@b c") for one in made[:3]
        ]
        sharing.end(share=shares[0], actor="a@b c")
    for one in made:
        city.write(one, "and more")
    wire = Wire(yanta, city)
    batches(wire, yanta, 2)
    assert [title(yanta, one) for one in made[1:3]] == ["now reported 1", "now reported 2"]
    assert title(yanta, made[0]) is title(yanta, made[3]) is None
    wire.settle()
    assert [yanta.incident(one) for one in made[1:3]] == [city.incident(one) for one in made[1:3]]
    assert_equal_and_clean(wire)


def test_what_was_taken_over_is_believed_though_the_log_has_not_told_of_it_yet(city, yanta):
    made = yanta.report("as reported")
    Wire(yanta, city).settle()
    with city.here():
        Peer.objects.filter(node=YANTA).update(linked_at=None)
        homes.take_over(actor=city.officer, incident=Incident.objects.get(pk=made.pk))
    city.change(made, title="as the city leads it")
    with city.here(), transaction.atomic():
        for number in range(30):
            city.report(f"another {number}")
    wire = Wire(yanta, city)
    batches(wire, yanta)
    assert title(yanta, made) == "as the city leads it"
    wire.settle()
    assert_equal_and_clean(wire)


def test_a_new_key_goes_before_the_picture_that_it_signed(city, yanta):
    Wire(yanta, city).settle()
    with yanta.here():
        rotation.rotate(actor="admin")
    made = backlog(yanta)
    batches(Wire(yanta, city), city, 2)
    assert [title(city, one) for one in made] == [f"now reported {n}" for n in range(4)]
    with city.here():
        assert not Quarantined.objects.exists()

"""Shares that no person asked for as such: by rule when the grade changes, and on the way."""

from datetime import UTC, datetime, timedelta

import pytest

from emergency.models import Incident, SharingRule
from emergency.services import sharing
from realtime.link import erasing
from realtime.models import Envelope, Share
from tests.link.world import CHANGAN, XINCHENG, YANTA, Wire


def rules(node, *wanted: dict) -> None:
    with node.here():
        SharingRule.objects.all().delete()
        for one in wanted:
            SharingRule.objects.create(**one)


def share(node, made, other, **fields):
    with node.here():
        one = Incident.objects.get(pk=made.pk)
        sharing.share_incident(actor=node.officer, incident=one, node=other, **fields)


def withdraw(node, made, other):
    with node.here():
        one = Incident.objects.get(pk=made.pk)
        sharing.unshare_incident(actor=node.officer, incident=one, node=other)


def held_by(node, made) -> set[str]:
    """The nodes that may hold it by a share in force."""
    shares = node.incident(made)["shares"]
    return {one["node"] for one in shares if one["ended_at"] is None}


def share_of(node, made, other) -> Share:
    with node.here():
        return Share.objects.get(thing=f"incident/{made.pk}", node=other, ended_at=None)


def actors(node, made) -> list[str]:
    """In whose name shares were given and ended."""
    with node.here():
        rows = Envelope.objects.filter(about=f"incident/{made.pk}", type__startswith="share.g")
        return list(rows.order_by("position").values_list("actor", flat=True))


# by rule


@pytest.fixture
def yanta(paired, city):
    made = paired(YANTA)
    rules(city, {"node": YANTA, "type_prefix": "12D", "least_grade": 2})
    return made


def test_an_incident_that_is_raised_goes_where_a_rule_sends_what_is_grave(city, yanta):
    made = city.report(grade=4)
    wire = Wire(yanta, city)
    wire.run()
    city.write(made, "written while it was small")
    city.change(made, grade=3)
    wire.run()
    assert yanta.incident(made) is None
    city.change(made, grade=2)
    wire.settle()
    assert yanta.incident(made) == city.incident(made)
    assert yanta.incident(made)["entries"][0]["text"] == "written while it was small"
    assert actors(city, made) == [f"{city.officer.username}@{city.name} duty_officer rule"]


def test_another_class_asks_the_rules_again_and_another_title_does_not(city, yanta):
    made = city.report(grade=1, type_code="11A01")
    rules(city, {"node": YANTA, "type_prefix": "12D", "least_grade": None})
    city.change(made, title="gas")
    assert held_by(city, made) == set()
    city.change(made, type_code="12D02")
    assert held_by(city, made) == {YANTA}
    city.change(made, grade=4)
    assert held_by(city, made) == {YANTA}, "what went stays there"
    city.change(made, grade=1)
    assert len(city.incident(made)["shares"]) == 1, "once"


def test_a_title_alone_does_not_ask_a_rule_that_came_later(city, yanta):
    rules(city)
    made = city.report(grade=1)
    rules(city, {"node": YANTA, "type_prefix": "", "least_grade": None})
    city.change(made, title="another")
    assert held_by(city, made) == set()


def test_a_rule_does_not_overrule_a_person_who_withdrew(city, yanta):
    made = city.report(grade=2, type_code="11A01")
    share(city, made, YANTA)
    withdraw(city, made, YANTA)
    city.change(made, type_code="12D02")
    city.change(made, grade=1)
    assert held_by(city, made) == set()
    wire = Wire(yanta, city).settle()
    assert yanta.incident(made) is None and wire.broken is None


def test_who_holds_it_from_the_start_is_given_no_share(city, yanta):
    made = city.report(grade=2)
    city.change(made, grade=1)
    assert city.incident(made)["audience"] == [city.name, YANTA]
    assert city.incident(made)["shares"] == []


# on the way


@pytest.fixture
def below(paired, city):
    """A district that nothing leaves by rule, and two others behind the city."""
    low, third, fourth = (paired(name) for name in (YANTA, CHANGAN, XINCHENG))
    wires = [Wire(one, city) for one in (low, third, fourth)]
    rules(low)

    def drain() -> None:
        for _turn in range(3):
            for wire in wires:
                wire.settle()

    drain()
    return low, third, drain


def test_a_share_on_the_way_ends_with_the_share_that_needed_it(city, below):
    low, third, drain = below
    made = low.report("canary-of-yanta")
    share(low, made, CHANGAN)
    drain()
    assert third.incident(made)["title"] == "canary-of-yanta"
    assert held_by(low, made) == {city.name, CHANGAN}
    withdraw(low, made, CHANGAN)
    assert held_by(low, made) == set()
    drain()
    for node in (city, third):
        with node.here():
            erasing.erase_due()
        assert node.incident(made) is None
    drain()
    with low.here():
        assert not Share.objects.filter(erased_at=None).exists(), "both have confirmed it"


def test_another_share_that_needs_the_way_keeps_it_open(city, below):
    low, third, drain = below
    made = low.report()
    share(low, made, CHANGAN)
    share(low, made, XINCHENG)
    withdraw(low, made, CHANGAN)
    assert held_by(low, made) == {city.name, XINCHENG}
    withdraw(low, made, XINCHENG)
    assert held_by(low, made) == set()


@pytest.mark.parametrize("first", [True, False])
def test_what_a_person_gave_the_node_above_stays(city, below, first):
    low, third, drain = below
    made = low.report()
    order = [city.name, CHANGAN] if first else [CHANGAN, city.name]
    for node in order:
        share(low, made, node)
    withdraw(low, made, CHANGAN)
    assert held_by(low, made) == {city.name}
    drain()
    assert city.incident(made)["title"] == made.title


def test_the_way_is_open_as_long_as_the_longest_share_needs_it(city, below):
    low, third, drain = below
    made, soon = low.report(), datetime.now(UTC) + timedelta(hours=1)
    share(low, made, CHANGAN, until=soon)
    assert share_of(low, made, city.name).until == soon
    share(low, made, XINCHENG)
    assert share_of(low, made, city.name).until is None
    drain()
    withdraw(low, made, XINCHENG)
    assert share_of(low, made, city.name).until == soon
    drain()
    assert share_of(third, made, CHANGAN).until == soon
    assert share_of(city, made, city.name).until == soon


def test_a_share_that_is_renewed_is_not_sent_from_the_beginning(city, below):
    low, third, drain = below
    made = low.report()
    low.write(made, "one")
    share(low, made, CHANGAN, until=datetime.now(UTC) + timedelta(hours=1))
    drain()
    wire = Wire(low, city)
    wire.settle()
    share(low, made, city.name)
    before = len(wire.sent)
    wire.run()
    frames = [frame for to, frame in wire.sent[before:] if to == city.name and b'"batch"' in frame]
    assert b"share.granted" in b"".join(frames) and b"entry.written" not in b"".join(frames)

"""Keys that nobody should believe: announced by another, by a replaced one, or used too late."""

import dataclasses
from datetime import UTC, datetime

import pytest
from django.db import transaction

from realtime import keys, log
from realtime.link import nodes
from realtime.link.handshake import proven_by
from realtime.link.incoming import take
from realtime.link.items import pack
from realtime.models import Envelope, LogHead, NodeKey, Peer
from tests.link.test_rotation import link, pinned, rotate
from tests.link.world import CHANGAN, CITY, YANTA, Wire

DATA = "node rev key algorithm public replaces until".split()


@pytest.fixture
def yanta(paired):
    return paired(YANTA)


@pytest.fixture
def changan(paired):
    return paired(CHANGAN)


def told(node, other, row) -> list[str]:
    """What this node says to a row of another; the reasons why it was refused."""
    with other.here():
        item = pack(row, cleared=True, via=[])
    with node.here():
        taken = take(peer=other.name, session=None, raws=[item], cursor=None)
    return [reason for _id, reason in taken.refused]


def announcement(
    node, *, of: str, public: bytes, replaces: str = "", type=nodes.KEY_ROTATED, **fields
) -> Envelope:
    """A change of key as no honest node would announce it."""
    with node.here(), transaction.atomic():
        return log.append(
            dataclasses.replace(type, public=frozenset(DATA)),
            subject=f"key/{keys.id_of(public)}",
            actor="a",
            realm="real",
            rev=1,
            public={
                "node": of,
                "rev": 1,
                "key": keys.id_of(public),
                "algorithm": keys.ALGORITHM,
                "public": public.hex(),
                "replaces": replaces or keys.signer().id,
                "until": datetime.now(UTC).isoformat(),
            }
            | fields,
            audience=[CITY, YANTA],
        )


def test_nobody_changes_the_key_of_another(city, yanta, changan):
    row = announcement(changan, of=YANTA, public=b"k" * 32)
    assert told(city, changan, row) == ["a node that may not introduce others"]
    row = announcement(changan, of=CHANGAN, public=b"k" * 32, replaces=pinned(city, yanta))
    assert told(city, changan, row) == ["a key that replaces another than it is signed with"]
    with city.here():
        assert not NodeKey.objects.filter(id=keys.id_of(b"k" * 32)).exists()


def test_a_key_that_was_replaced_replaces_nothing_any_more(city, yanta):
    row = announcement(yanta, of=YANTA, public=b"k" * 32)  # by who stole the key, dated before
    rotate(yanta)
    with yanta.here():
        known = Envelope.objects.filter(subject__startswith="key/").exclude(pk=row.pk).get()
    assert told(city, yanta, known) == []
    assert told(city, yanta, row) == ["a key told by one that was replaced or withdrawn"]
    with city.here():
        assert not NodeKey.objects.filter(id=keys.id_of(b"k" * 32)).exists()


def test_the_old_key_signs_and_proves_nothing_after_the_change(city, yanta):
    link(yanta, city)
    with yanta.here():
        old = keys.signer()
    rotate(yanta)
    with yanta.here():
        LogHead.objects.update(key_number=1)  # as a thief of the old key would go on
    yanta.report("forged")
    with yanta.here():
        LogHead.objects.update(key_number=2)
    with city.here():
        assert proven_by(Peer.objects.get(node=YANTA).key, old.sign(b"m"), b"m"), "until it is told"
    for _line in range(3):
        Wire(yanta, city).settle()
    with city.here():
        peer = Peer.objects.get(node=YANTA)
        assert proven_by(peer.key, old.sign(b"m"), b"m") is None
    with yanta.here():
        assert proven_by(peer.key, keys.signer().sign(b"m"), b"m") == peer.key


def test_what_the_old_key_signs_later_is_refused_and_what_it_signed_before_is_not(city, yanta):
    late = yanta.report("signed before, and late")
    rotate(yanta)
    with yanta.here():
        announced = Envelope.objects.get(subject__startswith="key/")
        row = Envelope.objects.get(about=f"incident/{late.pk}")
        old = NodeKey.objects.get(pk=row.key)
    told(city, yanta, announced)
    assert told(city, yanta, row) == []
    with city.here():
        end = NodeKey.objects.get(pk=old.pk).retired_at
        NodeKey.objects.filter(pk=old.pk).update(retired_at=row.time)
    assert end == old.retired_at
    with yanta.here():
        LogHead.objects.update(key_number=1)
    forged = yanta.report("forged")
    with yanta.here():
        row = Envelope.objects.get(about=f"incident/{forged.pk}")
    assert told(city, yanta, row) == ["the key was withdrawn before it was used"]


@pytest.mark.parametrize(
    "fields", [{"algorithm": "x" * 17}, {"algorithm": 1}, {"key": None}, {"until": "soon"}]
)
def test_a_key_of_another_shape_is_refused_and_stops_nothing(city, changan, fields):
    row = announcement(changan, of=CHANGAN, public=b"k" * 32, **fields)
    assert told(city, changan, row) == ["a key that cannot be read"]


def test_the_node_above_cannot_put_its_own_key_behind_that_of_a_node_below(city, yanta):
    row = announcement(
        city, of=CHANGAN, public=b"k" * 32, replaces=pinned(city, yanta), type=nodes.NODE_INTRODUCED
    )
    assert told(yanta, city, row) == []
    with yanta.here():
        assert NodeKey.objects.get(pk=keys.id_of(b"k" * 32)).replaces == ""

"""What goes over a link fits into its frames, and a stranger's word changes nothing."""

import contextlib
import math
import secrets

import pytest
from django.db import transaction

from gis import geometry
from realtime.link import frames
from realtime.link.carrier import FAULT, Carrier
from realtime.link.digests import Ledger
from realtime.link.frames import LIMIT, REPLACED, UNKNOWN, Broken
from realtime.link.incoming import Cursor, take
from realtime.link.session import LinkSession
from realtime.models import Envelope, Peer
from realtime.problems import TooLarge
from tests.link.world import YANTA, Wire


@pytest.fixture
def yanta(paired):
    return paired(YANTA)


def area(vertices: int) -> dict:
    """A polygon with so many vertices, around the bell tower."""
    turn = 2 * math.pi / vertices
    ring = [[108.9 + math.cos(n * turn), 34.2 + math.sin(n * turn)] for n in range(vertices)]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def test_an_area_that_no_frame_holds_is_refused():
    with pytest.raises(TooLarge):
        geometry.parse_area(area(14_000))


def longest(wire: Wire) -> int:
    return max(len(frame) for _to, frame in wire.sent)


def test_large_areas_pass_one_after_the_other(city, yanta):
    areas = [geometry.parse_area(area(count)) for count in (9_000, 13_000, 9_000)]
    made = [yanta.report(affected_area=one) for one in areas]
    wire = Wire(yanta, city).settle()
    assert longest(wire) <= LIMIT
    assert [city.incident(one) for one in made] == [yanta.incident(one) for one in made]


@pytest.mark.parametrize("shared", [False, True])
def test_long_entries_pass_however_they_are_written_on_the_wire(city, yanta, shared):
    made = yanta.report()
    if shared:
        Wire(yanta, city).run()
    for _number in range(60):
        yanta.write(made, "\\" * 10_000)
    wire = Wire(yanta, city).settle()
    assert longest(wire) <= LIMIT
    assert city.incident(made) == yanta.incident(made)


def test_what_got_lost_comes_back_in_frames_that_fit(city, yanta):
    made = yanta.report()
    for _number in range(60):
        yanta.write(made, "钟" * 10_000)
    yanta.report("after them")
    Wire(yanta, city).settle()
    with city.here():
        Envelope.objects.filter(about=f"incident/{made.pk}", type="entry.written").delete()
    wire = Wire(yanta, city).settle()
    assert longest(wire) <= LIMIT
    assert city.about(made) == yanta.about(made)


def hello(node: str, **fields) -> bytes:
    given = {
        "node": node,
        "epoch": "0" * 32,
        "protocol": frames.PROTOCOL,
        "types": {},
        "clock": "2001-01-01T00:00:00+00:00",
        "nonce": secrets.token_hex(32),
    }
    return frames.frame("hello", **given | fields)


def test_a_clock_is_believed_after_the_proof_and_not_before(city, yanta):
    with city.here():
        stranger = LinkSession()
        stranger.start()
        stranger.receive(hello(YANTA))
        assert Peer.objects.get(node=YANTA).clock_ms is None
    Wire(yanta, city)
    wire = Wire(yanta, city)
    wire.run()
    with city.here():
        assert abs(Peer.objects.get(node=YANTA).clock_ms) < 60_000


def test_a_proof_by_another_key_than_the_pinned_one_begins_nothing(city, yanta):
    with city.here():
        stranger = LinkSession()
        stranger.start()
        stranger.receive(hello(YANTA))
        with pytest.raises(Broken) as broken:
            stranger.receive(frames.frame("prove", signature="00" * 64))
        assert (broken.value.code, stranger.proven) == (UNKNOWN, False)


def test_a_newer_session_of_a_peer_replaces_the_older(city, yanta):
    older = Wire(yanta, city)
    older.run()
    made = yanta.report()
    older._do(yanta, older.down.poll)
    newer = Wire(yanta, city)
    newer.run()
    before = city.head()
    assert city.incident(made) is not None
    yanta.write(made, "of the older session")
    older._do(yanta, older.down.poll)
    older.deliver(city)
    assert (older.broken.code, city.head()) == (REPLACED, before)


def test_the_cursor_is_saved_with_the_rows_or_not_at_all(city, yanta):
    with city.here():
        Peer.objects.filter(node=YANTA).update(session="s")
        cursor = Cursor("0" * 32, 7, "")
        with contextlib.suppress(ZeroDivisionError), transaction.atomic():
            take(peer=YANTA, session="s", raws=[], cursor=cursor)
            assert Peer.objects.get(node=YANTA).position == 7
            raise ZeroDivisionError
        assert Peer.objects.get(node=YANTA).position == 0


@pytest.mark.parametrize("hour", ["9" * 30, str(2**40), "-" + "9" * 30, "x", ""])
def test_an_hour_that_no_table_holds_is_a_digest_of_another_shape(city, yanta, hour):
    with city.here():
        for level, sums in (("hours", {hour: [1, "00"]}), ("parts", {hour: {}})):
            with pytest.raises((KeyError, ValueError)):
                Ledger(YANTA).answer("rest", level, sums)


async def test_a_fault_of_our_own_ends_the_session_with_a_code():
    class Faulty:
        def receive(self, _data):
            raise ZeroDivisionError

    async def send(_frame):
        raise AssertionError("nothing is sent")

    carrier = Carrier(send, LinkSession)
    carrier.session = Faulty()
    with pytest.raises(Broken) as broken:
        await carrier.hear(b"x")
    assert broken.value.code == FAULT
    carrier._thread.shutdown()

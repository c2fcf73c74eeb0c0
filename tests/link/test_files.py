"""Attachments come after their envelopes, on a line of their own, and only where they may be."""

import pytest

from realtime import blobs
from realtime.link.files import FileSession
from tests.emergency import pictures
from tests.link.world import CHANGAN, YANTA, Wire


@pytest.fixture
def yanta(paired):
    return paired(YANTA)


def content_at(node, sha256: str) -> bytes | None:
    with node.here():
        path = blobs.path_of(sha256)
        return path.read_bytes() if path.exists() else None


def large(size: int) -> bytes:
    """A PDF of about this size."""
    head, line, rest = pictures.pdf().partition(b"\n")
    return head + line + b"%" + b"x" * size + line + rest


def fetch(lower, upper) -> Wire:
    """A line for files, run until nothing moves, for as many seconds as that takes."""
    wire = Wire(lower, upper, FileSession)
    wire.run()
    for _second in range(10):
        wire.tick(1.0)
    return wire


def test_a_small_file_follows_its_envelope_by_itself(city, yanta):
    made = yanta.report()
    sha256 = yanta.attach(made, pictures.pdf())
    Wire(yanta, city).run()
    assert city.incident(made)["attachments"] == yanta.incident(made)["attachments"]
    assert content_at(city, sha256) is None
    fetch(yanta, city)
    assert content_at(city, sha256) == pictures.pdf()


def test_a_large_file_comes_when_somebody_asks_for_it(city, yanta):
    made = yanta.report()
    sha256 = yanta.attach(made, large(blobs.SMALL))
    Wire(yanta, city).run()
    fetch(yanta, city)
    assert content_at(city, sha256) is None
    with city.here():
        blobs.want(sha256)
    fetch(yanta, city)
    assert content_at(city, sha256) == content_at(yanta, sha256)


def test_a_file_that_broke_off_goes_on_where_it_ended(city, yanta):
    made = yanta.report()
    sha256 = yanta.attach(made, large(300_000))
    Wire(yanta, city).run()
    broken = Wire(yanta, city, FileSession)
    while len(broken.frames("piece")) < 3:
        broken.deliver(city)
        broken.deliver(yanta)
    broken.cut()
    with city.here():
        came = blobs.part_of(sha256).stat().st_size
    assert 0 < came < 300_000
    wire = fetch(yanta, city)
    assert content_at(city, sha256) == content_at(yanta, sha256)
    assert min(frame["offset"] for frame in wire.frames("ask")) == came


def test_a_file_goes_to_nobody_who_may_not_have_what_names_it(city, yanta, paired):
    changan = paired(CHANGAN)
    made = yanta.report()
    sha256 = yanta.attach(made, pictures.pdf())
    Wire(yanta, city).run()
    fetch(yanta, city)
    wire = Wire(changan, city, FileSession)
    wire.run()
    wire._do(changan, lambda: wire.down._ask(sha256))
    wire.run()
    (piece,) = wire.frames("piece")
    assert (piece["size"], piece["data"]) == (0, "")
    assert content_at(changan, sha256) is None


def test_another_file_under_the_same_hash_is_thrown_away(city, yanta):
    made = yanta.report()
    sha256 = yanta.attach(made, pictures.pdf())
    Wire(yanta, city).run()
    with yanta.here():
        path = blobs.path_of(sha256)
        path.write_bytes(bytes(reversed(path.read_bytes())))
    fetch(yanta, city)
    assert content_at(city, sha256) is None
    with city.here():
        assert not blobs.part_of(sha256).exists()


def test_no_more_than_its_share_of_a_second_is_fetched(city, yanta, monkeypatch):
    monkeypatch.setattr("realtime.link.files.RATE", 100_000)
    made = yanta.report()
    sha256 = yanta.attach(made, large(600_000))
    Wire(yanta, city).run()
    wire = Wire(yanta, city, FileSession)
    wire.run()
    with city.here():
        assert blobs.part_of(sha256).stat().st_size < 200_000
    for _second in range(10):
        wire.tick(1.0)
    assert content_at(city, sha256) == content_at(yanta, sha256)

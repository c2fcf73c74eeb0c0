"""A courier carries what no line can: signed letters, in any order, as often as one likes."""

import re

import pytest

from realtime import blobs
from realtime.link import courier, pairing
from realtime.models import Quarantined
from tests.emergency import pictures
from tests.link.world import CHANGAN, YANTA, Wire


@pytest.fixture
def yanta(paired):
    return paired(YANTA)


@pytest.fixture
def letter(tmp_path):
    """Write a letter from one node to another; its path."""

    def write(giver, taker, **options):
        path = tmp_path / f"letter-{len(list(tmp_path.iterdir()))}"
        with giver.here():
            courier.write(peer=taker.name, path=path, **options)
        return path

    return write


def read(node, path) -> courier.Read:
    with node.here():
        return courier.read(path)


def test_a_letter_brings_what_a_link_would_with_its_files(city, yanta, letter):
    made = yanta.report(reporter={"phone": "029"})
    yanta.write(made, "现场已封控")
    sha256 = yanta.attach(made, pictures.pdf())
    told = read(city, letter(yanta, city))
    assert (told.kept, told.refused, told.files) == (3, 0, 1)
    assert city.incident(made) == yanta.incident(made)
    with city.here():
        assert blobs.path_of(sha256).read_bytes() == pictures.pdf()


def test_the_same_letter_again_changes_nothing(city, yanta, letter):
    made = yanta.report()
    path = letter(yanta, city)
    read(city, path)
    before, head = city.incident(made), city.head()
    assert read(city, path).kept == 0
    assert (city.incident(made), city.head()) == (before, head)


def test_an_answer_says_how_far_the_letter_was_taken_and_the_next_begins_there(city, yanta, letter):
    yanta.report("one")
    read(city, letter(yanta, city))
    read(yanta, letter(city, yanta))
    yanta.report("two")
    assert read(city, letter(yanta, city)).items == 1


def test_letters_in_the_wrong_order_lose_nothing(city, yanta, letter):
    one = yanta.report("one")
    first = letter(yanta, city)
    read(city, first)
    read(yanta, letter(city, yanta))
    two = yanta.report("two")
    yanta.write(one, "more")
    second = letter(yanta, city)
    city2, _unused = city, first
    read(city2, second)
    read(city2, first)
    assert city.incident(one) == yanta.incident(one)
    assert city.incident(two) == yanta.incident(two)
    wire = Wire(yanta, city).settle()
    assert sum(len(batch["items"]) for batch in wire.frames("batch")) == 0


def test_a_letter_that_overtook_another_leaves_the_cursor_for_it(node_of, city, yanta, letter):
    yanta.report("one")
    first = letter(yanta, city)
    with yanta.here():  # as if an answer had come that never reached the city's own records
        courier._note_taken(
            city.name, {"epoch": yanta.head().epoch, "position": yanta.head().position}
        )
    two = yanta.report("two")
    second = letter(yanta, city)
    assert read(city, second).kept == 1
    assert city.incident(two) is not None
    assert read(city, first).kept >= 1
    Wire(yanta, city).settle()
    assert yanta.about(two) == city.about(two)


@pytest.mark.parametrize("at", [0.1, 0.5, 0.95])
def test_a_changed_or_torn_letter_is_not_taken(city, yanta, letter, at):
    yanta.report()
    path = letter(yanta, city)
    content = bytearray(path.read_bytes())
    content[int(len(content) * at)] ^= 1
    changed = path.with_suffix(".changed")
    changed.write_bytes(content)
    torn = path.with_suffix(".torn")
    torn.write_bytes(path.read_bytes()[: int(path.stat().st_size * at)])
    head = city.head()
    for bad in (changed, torn):
        with pytest.raises(courier.BadLetter):
            read(city, bad)
    assert city.head() == head
    with city.here():
        assert not Quarantined.objects.exists()


@pytest.mark.parametrize("part", ["lines", "key", "signature"])
def test_a_seal_of_which_anything_was_changed_is_none(city, yanta, letter, part):
    yanta.report()
    path = letter(yanta, city)
    content = bytearray(path.read_bytes())
    value = re.search(rb'"%b":"?' % part.encode(), content[content.rindex(b"\n", 0, -1) :])
    content[content.rindex(b"\n", 0, -1) + value.end()] ^= 1
    path.write_bytes(content)
    with pytest.raises(courier.BadLetter):
        read(city, path)


def test_a_letter_to_another_or_of_a_revoked_node_is_not_taken(city, yanta, paired, letter):
    changan = paired(CHANGAN)
    yanta.report()
    path = letter(yanta, city)
    with pytest.raises(courier.BadLetter, match="for xian"):
        read(changan, path)
    with city.here():
        pairing.revoke(node=yanta.name, actor="admin")
    with pytest.raises(courier.BadLetter, match="no paired node"):
        read(city, path)


def test_what_stays_at_home_is_in_no_letter(city, yanta, letter):
    city.report("canary-of-the-city", summary="canary")
    yanta.report(reporter={"phone": "canary-phone"})
    assert b"canary" not in letter(city, yanta, everything=True).read_bytes()

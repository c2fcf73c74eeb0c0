"""A node changes its key: nobody else can, nothing is lost, the old key is worth nothing then."""

from datetime import UTC, datetime, timedelta

import pytest

from realtime import keys
from realtime.link import courier, pairing, rotation, sharing
from realtime.models import Envelope, NodeKey, Peer, Quarantined
from realtime.problems import Conflict
from realtime.start import open_log
from realtime.verify import verify_log
from tests.link.world import CHANGAN, CITY, YANTA, Wire, pair


@pytest.fixture
def yanta(paired):
    return paired(YANTA)


@pytest.fixture
def changan(paired):
    return paired(CHANGAN)


def rotate(node) -> NodeKey:
    with node.here():
        return rotation.rotate(actor="admin")


def link(lower, upper) -> Wire:
    """Lines, one after the other, until one stays: a new key is proven on a new one."""
    for _line in range(4):
        wire = Wire(lower, upper).settle()
        if wire.broken is None:
            return wire
    raise AssertionError(wire.broken)


def pinned(node, other) -> str:
    with node.here():
        return Peer.objects.get(node=other.name).key_id


def files(node) -> list[int]:
    with node.here():
        return keys.numbers()


def assert_clean(*all_nodes) -> None:
    for node in all_nodes:
        with node.here():
            assert not Quarantined.objects.exists(), Quarantined.objects.values("reason")
            assert verify_log().bad is None
            assert not Peer.objects.filter(equal_at=None, revoked_at=None).exists()


def signed_with(node, made) -> set[str]:
    with node.here():
        return set(Envelope.objects.filter(about=f"incident/{made.pk}").values_list("key", flat=1))


def test_a_key_changed_while_linked_is_proven_on_a_new_line_and_the_old_one_is_removed(city, yanta):
    before = yanta.report("with the old key")
    wire = Wire(yanta, city).settle()
    old = pinned(city, yanta)
    new = rotate(yanta)
    after = yanta.report("with the new key")
    wire.settle()
    assert wire.broken.reason == "the new key is to be proven"
    link(yanta, city)
    assert pinned(city, yanta) == new.pk != old
    assert files(yanta) == [2]
    assert signed_with(city, before) == {old} and signed_with(city, after) == {new.pk}
    assert city.incident(after) == yanta.incident(after)
    assert_clean(city, yanta)


def test_the_node_above_changes_its_key_alike(city, yanta, changan):
    for lower in (yanta, changan):
        link(lower, city)
    new = rotate(city)
    link(yanta, city)
    assert files(city) == [1, 2], "the other district still knows the old one alone"
    link(changan, city)
    link(yanta, city)
    assert files(city) == [2]
    assert pinned(yanta, city) == pinned(changan, city) == new.pk
    assert_clean(city, yanta, changan)


def test_keys_changed_twice_while_the_line_was_cut_are_believed_when_it_is_back(city, yanta):
    link(yanta, city)
    made = [yanta.report("one")]
    rotate(yanta)
    made.append(yanta.report("two"))
    new = rotate(yanta)
    made.append(yanta.report("three"))
    assert files(yanta) == [1, 2, 3]
    link(yanta, city)
    assert [city.incident(one) for one in made] == [yanta.incident(one) for one in made]
    assert (pinned(city, yanta), files(yanta)) == (new.pk, [3])
    assert_clean(city, yanta)


def test_no_more_keys_are_made_than_a_line_can_prove(yanta):
    for _key in range(3):
        rotate(yanta)
    with pytest.raises(Conflict):
        rotate(yanta)


@pytest.mark.parametrize("known", ["known to it", "not known to it", "paired later"])
def test_a_node_two_steps_away_believes_what_the_new_key_signed(city, yanta, node_of, known):
    changan = node_of(CHANGAN)
    if known == "known to it":
        pair(city, changan)
    before = yanta.report("with the old key")
    link(yanta, city)
    if known == "not known to it":  # the city introduced them when yanta was cut off
        pair(city, changan)
        link(changan, city)
    rotate(yanta)
    after = yanta.report("with the new key")
    link(yanta, city)
    if known == "paired later":
        pair(city, changan)
    with city.here():
        for made in (before, after):
            sharing.grant(thing=f"incident/{made.pk}", node=CHANGAN, actor="a@b c")
    link(changan, city)
    for made in (before, after):
        assert changan.incident(made)["title"] == made.title
    assert_clean(changan)


def test_a_node_paired_after_the_change_verifies_what_was_signed_before_it(node_of, city):
    yanta = node_of(YANTA)
    made = yanta.report("before any pairing", audience=[])
    rotate(yanta)
    pair(city, yanta)
    with yanta.here():
        sharing.grant(thing=f"incident/{made.pk}", node=CITY, actor="a@b c")
    link(yanta, city)
    assert city.incident(made) == yanta.incident(made)
    assert_clean(city, yanta)


def test_what_was_dated_by_a_clock_that_was_put_back_stays_good(city, yanta):
    yanta.report()
    ahead = datetime.now(UTC) + timedelta(minutes=5)
    with yanta.here():
        old = keys.signer()
        Envelope.objects.filter(position=yanta.head().position).update(time=ahead)
    rotate(yanta)
    with yanta.here():
        assert NodeKey.objects.get(pk=old.id).retired_at > ahead


def test_a_node_that_was_revoked_changes_its_key_and_is_paired_again(city, yanta):
    link(yanta, city)
    with city.here():
        pairing.revoke(node=YANTA, actor="admin")
    meanwhile = yanta.report("while it was shut out")
    with pytest.raises(Conflict):
        pair(city, yanta)  # with the key that was withdrawn
    rotate(yanta)
    pair(city, yanta)
    link(yanta, city)
    after = yanta.report("again")
    link(yanta, city)
    for made in (meanwhile, after):
        assert city.incident(made) == yanta.incident(made)
    assert_clean(city, yanta)


@pytest.mark.parametrize("step", ["key made", "announced", "acknowledged", "proven"])
def test_a_stop_between_two_steps_leaves_a_node_that_can_link(city, yanta, step, monkeypatch):
    link(yanta, city)
    if step == "key made":
        with yanta.here():
            keys.make(2)  # and killed before the announcement
    else:
        rotate(yanta)
        yanta.report()
    if step == "acknowledged":
        with monkeypatch.context() as killed:
            killed.setattr(rotation, "discard_old", lambda: None)
            Wire(yanta, city).run()
    if step == "proven":
        link(yanta, city)
    with yanta.here():
        open_log()
        assert Envelope.objects.filter(subject__startswith="key/").count() == 1
        assert keys.signer().id == keys.make(2).id
    made = yanta.report("afterwards")
    link(yanta, city)
    assert city.incident(made) == yanta.incident(made)
    assert files(yanta) == [2]
    assert_clean(city, yanta)


def test_an_old_copy_of_the_database_goes_on_with_the_newest_key(city, yanta, databases):
    link(yanta, city)
    copy = databases.copy(yanta.connection)
    rotate(yanta)
    lost = yanta.report("after the copy")
    link(yanta, city)
    assert files(yanta) == [2]
    yanta.restore(copy)
    made = yanta.report("after the return")
    link(yanta, city)
    assert city.incident(made) == yanta.incident(made)
    assert yanta.incident(lost) == city.incident(lost)
    assert_clean(city, yanta)


def test_a_peer_that_went_back_to_an_old_copy_is_told_the_key_again(
    city, yanta, changan, databases
):
    for lower in (yanta, changan):
        link(lower, city)
    copy = databases.copy(yanta.connection)
    new = rotate(city)
    link(yanta, city)
    assert files(city) == [1, 2], "the other district needs the old one"
    yanta.restore(copy)
    link(yanta, city)
    assert pinned(yanta, city) == new.pk
    link(changan, city)
    assert_clean(city, yanta, changan)


def test_a_letter_is_sealed_with_a_key_that_its_reader_knows(city, yanta, tmp_path):
    link(yanta, city)
    rotate(yanta)
    made = yanta.report("by letter")
    with yanta.here():
        courier.write(peer=CITY, path=tmp_path / "one")
    with city.here():
        assert courier.read(tmp_path / "one").refused == 0
    assert city.incident(made) == yanta.incident(made)

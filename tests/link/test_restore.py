"""A node put back to an old copy: what it lost is back, from whoever holds it, none refused."""

from datetime import UTC, datetime, timedelta

import pytest

from emergency import timers
from realtime.link import health, sharing
from realtime.link.incoming import take
from realtime.link.items import pack
from realtime.link.outgoing import via_of
from realtime.models import Envelope, Peer, Quarantined
from realtime.verify import verify_log
from tests.link.world import CHANGAN, YANTA, Wire


@pytest.fixture
def three(city, paired):
    """A city and two districts."""
    return city, paired(YANTA), paired(CHANGAN)


def linked(city, *districts):
    """Lines to all of them, quiet and compared."""
    wires = [Wire(one, city) for one in districts]
    for _round in range(3):
        for wire in wires:
            wire.settle()
    return wires


def share(giver, incident, node):
    with giver.here():
        return sharing.grant(thing=f"incident/{incident.pk}", node=node.name, actor="a@b c")


def lost_by(yanta, changan, city, databases):
    """The district writes, shares and is answered; then it is put back to the time before."""
    wires = linked(city, yanta, changan)
    copy = databases.copy(yanta.connection)
    made = yanta.report("共享后丢失", reporter={"phone": "029"})
    given = share(yanta, made, changan)
    ended = yanta.report("共享后收回")
    once = share(yanta, ended, changan)
    for wire in wires * 3:
        wire.settle()
    changan.write(made, "长安区的记录")
    city.write(made, "市里的记录")
    yanta.change(made, title="改过的标题")
    with yanta.here():
        sharing.end(share=once, actor="a@b c")
    for wire in wires * 3:
        wire.settle()
    for wire in wires:
        wire.cut()
    yanta.restore(copy)
    assert yanta.incident(made) is None
    return made, ended, given


def test_a_district_gets_back_what_it_wrote_and_shared_and_was_told(three, databases):
    city, yanta, changan = three
    made, ended, _given = lost_by(yanta, changan, city, databases)
    wires = linked(city, yanta, changan)
    assert [wire.broken for wire in wires] == [None, None]
    for one in (made, ended):
        assert yanta.incident(one) == city.incident(one)
        assert yanta.about(one) == city.about(one)
    assert yanta.incident(made)["title"] == "改过的标题"
    assert len(yanta.incident(made)["entries"]) == 2
    assert changan.incident(made) == city.incident(made)


def test_the_log_of_a_restored_node_is_whole_and_nothing_of_it_was_refused(three, databases):
    city, yanta, changan = three
    lost_by(yanta, changan, city, databases)
    linked(city, yanta, changan)
    for node in three:
        with node.here():
            assert verify_log().bad is None
            assert not Peer.objects.filter(refused__gt=0).exists(), "told by the other end"
            assert not list(Quarantined.objects.values_list("peer", "reason", "item"))


def test_what_a_city_had_shared_with_two_districts_comes_back_to_it(three, databases):
    city, yanta, changan = three
    wires = linked(city, yanta, changan)
    copy = databases.copy(city.connection)
    made = city.report("两区都有")
    for node in (yanta, changan):
        share(city, made, node)
    city.write(made, "市里的记录")
    for wire in wires * 3:
        wire.settle()
    for wire in wires:
        wire.cut()
    city.restore(copy)
    assert city.incident(made) is None
    began = city.clock()
    linked(city, yanta, changan)
    assert city.about(made) == yanta.about(made) == changan.about(made)
    assert city.incident(made)["title"] == "两区都有"
    for node in (yanta, changan):
        with node.here():
            assert Peer.objects.get(node="xian").equal_at >= began


def test_the_city_is_told_that_a_district_went_on_from_a_copy(three, databases):
    city, yanta, changan = three
    lost_by(yanta, changan, city, databases)
    before = datetime.now(UTC)
    linked(city, yanta, changan)
    with city.here():
        renewed = {peer["node"]: peer["renewed_at"] for peer in health.states()["peers"]}
    assert datetime.fromisoformat(renewed[yanta.name]) >= before
    assert renewed[changan.name] is None, "its log never broke off"


def lamps(node) -> set[str]:
    """What its screens say of its peers while all of them are heard."""
    with node.here():
        now = datetime.now(UTC)
        Peer.objects.update(linked_at=now, heard_at=now)
        return {peer["state"] for peer in health.states()["peers"]}


def test_a_restored_node_is_not_called_live_before_it_is_proven_equal(three, databases):
    city, yanta, changan = three
    lost_by(yanta, changan, city, databases)
    with yanta.here():  # the links of these nodes have a clock ahead of the log's
        Peer.objects.update(equal_at=datetime.now(UTC) - timedelta(hours=1))
    assert lamps(yanta) == {"catching"}, "nothing waits here, and much is missing"
    linked(city, yanta, changan)
    assert lamps(yanta) == {"live"}


def test_what_came_too_early_is_refused_no_more_when_it_is_taken(three):
    city, yanta, changan = three
    linked(city, yanta, changan)
    made = yanta.report()
    linked(city, yanta, changan)
    city.write(made, "市里的记录")
    with city.here():
        entry = Envelope.objects.get(type="entry.written")
        early = pack(entry, cleared=True, via=via_of(entry))
    with changan.here():
        refused = take(peer=city.name, session=None, raws=[early], cursor=None).refused
        assert [pk for pk, _reason in refused] == [str(entry.id)]
        assert Quarantined.objects.count() == 1
    share(yanta, made, changan)
    linked(city, yanta, changan)
    assert len(changan.incident(made)["entries"]) == 1
    with changan.here():
        assert not Quarantined.objects.exists()


def test_a_peer_that_does_not_answer_for_what_was_lost_is_waited_for_half_a_minute(
    three, databases
):
    city, yanta, changan = three
    lost_by(yanta, changan, city, databases)
    wire = Wire(yanta, city)
    for _frame in range(4):  # hellos and proofs
        wire.deliver(city) or wire.deliver(yanta)
    wire.queues[city.name].clear()  # the question is never heard
    yanta.clock.pass_by(31)
    with yanta.here():
        frames = wire.down.tick()
    assert any(b'"kind":"resume"' in frame for frame in frames)


def test_a_restored_node_reminds_of_nothing_until_what_it_had_reminded_of_is_back(three, databases):
    _city, yanta, _changan = three
    reminded: list[str] = []
    job = timers.once_back(lambda: reminded.append("now"))
    with yanta.here():
        job()
        assert reminded == ["now"]
    lost_by(yanta, three[2], three[0], databases)
    with yanta.here():
        Peer.objects.update(equal_at=datetime.now(UTC) - timedelta(hours=1))  # as above
        job()
        assert reminded == ["now"]
    linked(three[0], yanta, three[2])
    with yanta.here():
        job()
        assert reminded == ["now", "now"]


def test_a_peer_that_is_away_holds_reminders_up_for_two_minutes_and_no_longer(three, databases):
    city, yanta, changan = three
    lost_by(yanta, changan, city, databases)
    with yanta.here():
        now = datetime.now(UTC)
        Peer.objects.update(equal_at=now - timedelta(hours=1))  # as above
        assert health.comes_back(now)
        assert not health.comes_back(now + health.HOLD + timedelta(seconds=1))
        assert not health.comes_back(now - timedelta(hours=6)), "the clock was set back since"

"""What one node writes, the other has: over a line that comes and goes."""

from unittest.mock import patch

import pytest
from django.db import OperationalError

from emergency.models import Entry
from emergency.services import entries
from realtime.link import erasing, pairing, sharing
from realtime.models import Envelope, Peer, Share
from realtime.verify import verify_log
from tests.link.world import CHANGAN, CITY, YANTA, Wire


@pytest.fixture
def yanta(paired):
    return paired(YANTA)


@pytest.fixture
def changan(paired):
    return paired(CHANGAN)


def share(giver, incident, node):
    """Share an incident with one more node."""
    with giver.here():
        return sharing.grant(thing=f"incident/{incident.pk}", node=node.name, actor="a@b c")


def peer(node, other) -> Peer:
    with node.here():
        return Peer.objects.get(node=other.name)


def test_an_incident_of_a_district_is_at_the_city_as_the_district_sees_it(city, yanta):
    made = yanta.report("雁塔区 电梯困人", reporter={"phone": "029-1"}, dead=None, injured=2)
    Wire(yanta, city).run()
    assert city.incident(made) == yanta.incident(made)
    assert city.about(made) == yanta.about(made)


def test_what_both_write_about_it_meets_at_both(city, yanta):
    made = yanta.report()
    wire = Wire(yanta, city)
    wire.run()
    city.write(made, "市里已派员")
    yanta.write(made, "现场已封控")
    yanta.change(made, injured=3)
    wire.run()
    assert city.incident(made) == yanta.incident(made)
    assert {one["text"] for one in city.incident(made)["entries"]} == {"市里已派员", "现场已封控"}
    assert city.incident(made)["casualties"]["injured"] == 3


def test_a_cut_line_goes_on_where_the_receiver_stands(city, yanta):
    made = [yanta.report(str(number)) for number in range(5)]
    first = Wire(yanta, city)
    first.run()
    made += [yanta.report(str(number)) for number in range(5, 9)]
    first._do(yanta, first.down.poll)  # on the way, and lost
    first.cut()
    second = Wire(yanta, city)
    second.run()
    assert [city.incident(one)["title"] for one in made] == [str(number) for number in range(9)]
    sent = [item for batch in second.frames("batch") for item in batch["items"]]
    assert len(sent) == 4


def test_what_could_not_be_kept_is_not_acknowledged_and_comes_again(city, yanta):
    Wire(yanta, city).settle()
    made, before = yanta.report("磁盘写满时送达"), peer(yanta, city).acked
    full = patch("realtime.link.applying.apply", side_effect=OperationalError("disk is full"))
    with full, pytest.raises(OperationalError):
        Wire(yanta, city).run()
    assert peer(yanta, city).acked == before
    Wire(yanta, city).settle()
    assert city.incident(made) == yanta.incident(made)


def test_the_same_batch_again_changes_nothing(city, yanta):
    made = yanta.report()
    wire = Wire(yanta, city)
    wire.run()
    (batch,) = [frame for to, frame in wire.sent if to == city.name and b'"batch"' in frame]
    before, head = city.incident(made), city.head()
    wire.queues[city.name].append(batch)
    wire.run()
    assert (city.incident(made), city.head()) == (before, head)
    assert wire.broken is None


def test_what_stays_at_home_is_in_no_frame(city, yanta, changan):
    made = city.report("canary-of-the-city", summary="canary-of-the-city")
    city.write(made, "canary-of-the-city")
    wires = [Wire(node, city).settle() for node in (yanta, changan)]
    for wire in wires:
        assert not [frame for _to, frame in wire.sent if b"canary" in frame]
    assert yanta.incident(made) is changan.incident(made) is None
    assert wires[0].broken is wires[1].broken is None


def test_an_incident_of_one_district_is_not_told_to_another(city, yanta, changan):
    made = yanta.report("canary-of-yanta")
    Wire(yanta, city).run()
    wire = Wire(changan, city).settle()
    assert city.incident(made) is not None
    assert changan.incident(made) is None
    assert not [frame for _to, frame in wire.sent if b"canary" in frame]


def test_a_share_brings_what_was_written_before_it_and_after(city, yanta, changan):
    made = yanta.report()
    yanta.write(made, "before")
    up, down = Wire(yanta, city), Wire(changan, city)
    up.run()
    city.write(made, "of the city")
    down.run()
    assert changan.incident(made) is None

    share(city, made, changan)
    up.run()
    down.run()
    yanta.write(made, "after")
    up.run()
    down.run()
    changan.write(made, "of the third")
    down.run()
    up.run()
    assert changan.incident(made) == city.incident(made) == yanta.incident(made)
    texts = {one["text"] for one in yanta.incident(made)["entries"]}
    assert texts == {"before", "of the city", "after", "of the third"}
    assert yanta.about(made) == city.about(made) == changan.about(made)


def test_an_old_thing_is_sent_whole_though_the_line_breaks_in_between(
    city, yanta, changan, monkeypatch
):
    monkeypatch.setattr("realtime.link.outgoing.ROWS", 3)
    made = yanta.report()
    for number in range(10):
        yanta.write(made, str(number))
    Wire(yanta, city).run()
    Wire(changan, city).run()
    share(city, made, changan)
    wire = Wire(changan, city)
    for _turn in range(12):
        wire.deliver(city)
        wire.deliver(changan)
        if wire.frames("batch"):
            break
    wire.cut()
    Wire(changan, city).run()
    assert changan.about(made) == city.about(made)


def test_an_ended_share_brings_nothing_more(city, yanta, changan):
    made = yanta.report()
    up, down = Wire(yanta, city), Wire(changan, city)
    up.run()
    given = share(city, made, changan)
    up.run()
    down.run()
    with city.here():
        sharing.end(share=given, actor="a@b c")
    city.write(made, "canary")
    up.run()
    down.run()
    assert not [frame for to, frame in down.sent if to == changan.name and b"canary" in frame]
    assert {one["text"] for one in yanta.incident(made)["entries"]} == {"canary"}


def test_after_the_end_of_a_share_that_node_erases_and_confirms_it(city, yanta, changan):
    made = yanta.report("canary-gone", summary="canary-gone")
    up, down = Wire(yanta, city), Wire(changan, city)
    up.run()
    given = share(city, made, changan)
    down.run()
    changan.write(made, "its own")
    assert changan.incident(made) is not None
    with city.here():
        sharing.end(share=given, actor="a@b c")
    down.run()
    with changan.here():
        assert erasing.erase_due() == 1
        assert erasing.erase_due() == 0
        rows = Envelope.objects.filter(about=f"incident/{made.pk}")
        kept = [bytes(row.public) for row in rows if row.public is not None]
        assert not [body for body in kept if b"canary-gone" in body]
        assert verify_log().bad is None
    assert changan.incident(made) is None
    down.settle()
    with city.here():
        assert Share.objects.get(pk=given.pk).erased_at is not None
    assert city.incident(made)["title"] == "canary-gone"
    assert peer(changan, city).equal_at is not None


def test_what_was_erased_is_back_whole_when_it_is_shared_again(city, yanta, changan):
    made = yanta.report(reporter={"phone": "029"})
    yanta.write(made, "an entry")
    up, down = Wire(yanta, city), Wire(changan, city)
    up.run()
    given = share(city, made, changan)
    down.run()
    with city.here():
        sharing.end(share=given, actor="a@b c")
    down.run()
    with changan.here():
        erasing.erase_due()
    share(city, made, changan)
    down.settle()
    up.settle()
    assert changan.incident(made) == city.incident(made) == yanta.incident(made)
    assert changan.incident(made)["reporter"] == {"phone": "029"}


def test_the_personal_part_stays_where_it_is_cleared(city, paired):
    yanta = paired(YANTA, cleared=False)
    made = yanta.report(reporter={"name": "canary-person", "phone": "029"})
    wire = Wire(yanta, city).settle()
    assert not [frame for _to, frame in wire.sent if b"canary-person" in frame]
    assert not {"reporter", "site_contact"} & city.incident(made).keys()
    assert city.about(made) == yanta.about(made)
    assert peer(city, yanta).equal_at is not None


def test_a_clearance_withdrawn_holds_on_the_line_that_stands(city, yanta):
    wire = Wire(yanta, city).settle()
    with yanta.here():
        pairing.confirm(node=CITY, actor="admin@yanta security_admin", cleared=False)
    made = yanta.report(reporter={"name": "canary-person", "phone": "029"})
    wire.settle()
    assert not [frame for _to, frame in wire.sent if b"canary-person" in frame]
    assert city.about(made) == yanta.about(made)
    with yanta.here():
        pairing.confirm(node=CITY, actor="admin@yanta security_admin", cleared=True)
    later = yanta.report(reporter={"name": "later", "phone": "029"})
    wire.settle()
    assert city.incident(later)["reporter"]["name"] == "later"


def test_equal_is_said_only_after_both_have_counted(city, yanta):
    yanta.report()
    city.report()
    wire = Wire(yanta, city)
    wire.run()
    assert peer(city, yanta).equal_at is peer(yanta, city).equal_at is None
    wire.settle()
    assert peer(city, yanta).equal_at is not None
    assert peer(yanta, city).equal_at is not None


def test_an_envelope_that_got_lost_is_found_and_returned_in_three_round_trips(city, yanta):
    made = [yanta.report(str(number)) for number in range(20)]
    Wire(yanta, city).settle()
    with city.here():
        Envelope.objects.filter(subject=f"incident/{made[7].pk}").delete()
    wire = Wire(yanta, city)
    wire.run()
    wire.tick()
    assert city.about(made[7]) == yanta.about(made[7])
    asked = [one for one in wire.frames("digest") if one["set"] == "rest"] + wire.frames("want")
    assert len(asked) <= 6
    before = peer(yanta, city).equal_at
    wire.settle()
    assert wire.broken is None
    assert before is None or peer(yanta, city).equal_at > before


def test_the_newer_revision_is_in_force_whatever_comes_last(city, yanta):
    made = yanta.report("one")
    yanta.change(made, title="two")
    yanta.change(made, title="three")
    Wire(yanta, city).run()
    with city.here():
        Envelope.objects.filter(subject=f"incident/{made.pk}", rev=2).delete()
    Wire(yanta, city).settle()
    assert len(city.envelopes(subject=f"incident/{made.pk}")) == 3
    assert city.incident(made)["title"] == "three"


def test_what_that_node_wrote_itself_is_back_too_when_it_is_shared_again(city, yanta, changan):
    made = yanta.report()
    up, down = Wire(yanta, city), Wire(changan, city)
    up.run()
    given = share(city, made, changan)
    down.run()
    changan.write(made, "of the third")
    down.run()
    with city.here():
        sharing.end(share=given, actor="a@b c")
    down.run()
    with changan.here():
        erasing.erase_due()
    share(city, made, changan)
    down.settle()
    assert {one["text"] for one in changan.incident(made)["entries"]} == {"of the third"}
    assert changan.incident(made) == city.incident(made)


def test_an_entry_that_was_corrected_twice_is_erased_with_the_others(city, yanta, changan):
    made = yanta.report()
    yanta.write(made, "one")
    with yanta.here():
        for text in ("two", "three"):
            last = Entry.objects.get(corrected_by=None)
            entries.correct_entry(actor=yanta.officer, entry=last, text=text)
    Wire(yanta, city).run()
    given = share(city, made, changan)
    down = Wire(changan, city)
    down.run()
    with city.here():
        sharing.end(share=given, actor="a@b c")
    down.run()
    with changan.here():
        assert erasing.erase_due() == 1 and not Entry.objects.exists()
    assert changan.incident(made) is None

"""When both ends know that they hold the same: at rest, and where nothing ever rests."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import orjson
import pytest

from emergency.services import accounts
from realtime import log
from realtime.link import digests
from realtime.link.digests import Ledger
from realtime.link.frames import LIMIT, frame, parse
from realtime.link.session import LinkSession
from realtime.models import Envelope, Peer
from tests.link.world import CITY, YANTA, Wire


@pytest.fixture
def yanta(paired):
    return paired(YANTA)


@pytest.fixture(autouse=True)
def stamped(city, monkeypatch):
    """What is written bears the time of the sessions, so that time passes for both."""

    class Stamps(datetime):
        @classmethod
        def now(cls, _zone=None) -> datetime:
            return city.clock()

    monkeypatch.setattr(log, "datetime", Stamps)
    monkeypatch.setattr(digests, "timezone", SimpleNamespace(now=city.clock))


def equal_at(node, other) -> datetime | None:
    with node.here():
        return Peer.objects.get(node=other.name).equal_at


def test_a_line_at_rest_is_not_compared_again_before_it_is_long_ago(city, yanta):
    wire = Wire(yanta, city).settle()
    before = len(wire.frames("digest"))
    for _second in range(30):
        wire.tick(1.0)
    assert len(wire.frames("digest")) == before
    for _quarter in range(20):
        wire.tick(15.0)
    assert len(wire.frames("digest")) > before


@pytest.mark.parametrize("end", [YANTA, CITY])
def test_either_end_may_ask_for_a_comparison_and_both_know(city, yanta, end):
    wire = Wire(yanta, city).settle()
    asker, other = (yanta, city) if end == YANTA else (city, yanta)
    with asker.here():
        LinkSession.compare_now(other.name)
    asked = yanta.clock()
    wire.tick(1.0)
    wire.tick(1.0)
    assert min(equal_at(yanta, city), equal_at(city, yanta)) > asked
    before = len(wire.frames("digest"))
    wire.tick(1.0)
    assert len(wire.frames("digest")) == before, "asked once, answered once"


def test_a_line_that_never_rests_is_proven_equal_all_the_same(city, yanta):
    wire = Wire(yanta, city)
    for number in range(12):
        yanta.report(str(number))
        wire.run()
        wire.tick(0.9)
        moments = equal_at(yanta, city), equal_at(city, yanta)
        if any(moments):
            break
    assert None not in moments
    assert max(moments) <= wire.down._settled[1], "what was not yet acknowledged is not claimed"


def test_what_came_last_is_compared_once_it_rests(city, yanta):
    wire = Wire(yanta, city)
    for number in range(12):
        yanta.report(str(number))
        wire.run()
        before = len(wire.frames("digest"))
        wire.tick(0.9)
        if any(one["until"] for one in wire.frames("digest")[before:]):
            break
    wrote = yanta.clock()
    wire.tick(1.5)
    assert min(equal_at(yanta, city), equal_at(city, yanta)) >= wrote


def test_what_came_after_the_moment_is_not_missing(city, yanta):
    yanta.report("both have it")
    Wire(yanta, city).settle()
    moment = city.clock()
    yanta.report("on its way")
    sums, rows = {}, {}
    for node, other in ((yanta, city), (city, yanta)):
        with node.here():
            ledger = Ledger(other.name)
            sums[node.name] = [ledger.hours("first", until) for until in (moment, None)]
            found = ledger.of_hours("first", list(ledger.hours("first")), moment)
            rows[node.name] = {hour: sorted(parts) for hour, parts in found.items()}
    (mine, mine_now), (theirs, theirs_now) = sums.values()
    assert mine == theirs == theirs_now != mine_now
    assert rows[YANTA] == rows[CITY]


def test_what_was_lost_is_found_where_nothing_rests(city, yanta):
    made = yanta.report("lost at the city")
    yanta.report("kept")
    Wire(yanta, city).settle()
    with city.here():
        Envelope.objects.filter(subject=f"incident/{made.pk}").delete()
    wire = Wire(yanta, city)
    for number in range(12):
        yanta.report(str(number))
        wire.run()
        wire.tick(0.9)
    assert city.about(made) == yanta.about(made)
    assert equal_at(city, yanta) is not None


def test_who_has_something_on_its_way_does_not_answer_for_that_moment(city, yanta):
    wire = Wire(yanta, city).settle()
    city.report("on its way")
    with city.here():
        wire.up.poll()  # sent, and lost on the line
    with yanta.here():
        until = yanta.clock().isoformat()
        asked = wire.down._ledger.opening("first")
    with city.here():
        which, level, sums = asked
        answer = [orjson.loads(one) for one in wire.up._on_digest(which, level, sums, until)]
        assert answer == [] or (answer[0]["level"] == "hours" and answer[0]["until"] < until)
        assert wire.up._on_digest(which, level, sums, "") != []


@pytest.mark.parametrize("until", ["x", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_that_is_none_ends_the_session(city, yanta, until):
    wire = Wire(yanta, city).settle()
    wire._do(city, wire.up._on_digest, "first", "parts", {}, until)
    assert wire.broken.code == 4400


def test_what_is_relayed_late_is_not_missing_though_it_bears_an_older_time(city, yanta):
    yanta.report("both have it")
    wire = Wire(yanta, city).settle()
    wire.tick(1.0)
    with city.here():
        position, _moment = wire.up._settled
        city.report("of one whose clock is slow")
        found = Envelope.objects.filter(position__gt=position)
        late = city.clock() - timedelta(hours=1)
        found.update(time=late)
        assert wire.up._settled_until() < late
        assert not wire.up._is_settled(late)


@pytest.mark.parametrize("until", ["", "9999-12-31T23:59:59+00:00"])
def test_equality_that_nobody_asked_about_is_not_believed(city, yanta, until):
    wire = Wire(yanta, city).settle()
    before = equal_at(city, yanta)
    wire.lower.clock.pass_by(5)
    wire._do(city, wire.up._on_digest, "rest", "equal", {}, until)
    assert equal_at(city, yanta) == before


def test_equality_never_goes_back(city, yanta):
    wire = Wire(yanta, city).settle()
    before = equal_at(city, yanta)
    with city.here():
        wire.up._equal(before - timedelta(minutes=1))
    assert equal_at(city, yanta) == before


def test_what_stays_on_this_node_does_not_keep_a_line_from_resting(city, yanta):
    wire = Wire(yanta, city).settle()
    for _second in range(6):
        with city.here():
            accounts.note_sign_in(officer=city.officer, address="")
        wire.tick(1.0)
    assert wire.up._unheard is None
    with city.here():
        assert wire.up._changed < city.clock() - timedelta(seconds=5)


def test_what_is_long_ago_is_told_by_the_day_so_that_years_fit_into_a_frame(city, yanta):
    Wire(yanta, city).settle()
    now = int(city.clock().timestamp()) // 3600
    years = {now - hour: (1, hour) for hour in range(20 * 365 * 24)}
    with city.here():
        ledger = Ledger(YANTA)
        ledger.hours("first")
        ledger._hours["first"] = years
        told = ledger.hours("first")
    assert sum(count for count, _sum in told.values()) == len(years)
    assert sum(int(total, 16) for _count, total in told.values()) == sum(range(len(years)))
    data = frame("digest", set="first", level="hours", sums=told, until="")
    assert parse(data)["sums"] == told and len(data) < LIMIT


def test_what_was_lost_long_ago_is_found_by_its_day(city, yanta):
    city.clock.pass_by(-100 * 86_400)
    made = [yanta.report(str(number)) for number in range(4)]
    Wire(yanta, city).settle()
    with city.here():
        Envelope.objects.filter(subject=f"incident/{made[1].pk}").delete()
    city.clock.pass_by(100 * 86_400)
    wire = Wire(yanta, city).settle()
    keys = {key for one in wire.frames("digest") for key in one["sums"]}
    assert any(key.endswith("d") for key in keys)
    assert city.about(made[1]) == yanta.about(made[1])


def test_however_much_is_lost_an_answer_fits_and_all_of_it_comes_back(city, yanta, monkeypatch):
    monkeypatch.setattr(digests, "MOST_KEYS", 1)
    made = []
    city.clock.pass_by(-4 * 86_400)
    for day in range(3):
        made += [yanta.report(f"{day} {number}") for number in range(2)]
        city.clock.pass_by(86_400)
    Wire(yanta, city).settle()
    with city.here():
        lost = [f"incident/{one.pk}" for one in made[:-1]]
        Envelope.objects.filter(subject__in=lost).delete()
    wire = Wire(yanta, city)
    for _round in range(4):
        wire.settle()
    assert all(len(one["sums"]) <= 1 for one in wire.frames("digest") if one["level"] == "parts")
    assert all(city.about(one) == yanta.about(one) for one in made)

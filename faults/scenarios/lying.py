"""What a peer with a proven key may say without harm: lies, duplicates, gaps, clocks, cursors."""

import itertools
import random
import secrets
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from faults.federation import Federation
from faults.liar import Closed, Fields, Forge
from faults.lies import PARKED, QUARANTINED, Ground
from faults.load import canary
from faults.nodes import HONEST, SPARE, YANTA, wait_until
from faults.report import Outcome
from faults.scenarios.handshakes import FORBIDDEN, HUNG_UP, dial

BATCH = 100
NOWHERE = "0" * 32


class Feed:
    """A session of a liar with its own log: a position for everything that it says."""

    def __init__(self, made: Federation, node: str = HONEST):
        self.liar = dial(made, node)
        self.forge = Forge(node, made.liars[node])
        resumed = self.liar.open()
        self.position = resumed["after"]

    def __enter__(self) -> "Feed":
        return self

    def __exit__(self, *_error: object) -> None:
        self.liar.socket.close()

    def tell(self, *items: Any) -> Fields:
        """One batch; the node's ack."""
        self.position += len(items)
        return self.liar.batch(list(items), self.position)


def ground(made: Federation, feed: Feed) -> Ground:
    """One incident of the liar and one of a district, both known to the city."""
    own, mark = str(uuid.uuid4()), canary()
    feed.tell(feed.forge.incident("an incident of the liar", own))
    foreign = made.lower[YANTA].report(mark)
    wait_until(lambda: mark in made.city.titles(mark), within=30, what="the district's incident")
    return Ground(feed.forge, own, foreign)


def counted(made: Federation) -> tuple[int, int]:
    """Quarantined and parked of the liar, as the city shows it."""
    peer = made.city.peers()[HONEST]
    return peer["quarantined"], peer["parked"]


def kinds_of_lies(made: Federation) -> Outcome:
    """Each kind of lie, one by one: refused or parked as it should be, and the link goes on."""
    outcome = Outcome("kinds of lies", f"{len(QUARANTINED)} quarantined, {len(PARKED)} parked")
    with Feed(made) as feed:
        on = ground(made, feed)
        before = made.city.get(f"/incidents/{on.foreign}")
        for name, lie in (QUARANTINED | PARKED).items():
            was = counted(made)
            try:
                refused = len(feed.tell(lie(on))["refused"])
            except (Closed, TimeoutError) as error:
                outcome.wrong.append(f"{name}: ended the link ({error!r})")
                feed.liar.socket.close()
                feed.__init__(made)
                continue
            now = counted(made)
            told = refused, now[0] - was[0], now[1] - was[1]
            wanted = (1, 1, 0) if name in QUARANTINED else (0, 0, 1)
            outcome.require(told == wanted, f"{name}: refused, quarantined, parked {told}")
        after = made.city.get(f"/incidents/{on.foreign}")
    for one in (before, after):
        one.pop("cursor")
    outcome.require(before == after, "the incident of a district was changed by a lie")
    outcome.require(made.city.log_is_whole(), "verifylog of the city found something")
    outcome.measured = {"wrong": len(outcome.wrong)}
    return outcome


def _mixed(on: Ground, total: int, bad: int, rng: random.Random) -> Iterator[tuple[str, Any]]:
    """`total` items in random order, `bad` of them lies of every kind: what it is, and the item."""
    lies = itertools.cycle(
        [("quarantined", lie) for lie in QUARANTINED.values()]
        + [("parked", lie) for lie in PARKED.values()]
    )
    order = [*itertools.islice(lies, bad), *[("kept", None)] * (total - bad)]
    rng.shuffle(order)
    for what, lie in order:
        yield what, lie(on) if lie else on.forge.entry(on.own, secrets.token_hex(8))


def malformed(made: Federation, *, total: int = 10_000, bad: int = 1_000) -> Outcome:
    """Lies among honest entries: the link never stops and the counts are exact."""
    outcome = Outcome("malformed among good", f"{bad} of {total}, exact counts, no stop")
    with Feed(made) as feed:
        on = ground(made, feed)
        was = counted(made)
        told: dict[str, int] = {"quarantined": 0, "parked": 0, "kept": 0}
        items = _mixed(on, total, bad, random.Random(7))
        refused = 0
        while batch := list(itertools.islice(items, BATCH)):
            for what, _item in batch:
                told[what] += 1
            refused += len(feed.tell(*(item for _what, item in batch))["refused"])
        now = counted(made)
        entries = len(made.city.get(f"/incidents/{on.own}")["entries"])
        with dial(made) as again:
            again.epoch = feed.liar.epoch
            outcome.require(again.open()["after"] == feed.position, "the cursor is not at the end")
    outcome.require(refused == told["quarantined"], f"{refused} refused")
    outcome.require(now[0] - was[0] == told["quarantined"], f"{now[0] - was[0]} quarantined")
    outcome.require(now[1] - was[1] == told["parked"], f"{now[1] - was[1]} parked")
    outcome.require(entries == told["kept"], f"{entries} entries")
    outcome.measured = told
    return outcome


def repeated(made: Federation, *, frames: int = 100_000) -> Outcome:
    """Duplicates, replays, gaps and any order: every effect once, the newest in force."""
    outcome = Outcome(
        "duplicates, replays, reordering, gaps", f"0 double effects in {frames} frames"
    )
    rng = random.Random(11)
    sent = 0
    with Feed(made) as feed:
        pk = str(uuid.uuid4())
        revisions = [feed.forge.incident(f"revision {rev}", pk, rev=rev) for rev in range(1, 21)]
        entries = [feed.forge.entry(pk, f"line {number}") for number in range(20)]
        feed.tell(revisions[0])
        while sent < frames:
            items = rng.sample(revisions + entries, rng.randint(1, 8))
            feed.position += rng.randint(0, 50)  # gaps; and a cursor that goes back now and then
            feed.liar.batch(items + items[:1], max(0, feed.position - rng.choice((0, 0, 0, 40))))
            sent += 1
        feed.tell(*revisions, *entries)
    shown = made.city.get(f"/incidents/{pk}")
    outcome.require(shown["title"] == "revision 20", f"{shown['title']!r} is in force")
    texts = sorted(one["text"] for one in shown["entries"])
    outcome.require(texts == sorted(f"line {n}" for n in range(20)), f"{len(texts)} entries")
    outcome.require(len(shown["history"]) == 20, f"{len(shown['history'])} lines of history")
    outcome.measured = {"frames": sent}
    return outcome


def forks(made: Federation) -> Outcome:
    """Two envelopes of equal term and revision: the greater id is in force, whichever came last."""
    outcome = Outcome("forks and clocks", "same winner whatever the order and the clock; 1970 kept")
    ahead = datetime.now(UTC) + timedelta(minutes=10)
    times = ahead.isoformat(timespec="microseconds"), "1970-01-01T00:00:00.000000+00:00"
    with Feed(made) as feed:
        for turned, time in itertools.product((False, True), times):
            pk = str(uuid.uuid4())
            low, high = sorted(str(uuid.uuid4()) for _one in range(2))
            both = [
                feed.forge.incident("the lower id", pk, id=low),
                feed.forge.incident("the greater id", pk, id=high, time=time),
            ]
            for item in both[::-1] if turned else both:
                feed.tell(item)
            shown = made.city.get(f"/incidents/{pk}")
            title = shown["title"] if shown else None
            outcome.require(title == "the greater id", f"{title!r} is in force, turned: {turned}")
        same = feed.forge.incident("one id")
        other = feed.forge.incident("one id", id=orjson.loads(same["header"])["id"])
        feed.tell(same)
        refused = feed.tell(other)["refused"]
        outcome.require(len(refused) == 1, "an id stands for two headers")
    return outcome


def _frame(kind: str, **fields: Any) -> Fields:
    return {"kind": kind} | fields


def _digest(level: str, sums: Any, which: str = "rest") -> Fields:
    return _frame("digest", set=which, level=level, sums=sums, until="")


FRAMES: dict[str, tuple[Fields | str, int]] = {
    "a negative position": (_frame("resume", epoch=NOWHERE, after=-1, last=""), FORBIDDEN),
    "position 2^63": (_frame("resume", epoch=NOWHERE, after=2**63, last=""), FORBIDDEN),
    "position 2^64": ('{"kind":"resume","epoch":"","after":18446744073709551616,"last":""}', 4400),
    "an ack beyond the head": (_frame("ack", position=10**9, refused=[]), FORBIDDEN),
    "an ack of 2^63": (_frame("ack", position=2**63, refused=[]), FORBIDDEN),
    "a refusal of another shape": (_frame("ack", position=0, refused=[["a"]]), FORBIDDEN),
    "a batch that is no list": (_frame("batch", items={}, upto=1, last=""), FORBIDDEN),
    "a last that is no id": (_frame("batch", items=[], upto=1, last="x"), FORBIDDEN),
    "1,001 items": (_frame("batch", items=[0] * 1001, upto=1, last=""), FORBIDDEN),
    "ids that are none": (_frame("want", ids=["x"]), FORBIDDEN),
    "10,001 ids": (_frame("want", ids=[""] * 10_001), FORBIDDEN),
    "a digest of no set": (_digest("hours", {}, which="all"), FORBIDDEN),
    "a digest of no level": (_digest("minutes", {}), FORBIDDEN),
    "an hour that is none": (_digest("hours", {"x": [1, "00"]}), FORBIDDEN),
    "an hour of 30 digits": (_digest("hours", {"9" * 30: [1, "00"]}), FORBIDDEN),
    "parts of another shape": (_digest("parts", {"1": 5}), FORBIDDEN),
    "ids of another shape": (_digest("ids", {"1": {"00": 5}}), FORBIDDEN),
    "a clock of another shape": (_frame("ping", clock="now"), FORBIDDEN),
    "a clock without a zone": (_frame("ping", clock="2026-01-01T00:00:00"), FORBIDDEN),
    "a frame of more than 1 MiB": (_frame("want", ids=["x" * 200] * 6000), HUNG_UP),
}


def frames_out_of_shape(made: Federation) -> Outcome:
    """Frames of a proven peer that cannot be: each ends the session, and the next one begins."""
    outcome = Outcome("frames out of shape", f"{len(FRAMES)} frames, each ends its session alone")
    for name, (frame, code) in FRAMES.items():
        with dial(made) as liar:
            liar.open()
            try:
                liar.say(frame)
                told = liar.closed()
            except Closed as closed:
                told = closed.code
            except TimeoutError:
                told = 0
        outcome.require(told == code, f"{name}: {told} instead of {code}")
    with dial(made) as liar:
        outcome.require(liar.open()["kind"] == "resume", "no session begins any more")
    return outcome


def false_cursors(made: Federation) -> Outcome:
    """A cursor of another epoch begins at 0; one beyond the head begins a new epoch."""
    outcome = Outcome("false cursors", "another epoch: from 0; beyond the head: a new epoch")
    with dial(made) as liar:
        liar.open()
        liar.resume(NOWHERE, 10**6)
        first = liar.hear("batch")
        outcome.require(first["items"] != [], "nothing came for a cursor of another epoch")
        epoch = orjson.loads(liar.theirs)["epoch"]
    with dial(made) as liar:
        liar.open()
        liar.resume(epoch, 10**6, str(uuid.uuid4()))
        outcome.require(liar.closed() == 4409, "a cursor beyond the head was taken")
    with dial(made) as liar:
        liar.hello()
        outcome.require(orjson.loads(liar.theirs)["epoch"] != epoch, "the epoch is as it was")
    return outcome


def two_sessions(made: Federation) -> Outcome:
    """A newer session of a peer replaces the older, whose batches change nothing."""
    outcome = Outcome("two sessions of one peer", "the newer one replaces the older")
    with Feed(made) as old:
        with Feed(made):
            try:
                old.tell(old.forge.incident("from a replaced session"))
                code = 0
            except Closed as closed:
                code = closed.code
        outcome.require(code == 4409, f"the older session ended with {code}")
        outcome.require(not made.city.titles("from a replaced session"), "its batch was taken")
    return outcome


def revoked_while_linked(made: Federation, *, node: str = SPARE) -> Outcome:
    """A revocation ends an open session within five seconds, and no other begins."""
    outcome = Outcome("revocation", "an open session ends within 5 s")
    with Feed(made, node) as feed:
        made.city.commands(["pairnode", "revoke", node])
        started = time.monotonic()
        outcome.require((code := feed.liar.closed()) == 4409, f"ended with {code}")
        outcome.within("ended after s", time.monotonic() - started, 5)
    with dial(made, node) as liar:
        liar.hello()
        outcome.require(liar.closed() == 4403, "a revoked key begins a session")
    return outcome

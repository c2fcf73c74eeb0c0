"""The score of an exercise with 5,000 log entries and 20 expectations.

Measured: `drills.scoring` from events as they come out of the log to the score, timeline included,
in this process. The events: an exercise at ×4 with 20 injects, 100 incidents, first reports by
phone, receipts and entries, in any order.
Peer: the same two metrics (time to log, time to the report by phone) by pandas (a frame of all
events, filters and merges), answers compared, value by value.
Bound by: sorting the events and finding those of one kind.
"""

import random
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pandas

from bench.city import Cities
from bench.report import Line, Result, quantile
from drills.scoring.score import score
from drills.scoring.timeline import Event, Timeline

EVENTS, EXPECTED, TIMES = 5_000, 20, 15
BEGINS, SPEED = datetime(2026, 11, 26, 8, tzinfo=UTC), 4


def run(_cities: Cities, *, quick: bool = False) -> Result:
    """Both, in this process."""
    events = story(500 if quick else EVENTS)
    ours, theirs, differ = [], [], 0
    for _time in range(3 if quick else TIMES):
        began = time.perf_counter()
        found = score(Timeline.of(events))
        ours.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        values = by_pandas(events)
        theirs.append((time.perf_counter() - began) * 1000)
        differ += [row.measured.value for row in found.rows] != values
    lines = [
        Line("a score, median", "ms", [quantile(ours, 0.5)], [quantile(theirs, 0.5)], target=2000),
        Line("a score, slowest", "ms", [max(ours)], [max(theirs)], target=2000),
        Line("runs with another value", "", [differ], target=0),
    ]
    title = f"Score of an exercise, {len(events)} events, {EXPECTED} expectations"
    return Result("score", title, "pandas: filters and merges, same process", lines, {})


def story(count: int) -> list[Event]:
    """An exercise in which each inject is answered by one of many incidents."""
    rng, events = random.Random(7), []
    incidents = [str(uuid.UUID(int=rng.getrandbits(128))) for _number in range(100)]

    def tell(seconds: float, kind: str, subject: str, /, **data: Any) -> None:
        moment = BEGINS + timedelta(seconds=seconds)
        id = str(uuid.UUID(int=rng.getrandbits(128)))
        events.append(Event(id, kind, subject, subject, "xian", "a@b c", 1, 1, moment, data))

    tell(0, "exercise.clock", "clock/x", since=BEGINS.isoformat(), at=0, speed=SPEED,
         state="running")  # fmt: skip
    for number in range(EXPECTED // 2):
        expected = [
            {"metric": metric, "organisation": "a", "target": 1, "limit": 60, "weight": 1}
            for metric in ("T1", "T3")
        ]
        tell(number * 60, "inject.written", f"inject/{number}", id=str(number), number=number,
             state="sent", at=number * 60_000 * SPEED, recipients=["a"], truth={},
             expected=expected)  # fmt: skip
    for number, id in enumerate(incidents):
        answers = number < EXPECTED // 2
        at = number * 60 + rng.uniform(1, 30) if answers else rng.uniform(0, 3000)
        tell(at, "incident.reported", f"incident/{id}", id=id, grade=None, type_code="11D02",
             state="received", location=None,
             organisations=[{"code": "a", "ground": "owner"}])  # fmt: skip
        if answers:
            tell(at, "inject.answered", f"reply/{number}", inject=str(number), incident=id,
                 organisation="a")  # fmt: skip
        reported = BEGINS + timedelta(seconds=at + 30)
        tell(at + 60, "report.made", f"report/{number}", incident=id, kind="phone",
             reported_at=reported.isoformat(), filled=[], lacking=[])  # fmt: skip
    while len(events) < count:
        number = len(events)
        about = rng.choice(incidents)
        tell(rng.uniform(0, 3000), "entry.written", f"entry/{number}", id=str(number),
             incident=about)  # fmt: skip
    rng.shuffle(events)
    return events


def by_pandas(events: list[Event]) -> list[int]:
    """Values of T1 and T3 of each inject, as somebody at a table would get them."""
    frame = pandas.DataFrame(
        [one.data | {"kind": one.subject.partition("/")[0], "time": one.time} for one in events]
    )
    frame["shown"] = (frame["time"] - BEGINS) // pandas.Timedelta(milliseconds=1) * SPEED
    injects = frame[frame["kind"] == "inject"].sort_values("at")[["id", "at"]]
    replies = frame[frame["kind"] == "reply"][["inject", "incident"]]
    logged = frame[frame["kind"] == "incident"][["id", "shown"]]
    reports = frame[frame["kind"] == "report"][["incident", "reported_at", "shown"]]
    named = pandas.to_datetime(reports["reported_at"], utc=True)
    reports = reports.assign(
        said=((named - BEGINS) // pandas.Timedelta(milliseconds=1) * SPEED).clip(
            upper=reports["shown"]
        )
    )
    joined = (
        injects.merge(replies, left_on="id", right_on="inject")
        .merge(logged, left_on="incident", right_on="id", suffixes=("", "_incident"))
        .merge(reports[["incident", "said"]], on="incident")
    )
    joined["T1"] = (joined["shown"] - joined["at"]).clip(lower=0)
    joined["T3"] = (joined["said"] - joined["at"]).clip(lower=0)
    return [int(value) for pair in joined[["T1", "T3"]].to_numpy() for value in pair]

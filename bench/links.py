"""Between two nodes: a report on a screen elsewhere, catching up after hours, proving equality.

Measured: a city and a district as processes on SQLite, linked over loopback, embedded nodes that
share all cores. Live: 20 reports a second at the district, 10 sockets at the city; for each
delivery the time from the envelope's stamp, just before its commit, to the socket. Catching up:
envelopes that wait at the district, from the moment that the line is up again until the last of
them is acknowledged; then both ends have to prove that they are equal. Equality: the sums over
100,000 envelopes of one log, from nothing and again.
Peer: the same rows copied from one SQLite file to another, as durable, with no network, signatures,
rights or tables of the desk: what a bare copy would take.
Bound by: the receiver's tables and signatures, about 0.7 ms of one core an envelope.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.city import Cities, Served
from bench.commit_to_screen import follow
from bench.report import Line, Result, quantile
from faults.federation import Federation, Template, federation
from faults.nodes import CITY, YANTA, Node, wait_until
from tests import servers

SOCKETS, RATE, SECONDS, BACKLOG, SUMMED, REPEATS = 10, 20, 30, 20_000, 100_000, 3


def run(cities: Cities, *, quick: bool = False) -> Result:
    """Live, then the backlogs, then the sums."""
    seconds, backlog, summed = (4, 400, 5_000) if quick else (SECONDS, BACKLOG, SUMMED)
    with tempfile.TemporaryDirectory(dir=cities.folder) as folder:
        template = Template(Path(folder) / "template")
        with federation(template, Path(folder) / "nodes", lower=[YANTA]) as made:
            live = _live(made, seconds)
            rates = [_catch_up(made, backlog) for _repeat in range(REPEATS)]
            made.city.kill()
            sums = _inside(made.city, "sums", YANTA, str(summed))
    return Result(
        "links",
        "Between two nodes",
        "the same rows copied from SQLite to SQLite, nothing checked, no network",
        list(_lines(live, rates, sums)),
        {"reports a second": RATE, "backlog": f"{backlog} envelopes, {REPEATS} times"},
    )


def _live(made: Federation, seconds: float) -> dict[str, Any]:
    city, yanta = made.city, made.lower[YANTA]
    listen = Served(next(iter(city.pids().values())), city.port)
    write = Served(next(iter(yanta.pids().values())), yanta.port)
    tokens = {"listening": [city.token], "writing": [yanta.token]}
    return follow(listen, "/api/incidents", tokens, seconds, sockets=SOCKETS, write=write)


def _catch_up(made: Federation, count: int) -> float:
    """Envelopes a second, from the line to the last acknowledgement."""
    city, yanta = made.city, made.lower[YANTA]
    city.kill()
    _inside(yanta, "backlog", str(count))
    before = datetime.now(UTC)
    city.start()

    def peer(name: str) -> datetime:
        told = yanta.peers()[CITY][name]
        return datetime.fromisoformat(told) if told else datetime.fromtimestamp(0, UTC)

    def drained() -> bool:
        return peer("linked_at") > before and not yanta.peers()[CITY]["backlog"]

    wait_until(drained, within=300, what="the backlog")
    rate = count / (datetime.now(UTC) - peer("linked_at")).total_seconds()
    wait_until(lambda: peer("equal_at") > before, within=60, what="equality")
    return rate


def _inside(node: Node, module: str, *words: str) -> Any:
    """Run `bench.inside.<module>` with the settings of this node; what it printed as JSON."""
    done = subprocess.run(
        [sys.executable, "-m", f"bench.inside.{module}", *words],
        cwd=servers.ROOT,
        env=os.environ | node.env | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)


def _lines(live: dict[str, Any], rates: list[float], sums: dict[str, Any]) -> Iterator[Line]:
    for share in (0.5, 0.95, 0.99):
        yield Line(
            f"commit to a screen at the other node, p{share * 100:.0f}",
            "ms",
            [quantile(live["from_commit"], share)],
            target=1000 if share == 0.95 else None,
        )
    yield Line("deliveries lost", "", [live["lost"]], target=0)
    yield Line(
        "catching up, envelopes/s", "", rates, sums["copied"], more_is_better=True, target=600
    )
    yield Line(f"sums over {sums['rows']:,}, from nothing", "ms", sums["first"], target=1000)
    yield Line("sums again", "ms", sums["again"])

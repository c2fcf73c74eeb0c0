"""From one officer's report to the other officers' screens.

Measured: 20 incidents a second are posted over HTTP to a node on SQLite, with ties to the demo
city, while 50 sockets with tokens of their own officers follow the feed. For every delivery: from
the time in the envelope, which is just before the commit, and from the moment the request was due.
Peer: a view that inserts one row (as durable) and tells Channels' group over Redis, with the same
requests and sockets; it draws no ties, signs nothing and asks no rights. For the field:
TicketsCAD 4.2.25, measured apart from this run, showed an incident in another browser after 0.78 s
(median of 6, at most 3.15 s), because its browsers ask every 3 seconds.
Bound by: the report's own work (bench/durable_writes.py), which runs in the same process as the
hub; node and generators share all cores, as on an officer's server.
"""

import statistics
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bench import machine
from bench.city import Cities, Served, node
from bench.fan_out import tutorial
from bench.generators import generator
from bench.report import Line, Result, quantile
from tests import servers

SOCKETS, RATE, SECONDS, CONNECTIONS = 50, 20, 30, 8
SLACK = 8  # seconds for the start of writers and for what is under way


def run(cities: Cities, *, quick: bool = False) -> Result:
    """Ours, then the peer."""
    seconds = 5 if quick else SECONDS
    with cities.fresh() as city, node(city) as served:
        tokens = city.tokens(10)  # the fifth is the observer, who writes nothing
        given = {"listening": tokens, "writing": tokens[:4]}
        ours = follow(served, "/api/incidents", given, seconds)
    with servers.redis() as redis, cities.fresh() as city, tutorial(city, redis, None) as served:
        none = {"listening": [], "writing": []}
        peer = follow(served, "/told", none, seconds, hello=False)
    return Result(
        "commit_to_screen",
        f"From a report to {SOCKETS} other screens, {RATE} reports a second",
        "a plain view with one insert and Channels' group_send over Redis, same requests",
        list(_lines(ours, peer)),
        {
            "node's CPU a report": f"{ours['cpu_ms']:.0f} ms, peer's {peer['cpu_ms']:.1f} ms",
            "generators' share of their core": f"{ours['own_share']:.0%}",
            "literature": "TicketsCAD 4.2.25: median 780 ms, worst 3,150 ms (3-second poll)",
        },
    )


def follow(
    served: Served,
    path: str,
    tokens: dict[str, list[str]],
    seconds: float,
    *,
    hello: bool = True,
    sockets: int = SOCKETS,
    write: Served | None = None,
) -> dict[str, Any]:
    """Post (to `write`, where it is another node) and listen; delays of all deliveries in ms."""
    write = write or served
    crowd = {"port": served.port, "path": "/ws/feed", "sockets": sockets, "size": 0}
    crowd |= {"hello": hello, "tokens": tokens["listening"]}
    writes = {"port": write.port, "path": path, "connections": CONNECTIONS}
    writes["tokens"] = tokens["writing"]
    with generator("bench.crowd", crowd) as listening:
        listening.begin("listen", seconds=seconds + 1 + SLACK)
        with generator("bench.posting", writes | {"rate": RATE, "seconds": 1}) as warm:
            warm.ask("write")
        plan = writes | {"rate": RATE, "seconds": seconds, "first": RATE}
        with generator("bench.posting", plan) as writing:
            meter = machine.Meter({"node": served.pid})
            written = writing.ask("write")
            busy = meter.seconds()["node"]
        heard = listening.answer()
    due = {one["seq"]: one["due"] for one in written["done"] if one["status"] == 201}
    arrivals = [one for one in heard["arrivals"] if one[0] in due]
    ahead = time.time() - time.monotonic()
    return {
        "from_due": [(at - due[seq]) * 1000 for seq, at, _stamp in arrivals],
        "from_commit": [
            (at + ahead - datetime.fromisoformat(stamp).timestamp()) * 1000
            for _seq, at, stamp in arrivals
            if stamp
        ],
        "failed": len(written["done"]) - len(due),
        "lost": sockets * len(due) - len(arrivals),
        "cpu_ms": busy / max(1, len(due)) * 1000,
        "own_share": statistics.mean([written["own_share"], heard["own_share"]]),
    }


def _lines(ours: dict[str, Any], peer: dict[str, Any]) -> Iterator[Line]:
    for share in (0.5, 0.95, 0.99):
        yield Line(
            f"commit to screen, p{share * 100:.0f}",
            "ms",
            [quantile(ours["from_commit"], share)],
            target=300 if share == 0.95 else None,
        )
    for share in (0.5, 0.95, 0.99):
        yield Line(
            f"request due to screen, p{share * 100:.0f}",
            "ms",
            [quantile(ours["from_due"], share)],
            [quantile(peer["from_due"], share)],
        )
    yield Line("reports refused", "", [ours["failed"]], [peer["failed"]], target=0)
    yield Line("deliveries lost", "", [ours["lost"]], [peer["lost"]], target=0)

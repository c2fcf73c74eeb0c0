"""Durable writes: 50 a second, each on disk before it is acknowledged.

Measured: requests from the moment they are due to their answer, with everything that the node
does for them: rights, checks, signed and chained envelopes, commit with fsync. Two loads: the
city's mix (one report with its ties to every layer, then fifteen timeline entries, which is how a
city's durable events divide) and, far above any city, reports only. On SQLite, and the mix on
PostgreSQL where the machine has it.
Peer: a plain Django view under the same Daphne that parses the same JSON and inserts one row into
SQLite with the same durability (WAL, synchronous FULL, fsync at each commit). It does none of the
rest: the difference is what log, ties and rights cost, so a ratio under 1 is expected.
Bound by: one core of Python for the node (the generator has the other), then the disk's fsync,
which stands beside.
"""

import contextlib
import statistics
from collections.abc import Iterator
from typing import Any

from bench import machine
from bench.city import Cities, City, Served, node
from bench.fan_out import tutorial
from bench.generators import generator
from bench.report import Line, Result, quantile
from scripts.system_packages import postgresql_bin
from tests import servers

RATE, CONNECTIONS, ENTRIES = 50, 8, 15
SECONDS, POSTGRES_SECONDS, PEER_SECONDS = 60, 30, 20


def run(cities: Cities, *, quick: bool = False) -> Result:
    """SQLite, PostgreSQL, peer."""
    seconds, postgres_seconds, peer_seconds = (
        (5, 5, 5) if quick else (SECONDS, POSTGRES_SECONDS, PEER_SECONDS)
    )
    found, conditions = {}, {"rate": f"{RATE}/s over {CONNECTIONS} connections, {seconds} s"}
    with cities.fresh() as city:
        found["SQLite, mix"] = _ours(city, seconds, ENTRIES)
        probe = machine.fsync_ms(city.var)
        conditions["fsync of this disk, ms"] = _summary(probe)
        conditions["node's core, mix"] = f"{found['SQLite, mix']['share']:.0%} busy"
    with cities.fresh() as city:
        found["SQLite, reports only"] = _ours(city, seconds, 0)
    if postgresql_bin() is not None:
        with servers.postgres(durable=True) as url, servers.redis() as redis:
            with cities.fresh(DATABASE_URL=url, REDIS_URL=redis) as city:
                found["PostgreSQL, mix"] = _ours(city, postgres_seconds, ENTRIES)
    else:
        conditions["PostgreSQL"] = "not measured: this machine has none"
    with servers.redis() as redis, cities.fresh() as city, tutorial(city, redis, None) as served:
        found["peer"] = _write(served, "/rows", [], peer_seconds, 0)
    return Result(
        "durable_writes",
        f"Durable writes at {RATE}/s",
        "a plain Django view that inserts one row into SQLite, same Daphne, same fsync",
        list(_lines(found)),
        conditions,
    )


def _ours(city: City, seconds: float, entries: int) -> dict[str, Any]:
    with node(city) as served:
        answer = _write(served, "/api/incidents", city.tokens(4), seconds, entries)
    return answer | {"locked": city.said("locked")}


def _write(
    served: Served, path: str, tokens: list[str], seconds: float, entries: int
) -> dict[str, Any]:
    plan = {"port": served.port, "path": path, "tokens": tokens, "rate": RATE}
    plan |= {"connections": CONNECTIONS, "entries": entries}
    with contextlib.ExitStack() as stack:
        # a second of writes loads the layers and opens the connections of the threads
        warm = stack.enter_context(generator("bench.posting", plan | {"seconds": 1}))
        warm.ask("write")
    with generator("bench.posting", plan | {"seconds": seconds, "first": RATE}) as started:
        meter = machine.Meter({"node": served.pid})
        done = started.ask("write")["done"]
        busy = meter.seconds()["node"]
    failed = [one for one in done if one["status"] != 201]
    if failed:
        print(f"  {len(failed)} failed, the first: {failed[0]['status']} {failed[0]['words']}")
    return {
        "ms": [(one["answered"] - one["due"]) * 1000 for one in done],
        "failed": len(failed),
        "share": busy / (max(one["answered"] for one in done) - min(one["due"] for one in done)),
        "cpu_ms": busy / len(done) * 1000,
    }


def _lines(found: dict[str, dict[str, Any]]) -> Iterator[Line]:
    peer = found.pop("peer")
    for name, one in found.items():
        for share in (0.5, 0.95, 0.99):
            yield Line(
                f"{name}, p{share * 100:.0f}",
                "ms",
                [quantile(one["ms"], share)],
                [quantile(peer["ms"], share)],
                target=300 if share == 0.95 else None,
            )
        yield Line(f"{name}, failed", "", [one["failed"]], target=0)
        yield Line(f"{name}, 'locked' in the node's log", "", [one["locked"]], target=0)
        yield Line(f"{name}, node's CPU a write", "ms", [one["cpu_ms"]], [peer["cpu_ms"]])


def _summary(probe: list[float]) -> str:
    return f"median {statistics.median(probe):.2f}, p95 {quantile(probe, 0.95):.2f}"

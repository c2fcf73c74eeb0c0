"""Browsers that stop reading: what 50 of them cost the others, and what is kept for them.

Measured, first: 1,000 sockets at 20 updates of 600 bytes a second, without and with 50 that never
read; delays of the 950. Then memory: 150 sockets of which 50 never read, 10 updates of 6 KB a
second, far more than a socket takes in; growth of the server's memory and of what the kernel
holds for those readers. The hub is fed from a socket (bench/inside/hub_server.py).
Peer: Channels' tutorial with the same sockets in the memory part; 1,000 are beyond it
(bench/fan_out.py), so the delays are compared with our own run without stalled readers.
Bound by: what one reader is allowed to have waiting: 16 KB unsent in the kernel, 64 KB in
Twisted, then it is skipped and told to resync.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

from bench import machine
from bench.city import Cities, City
from bench.fan_out import crowd, served_by
from bench.report import Line, Result
from tests import servers

SOCKETS, STALLED, RATE, SECONDS = 1000, 50, 20, 12
FEW, SLOW_RATE, LARGE = 150, 10, 6000


def run(cities: Cities, *, quick: bool = False) -> Result:
    """Delays without and with stalled readers, then memory of ours and the peer's."""
    sockets, seconds = (200, 4) if quick else (SOCKETS, SECONDS)
    with servers.redis() as redis, cities.fresh(REDIS_URL=redis) as city:
        delays = {
            stalled: _follow("hub", city, redis, sockets, stalled, RATE, seconds)
            for stalled in (0, STALLED)
        }
        memory = {
            kind: _follow(kind, city, redis, FEW, STALLED, SLOW_RATE, seconds, size=LARGE)
            for kind in ("hub", "peer")
        }
    return Result(
        "stalled_readers",
        f"{STALLED} stalled readers among {sockets}",
        "delays: our own run without them; memory: Channels' tutorial with the same sockets",
        list(_lines(delays, memory)),
        {"sent to each stalled reader in the memory part": f"{LARGE * SLOW_RATE * seconds:,} B"},
    )


def _follow(
    kind: str,
    city: City,
    redis: str,
    sockets: int,
    stalled: int,
    rate: float,
    seconds: float,
    **more: Any,
) -> dict[str, Any]:
    print(f"  {kind}: {sockets} sockets, {stalled} stalled ...", flush=True)
    with contextlib.ExitStack() as stack:
        served = stack.enter_context(served_by(kind, city, redis, machine.cores()[0]))
        started = stack.enter_context(
            crowd(kind, served, city, sockets=sockets, stalled=stalled, **more)
        )
        before = machine.resident_mb(served.pid), machine.unsent_mb(served.port)
        answer = started.ask("open", rate=rate, seconds=seconds, drain=20)
        answer["resident"] = machine.resident_mb(served.pid) - before[0]
        answer["unsent"] = machine.unsent_mb(served.port) - before[1]
    return answer


def _lines(delays: dict[int, dict[str, Any]], memory: dict[str, Any]) -> Iterator[Line]:
    without, with_them = delays[0], delays[STALLED]
    for name in ("p50", "p99"):
        yield Line(f"delay of the others, {name}", "ms", [with_them[name]], [without[name]])
    yield Line("not delivered to the others", "", [with_them["lost"]], [without["lost"]], target=0)
    yield Line("server's memory grew by", "MB", [with_them["resident"]], [without["resident"]])
    ours, peer = memory["hub"], memory["peer"]
    for name, what in (("resident", "server's memory"), ("unsent", "kernel's buffers")):
        yield Line(f"large updates: {what} grew by", "MB", [ours[name]], [peer[name]])
    both = [one["resident"] + one["unsent"] for one in (ours, peer)]
    yield Line("large updates: both together", "MB", both[:1], both[1:])
    yield Line("large updates: lost by the readers", "", [ours["lost"]], [peer["lost"]], target=0)

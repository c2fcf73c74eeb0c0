"""Fan-out: one update to 1,000 browsers, 20 times a second and as fast as it goes.

Measured: numbered updates of about 600 bytes from the moment they are sent until each of 1,000
signed-in sockets has read them. Open loop: 20 a second, nothing may be lost. Closed loop: always
four on their way, deliveries a second and processor seconds of the server for 100,000.
Ours twice: "log" is the whole durable road (another process appends to the log and commits,
Redis wakes the node, tail, hub); "hub" feeds the hub from a socket, without the database.
Peer: Channels' tutorial (group_send, Redis layer, Daphne) with the same sockets; it has no log,
so "hub" is the like for like and "log" does more than the peer.
Bound by: server and Redis share one core, generator and appending process the other. One
`send` a socket is the kernel's floor; where the generator's own share is near 1, it is the limit.
"""

import contextlib
import statistics
import sys
from collections.abc import Iterator
from typing import Any

from bench import machine
from bench.city import Cities, City, Served, node, program
from bench.generators import Generator, generator
from bench.report import Line, Result
from tests import servers

SOCKETS, RATE, OUTSTANDING = 1000, 20, 4
PER_TOKEN = 20  # sockets that the node allows for one credential
SIZE = {"log": 130, "hub": 130, "peer": 580}  # of the text, so that frames have equal sizes
OPEN_SECONDS, CLOSED_SECONDS, REPEATS = 15, 6, 3


@contextlib.contextmanager
def hub_server(city: City, cores: set[int]) -> Iterator[Served]:
    """The node's feed whose hub is fed by a socket."""
    port = servers.free_port()
    command = ["-m", "bench.inside.hub_server", str(port)]
    log = city.var / "hub.log"
    with program(command, port=port, env=city.env, log=log, cores=cores) as served:
        yield served


@contextlib.contextmanager
def tutorial(city: City, redis: str, cores: set[int] | None) -> Iterator[Served]:
    """The peer under Daphne."""
    port = servers.free_port()
    command = ["-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", str(port)]
    command.append("bench.peers.tutorial:application")
    env = {"PEER_REDIS": redis, "PEER_DATABASE": str(city.var / "peer.sqlite3")}
    log = city.var / "peer.log"
    with program(command, port=port, env=env, log=log, cores=cores) as served:
        yield served


@contextlib.contextmanager
def crowd(kind: str, served: Served, city: City, **more: Any) -> Iterator[Generator]:
    """Sockets on this server, with the driver that belongs to it."""
    sockets = more.get("sockets", SOCKETS)
    plan = {"port": served.port, "path": "/ws/feed", "sockets": sockets, "size": SIZE[kind]}
    if kind == "peer":
        plan |= {"hello": False, "drive": "member"}
    else:
        plan |= {"hello": True, "tokens": city.tokens(-(-sockets // PER_TOKEN))}
    if kind == "hub":
        plan |= {"drive": "socket", "drive_path": "/ws/door"}
    elif kind == "log":
        command = [sys.executable, "-m", "bench.inside.log_driver"]
        plan |= {"drive": "child", "command": command}
    with generator("bench.crowd", plan | more, env=city.env) as started:
        yield started


@contextlib.contextmanager
def served_by(kind: str, city: City, redis: str, cores: set[int] | None) -> Iterator[Served]:
    """The server of this kind."""
    if kind == "peer":
        context = tutorial(city, redis, cores)
    else:
        context = node(city, cores=cores) if kind == "log" else hub_server(city, cores)
    with context as served:
        yield served


def run(cities: Cities, *, quick: bool = False) -> Result:
    """Log, hub and peer, one after the other, each with the same load."""
    sockets = 100 if quick else SOCKETS
    found: dict[str, dict[str, Any]] = {}
    with contextlib.ExitStack() as stack:
        with machine.on_cores(machine.cores()[0]):
            redis = stack.enter_context(servers.redis())
        city = stack.enter_context(cities.fresh(REDIS_URL=redis))
        for kind in ("log", "hub", "peer"):
            print(f"  {kind}: {sockets} sockets ...", flush=True)
            with served_by(kind, city, redis, machine.cores()[0]) as served:
                with crowd(kind, served, city, sockets=sockets) as started:
                    found[kind] = _measure(kind, served, started, quick)
    return Result(
        "fan_out",
        f"Fan-out to {sockets} sockets",
        "Channels tutorial: group_send, channels_redis, Daphne, same sockets in the same run",
        list(_lines(found)),
        {
            "generator's own share of its core, closed loop": {
                kind: round(statistics.median(one["own_share"] for one in each["closed"]), 2)
                for kind, each in found.items()
            },
            "updates": f"{RATE}/s open loop, {OUTSTANDING} outstanding closed loop",
        },
    )


def _measure(kind: str, served: Served, started: Generator, quick: bool) -> dict[str, Any]:
    seconds = 2 if quick else CLOSED_SECONDS
    drain = 30
    started.ask("closed", outstanding=OUTSTANDING, seconds=1, drain=drain)  # warms both up
    meter = machine.Meter({"server": served.pid})
    closed = []
    for _repeat in range(1 if quick else REPEATS):
        meter.start()
        answer = started.ask("closed", outstanding=OUTSTANDING, seconds=seconds, drain=drain)
        answer["cpu"] = meter.seconds()["server"] / max(1, answer["delivered"]) * 100_000
        closed.append(answer)
    # what is not there some seconds after the last was sent counts as not delivered
    opened = started.ask("open", rate=RATE, seconds=4 if quick else OPEN_SECONDS, drain=5)
    return {"closed": closed, "open": opened}


def _lines(found: dict[str, dict[str, Any]]) -> Iterator[Line]:
    peer = found["peer"]

    def each(kind: str, name: str) -> list[float]:
        return [one[name] for one in found[kind]["closed"]]

    for kind in ("hub", "log"):
        one = found[kind]["open"]
        for name in ("p50", "p99"):
            yield Line(f"{kind}, open loop, {name}", "ms", [one[name]], [peer["open"][name]])
        yield Line(
            f"{kind}, open loop, not delivered",
            "%",
            [_share_lost(one)],
            [_share_lost(peer["open"])],
            target=0,
        )
        yield Line(
            f"{kind}, closed loop",
            "deliveries/s",
            each(kind, "rate"),
            each("peer", "rate"),
            more_is_better=True,
            target_ratio=6,
        )
        yield Line(
            f"{kind}, closed loop, server", "CPU s per 100k", each(kind, "cpu"), each("peer", "cpu")
        )
        lost = sum(each(kind, "lost")) + sum(each(kind, "gaps")) + sum(each(kind, "resyncs"))
        yield Line(f"{kind}, closed loop, lost or out of order", "", [lost], target=0)


def _share_lost(one: dict[str, Any]) -> float:
    return 100 * one["lost"] / max(1, one["lost"] + one["delivered"])

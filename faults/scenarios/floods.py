"""Floods at the door of links: bounded memory, a short stay, and a desk that goes on."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.machine import cpu_seconds, resident_mb
from faults.federation import Federation
from faults.liar import Closed, Liar
from faults.load import canary
from faults.nodes import HONEST, Node, wait_until
from faults.report import Outcome
from faults.scenarios.handshakes import dial

PROOF_WITHIN = 10.0  # seconds that a stranger may stay
ROOM_MB = 64.0  # that a flood may take
HEAD = (
    "GET /ws/link HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Version: 13\r\n\r\n"
)


class Desk(threading.Thread):
    """A duty officer who reads and writes all the while; how long each took."""

    def __init__(self, node: Node):
        super().__init__(daemon=True)
        self.node, self.took, self.failed = node, [], 0
        self.ended = threading.Event()
        self.incident = node.report(canary())

    def run(self) -> None:
        path = f"/incidents/{self.incident}"
        with self.node.client() as client:
            while not self.ended.wait(0.1):
                for do in (
                    lambda: client.get(path),
                    lambda: client.post(f"{path}/entries", json={"text": canary()}),
                ):
                    started = time.monotonic()
                    try:
                        self.failed += do().status_code not in (200, 201)
                    except httpx.HTTPError:
                        self.failed += 1
                    self.took.append(time.monotonic() - started)

    def p95(self) -> float:
        took = sorted(self.took)
        return took[int(len(took) * 0.95)] if took else float("nan")


@contextmanager
def desk(node: Node, outcome: Outcome) -> Iterator[None]:
    """Measure the desk and the memory of the node meanwhile."""
    pid = node.pids()[f"web-{node.port}"]
    before, officer = resident_mb(pid), Desk(node)
    officer.start()
    most, ended = [before], threading.Event()

    def watch() -> None:
        while not ended.wait(0.1):
            most.append(resident_mb(pid))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        for event in (officer.ended, ended):
            event.set()
        officer.join(30)
        watcher.join(5)
    grown = max(most) - before
    outcome.measured |= {"memory MB": grown}
    outcome.within("desk p95 s (I9)", officer.p95(), 1)
    outcome.require(officer.failed == 0, f"{officer.failed} requests of the desk failed")
    outcome.require(grown < ROOM_MB, f"the node grew by {grown:.0f} MB")


def hellos(made: Federation, *, count: int = 10_000, at_once: int = 40) -> Outcome:
    """Hellos in the name of a paired node, without a proof, as fast as they go."""
    outcome = Outcome("flood of hellos", f"{count} hellos, memory bounded, cost each, desk p95")
    pid = made.city.pids()[f"web-{made.city.port}"]
    with desk(made.city, outcome):
        started, spent = time.monotonic(), cpu_seconds(pid)
        done = asyncio.run(_hello_often(made.city.port, count, at_once))
        took = time.monotonic() - started
        spent = cpu_seconds(pid) - spent
        begun = time.monotonic()
        with dial(made) as liar:
            liar.open()
        outcome.measured["an honest session s"] = time.monotonic() - begun
    outcome.measured |= {"hellos": done, "per second": done / took, "ms each": spent / done * 1000}
    outcome.require(done == count, f"only {done} were answered")
    return outcome


async def _hello_often(port: int, count: int, at_once: int) -> int:
    turns, done = asyncio.Semaphore(at_once), 0
    key = Ed25519PrivateKey.generate()

    async def once() -> None:
        nonlocal done
        async with turns:
            await asyncio.to_thread(_hello_and_wrong_proof, port, key)
            done += 1

    await asyncio.gather(*(once() for _number in range(count)))
    return done


def _hello_and_wrong_proof(port: int, key: Ed25519PrivateKey) -> None:
    try:
        with Liar(HONEST, key, port) as liar:
            liar.hello()
            liar.prove()
            liar.closed()
    except (Closed, TimeoutError):
        pass


def _strangers(port: int, count: int) -> list[socket.socket]:
    """Connections whose handshake of HTTP is done, as many of them as are taken."""
    taken = []
    for _number in range(count):
        wire = socket.create_connection(("127.0.0.1", port), timeout=10)
        wire.sendall(HEAD.format(port=port).encode())
        try:
            is_taken = b" 101 " in wire.recv(4096)
        except ConnectionResetError:
            is_taken = False
        if is_taken:
            taken.append(wire)
        else:
            wire.close()
    return taken


def _is_gone(wire: socket.socket) -> bool:
    """Has the other end hung up?"""
    wire.settimeout(0.01)
    try:
        while data := wire.recv(65536):
            if data[:1] == b"\x88":
                return True
        return True
    except TimeoutError:
        return False
    except OSError:
        return True


def dawdlers(made: Federation, *, count: int = 150) -> Outcome:
    """Strangers that say nothing, or one byte a second: bounded in number, gone in ten seconds."""
    outcome = Outcome("one byte a second", f"{count} strangers, at most 100 taken, gone in 10 s")
    with desk(made.city, outcome):
        taken = _strangers(made.city.port, count)
        outcome.require(len(taken) <= 100, f"{len(taken)} strangers were taken")
        started = time.monotonic()
        left = set(taken)
        try:
            wait_until(lambda: not _trickle(left), within=PROOF_WITHIN + 10, what="they are gone")
        except TimeoutError:
            outcome.wrong.append(f"{len(left)} strangers are still there")
        outcome.measured |= {"taken": len(taken), "gone after s": time.monotonic() - started}
    for wire in taken:
        wire.close()
    return outcome


def _trickle(left: set[socket.socket]) -> set[socket.socket]:
    """One more byte from each; those that are still there."""
    for wire in list(left):
        if _is_gone(wire):
            left.discard(wire)
            continue
        try:
            wire.send(b"\x81")  # the head of a frame that never comes
        except OSError:
            left.discard(wire)
    return left


def stalled_reader(made: Federation, *, entries: int = 300) -> Outcome:
    """A peer that asks for everything and reads nothing: the node keeps a few frames for it."""
    outcome = Outcome("a peer that does not read", f"{entries} × 27 KB waiting, memory bounded")
    pk = made.city.report(canary())
    with made.city.client() as client:
        client.post(f"/incidents/{pk}/shares", json={"node": HONEST}).raise_for_status()
        for _number in range(entries):
            client.post(f"/incidents/{pk}/entries", json={"text": "钟" * 9000}).raise_for_status()
    with desk(made.city, outcome):
        with dial(made, max_queue=1) as liar:
            liar.open()
            liar.resume()
            made.city.report(canary())
            threading.Event().wait(3)
        with dial(made) as liar:  # and one that does read gets it all
            liar.open()
            liar.resume()
            outcome.require(_read_all(liar, entries), "not everything came to the next session")
    return outcome


def _read_all(liar: Liar, entries: int) -> bool:
    seen = 0
    while seen < entries:
        try:
            batch = liar.hear("batch", within=10)
        except (Closed, TimeoutError):
            return False
        seen += len(batch["items"])
        liar.say({"kind": "ack", "position": batch["upto"], "refused": []})
    return True


def large_frames(made: Federation, *, times: int = 20) -> Outcome:
    """64 KiB and more before the proof, 1 MiB and more after it: hung up on, nothing kept."""
    outcome = Outcome("large frames", f"{times} × 64 KiB+ before the proof, 1 MiB+ after")

    def before() -> Liar:
        return dial(made)

    def after() -> Liar:
        liar = dial(made)
        liar.open()
        return liar

    with desk(made.city, outcome):
        for begin, size in ((before, 70_000), (after, 1_100_000), (after, 8_000_000)):
            told = [_hang_up(begin, size) for _time in range(times)]
            outcome.require(set(told) <= {1006, 1009}, f"{size} bytes ended with {set(told)}")
    return outcome


def _hang_up(begin: Callable[[], Liar], size: int) -> int:
    with begin() as liar:
        try:
            liar.say('{"kind":"want","ids":["' + "x" * size + '"]}')
            return liar.closed()
        except Closed as closed:
            return closed.code

"""The generator: many browsers' sockets in one process, by epoll, and what drives their server.

Owns: opening sockets, reading frames, the times at which numbered updates were sent and arrived.
Promises: it reads as fast as the kernel hands over and reports its own processor share, so that
a figure it limits can be seen as such; an update that is lost, doubled or out of order is
counted. Must not know: which server it talks to beyond paths and first words. Speaks JSON lines:
its plan and commands come in by stdin, answers go out by stdout (bench/generators.py).
"""

import json
import select
import socket
import subprocess
import sys
import time
from array import array
from typing import Any

from bench.frames import CLOSE, PING, PONG, client_frame, connect, next_frame
from bench.report import quantile

MARK = b"seq="
DIGITS = 7
STALLED_BUFFER = 4096  # bytes a reader that does not read takes in before it says stop
HELLO = {"kind": "hello", "topics": ["incidents"], "after": "", "realm": "real"}


class Driver:
    """Sends numbered updates: as a member of the crowd, over a socket of its own, or by a child."""

    def __init__(self, plan: dict[str, Any], member: socket.socket):
        self.size, self.kind = plan["size"], plan["drive"]
        self.child, self.wire = None, member
        if self.kind == "child":
            self.child = subprocess.Popen(plan["command"], stdin=subprocess.PIPE, text=True)
        elif self.kind == "socket":
            self.wire, _rest = connect(plan["port"], plan["drive_path"])

    def send(self, seq: int) -> None:
        """Send one update."""
        text = f"{MARK.decode()}{seq:0{DIGITS}d} ".ljust(self.size, "x")
        if self.child:
            self.child.stdin.write(text + "\n")
            self.child.stdin.flush()
        else:
            frame = {"message": text} if self.kind == "member" else text
            self.wire.sendall(client_frame(json.dumps(frame).encode()))

    def close(self) -> None:
        """End the child by the end of its input."""
        if self.child:
            self.child.stdin.close()
            self.child.wait(20)


class Crowd:
    """All sockets of this process."""

    def __init__(self, plan: dict[str, Any]):
        self.plan = plan
        self.poll = select.epoll()
        self.wires: dict[int, socket.socket] = {}
        self.rest: dict[int, bytes] = {}
        self.next_seq: dict[int, int] = {}
        self.stalled: list[socket.socket] = []
        self.sent: list[float] = []
        self.counts: list[int] = []
        self.latencies = array("d")
        self.arrivals: list | None = None if plan.get("drive") else []
        self.ready = self.gaps = self.other = self.closed = self.resyncs = 0

    def open(self) -> None:
        """Connect everybody; returns when all are told that they are live."""
        tokens, stalled = self.plan.get("tokens") or [""], self.plan.get("stalled", 0)
        for number in range(self.plan["sockets"]):
            still = number >= self.plan["sockets"] - stalled
            wire, rest = connect(
                self.plan["port"],
                self.plan["path"],
                token=tokens[number % len(tokens)],
                receive_buffer=STALLED_BUFFER if still else 0,
            )
            if self.plan["hello"]:
                wire.sendall(client_frame(json.dumps(HELLO).encode()))
            if still:
                self.stalled.append(wire)
                continue
            wire.setblocking(False)
            fd = wire.fileno()
            self.wires[fd], self.rest[fd], self.next_seq[fd] = wire, rest, 0
            self.poll.register(fd, select.EPOLLIN)
        deadline = time.monotonic() + 60
        while self.plan["hello"] and self.ready < len(self.wires):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.ready} of {len(self.wires)} sockets are live")
            self.pump(deadline)

    def pump(self, until: float) -> None:
        """Read what has come; wait for it no longer than `until`."""
        counts, sent, following = self.counts, self.sent, self.next_seq
        for fd, _event in self.poll.poll(max(0.0, until - time.monotonic())):
            try:
                data = self.wires[fd].recv(262144)
            except BlockingIOError:
                continue
            now = time.monotonic()
            if not data:
                self._gone(fd)
                continue
            if self.rest[fd]:
                data = self.rest[fd] + data
            start = 0
            while (frame := next_frame(data, start)) is not None:
                opcode, begin, start = frame
                at = data.find(MARK, begin, start)
                if at < 0:
                    self._other(fd, opcode, data[begin:start])
                    continue
                at += len(MARK)
                seq = int(data[at : at + DIGITS])
                if seq != following[fd]:
                    self.gaps += 1
                following[fd] = seq + 1
                if self.arrivals is not None:
                    self.arrivals.append((seq, now, _stamp(data, begin, start)))
                else:
                    counts[seq] += 1
                    self.latencies.append(now - sent[seq])
            self.rest[fd] = data[start:]

    def _other(self, fd: int, opcode: int, payload: bytes) -> None:
        self.other += 1
        if opcode == PING:
            self.wires[fd].send(client_frame(payload, PONG))
        elif opcode == CLOSE:
            self.closed += 1
        elif b'"kind":"ready"' in payload:
            self.ready += 1
        elif b'"kind":"resync"' in payload:
            self.resyncs += 1

    def _gone(self, fd: int) -> None:
        self.poll.unregister(fd)
        self.wires[fd].close()
        self.closed += 1

    def _update(self, driver: Driver) -> None:
        self.counts.append(0)
        self.sent.append(time.monotonic())
        driver.send(len(self.sent) - 1)

    def run_open(self, driver: Driver, rate: float, seconds: float, drain: float) -> dict:
        """So many updates a second, whatever comes back."""
        first = len(self.sent)
        started = time.monotonic()
        for number in range(int(rate * seconds)):
            due = started + number / rate
            while time.monotonic() < due:
                self.pump(due)
            self._update(driver)
        self._drain(first, drain)
        return {"sent": len(self.sent) - first, "seconds": seconds}

    def run_closed(self, driver: Driver, outstanding: int, seconds: float, drain: float) -> dict:
        """Always the same number of updates on their way: the next when one has reached all."""
        first = whole = len(self.sent)
        for _number in range(outstanding):
            self._update(driver)
        started = time.monotonic()
        end = started + seconds
        while (now := time.monotonic()) < end:
            self.pump(end)
            while whole < len(self.counts) and self.counts[whole] >= len(self.wires):
                whole += 1
                self._update(driver)
        within = len(self.latencies)
        self._drain(first, drain)
        return {"rate": within / (now - started), "sent": len(self.sent) - first}

    def run_listen(self, seconds: float) -> dict:
        """Note what arrives from writers elsewhere; their times are theirs."""
        end = time.monotonic() + seconds
        self.arrivals = []
        while time.monotonic() < end:
            self.pump(end)
        return {"arrivals": self.arrivals}

    def _drain(self, first: int, seconds: float) -> None:
        end = time.monotonic() + seconds
        while sum(self.counts[first:]) < len(self.wires) * len(self.counts[first:]):
            if time.monotonic() >= end:
                break
            self.pump(end)

    def measured(self, command: dict[str, Any], driver: Driver | None) -> dict[str, Any]:
        """Carry out one command; its figures with losses, latencies and our own share."""
        self.latencies = array("d")
        self.gaps = self.other = self.resyncs = 0
        first, kind = len(self.counts), command.pop("do")
        wall, own = time.monotonic(), time.process_time()
        if kind == "listen":
            answer = self.run_listen(**command)
        else:
            run = self.run_open if kind == "open" else self.run_closed
            answer = run(driver, **command)
        delivered = len(self.latencies)
        ms = [value * 1000 for value in self.latencies]
        return answer | {
            "delivered": delivered,
            "lost": len(self.wires) * (len(self.counts) - first) - delivered,
            "gaps": self.gaps,
            "resyncs": self.resyncs,
            "closed": self.closed,
            "p50": quantile(ms, 0.5),
            "p95": quantile(ms, 0.95),
            "p99": quantile(ms, 0.99),
            "worst": max(ms, default=0.0),
            "wall": time.monotonic() - wall,
            "own_share": (time.process_time() - own) / (time.monotonic() - wall),
        }


def _stamp(data: bytes, begin: int, end: int) -> str:
    """The server's own time of an event's frame, as it stands there."""
    at = data.find(b'"time":"', begin, end)
    return data[at + 8 : data.index(b'"', at + 8)].decode() if at >= 0 else ""


def main() -> None:
    """Read the plan, open, obey commands until stdin ends."""
    plan = json.loads(sys.stdin.readline())
    crowd = Crowd(plan)
    crowd.open()
    member = next(iter(crowd.wires.values()))
    driver = Driver(plan, member) if plan.get("drive") else None
    print(json.dumps({"ready": len(crowd.wires)}), flush=True)
    for line in sys.stdin:
        print(json.dumps(crowd.measured(json.loads(line), driver)), flush=True)
    if driver:
        driver.close()


if __name__ == "__main__":
    main()

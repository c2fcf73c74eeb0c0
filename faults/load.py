"""Writers at every node, and the record of what they asked for and what became of it.

Owns: the operations, each `ok`, `refused` or `unknown` (no answer, or a fault of the server), with
its time. Promises: an id or a text is used once, so that whatever appears can be traced to one
operation; every text carries a canary of its incident. Must not know: faults, what must hold
(checks.py).
"""

import random
import secrets
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from faults.federation import Federation
from faults.nodes import CITY, Node

OK, REFUSED, UNKNOWN = "ok", "refused", "unknown"
PATIENCE = 25.0  # seconds; a writer of SQLite may wait 20 for its turn


@dataclass
class Op:
    """One write: what, where, about which incident; and its outcome."""

    kind: str  # report, entry, change, share, end
    node: str
    incident: str
    id: str
    text: str = ""
    to: str = ""  # the node that a share names
    outcome: str = UNKNOWN
    took: float = 0.0
    order: int = 0


@dataclass
class Known:
    """An incident as its writers know it."""

    id: str
    home: str
    canary: str
    rev: int | None = 1  # None: has to be asked for
    busy: bool = False  # a change is on its way


@dataclass
class History:
    """Every operation, in the order in which they were begun."""

    ops: list[Op] = field(default_factory=list)
    incidents: dict[str, Known] = field(default_factory=dict)
    reads: list[float] = field(default_factory=list)  # seconds
    last_write: datetime = field(default_factory=lambda: datetime.now(UTC))
    lock: threading.Lock = field(default_factory=threading.Lock)
    before: set[str] = field(default_factory=set)  # incidents that are no business of the writers

    @classmethod
    def of(cls, made: Federation) -> "History":
        """A record that begins now: what the nodes show already is left out."""
        shown = [node.get("/incidents", state="all")["items"] for node in made.nodes()]
        return cls(before={one["id"] for items in shown for one in items})

    def begin(self, op: Op) -> Op:
        with self.lock:
            op.order = len(self.ops)
            self.ops.append(op)
        return op

    def done(self, *kinds: str, outcome: str = OK) -> list[Op]:
        """Operations of these kinds (of all) with this outcome."""
        return [op for op in self.ops if op.outcome == outcome and (not kinds or op.kind in kinds)]

    def p95(self) -> float:
        """Seconds within which 95 of 100 answered writes and reads at their own node were done."""
        took = sorted([op.took for op in self.ops if op.outcome == OK] + self.reads)
        return took[int(len(took) * 0.95)] if took else float("nan")


def canary() -> str:
    """A text that stands nowhere else."""
    return f"canary-{secrets.token_hex(6)}"


class Writer(threading.Thread):
    """One client of one node, at its rate, until it has done its part or is told to stop."""

    def __init__(self, history: History, node: Node, rate: float, count: int, shares: bool):
        super().__init__(daemon=True, name=f"writer {node.name}")
        self.history, self.node, self.rate, self.count = history, node, rate, count
        self.shares = shares
        self.stop = threading.Event()
        self.error: Exception | None = None
        self._random = random.Random(secrets.randbits(64))
        self._client: httpx.Client | None = None

    def run(self) -> None:
        try:
            due = time.monotonic()
            for number in range(self.count):
                if self.stop.wait(max(0.0, due - time.monotonic())):
                    break
                due = max(due + 1 / self.rate, time.monotonic() - 1)
                self._once()
                if number % 10 == 9:
                    self._read()
        except Exception as error:  # shown by `written`
            self.error = error
        finally:
            self._forget_client()

    def _once(self) -> None:
        chance = self._random.random()
        known = [one for one in list(self.history.incidents.values()) if self._may_know(one)]
        own = [one for one in known if one.home == self.node.name]
        if not own or chance < 0.15:
            self._report()
        elif chance < 0.30:
            self._change(self._random.choice(own))
        elif chance < 0.36 and self.shares:
            self._share(self._random.choice(own))
        else:
            self._write(self._random.choice(known))

    def _may_know(self, one: Known) -> bool:
        return one.home == self.node.name or self.node.name == CITY

    def _report(self) -> None:
        mark, pk = canary(), str(uuid.uuid4())
        op = Op("report", self.node.name, pk, pk, f"{mark} 电梯困人")
        body = {"id": pk, "title": op.text, "type_code": "12D02"}
        if self._ask(op, "POST", "/incidents", body) is not None:
            self.history.incidents[pk] = Known(pk, self.node.name, mark)

    def _write(self, one: Known) -> None:
        op = Op("entry", self.node.name, one.id, str(uuid.uuid4()))
        op.text = f"{one.canary} {op.id}"
        self._ask(op, "POST", f"/incidents/{one.id}/entries", {"id": op.id, "text": op.text})

    def _change(self, one: Known) -> None:
        with self.history.lock:
            if one.busy:
                return
            one.busy = True
        try:
            if one.rev is None:
                one.rev = self._rev_of(one)
            if one.rev is None:
                return
            op = Op("change", self.node.name, one.id, str(uuid.uuid4()))
            op.text = f"{one.canary} {op.id}"
            body = {"rev": one.rev, "summary": op.text}
            answer = self._ask(op, "PATCH", f"/incidents/{one.id}", body)
            one.rev = answer["rev"] if answer else None
        finally:
            one.busy = False

    def _share(self, one: Known) -> None:
        given = {op.to: op for op in self.history.ops if op.incident == one.id and op.to}
        others = [name for name in NAMES if name != self.node.name]
        to = self._random.choice(others)
        before = given.get(to)
        if before is None:
            op = Op("share", self.node.name, one.id, str(uuid.uuid4()), to=to)
            self._ask(op, "POST", f"/incidents/{one.id}/shares", {"node": to})
        elif before.kind == "share" and before.outcome == OK and to != CITY:
            op = Op("end", self.node.name, one.id, str(uuid.uuid4()), to=to)
            self._ask(op, "DELETE", f"/incidents/{one.id}/shares/{to}", None)

    def _rev_of(self, one: Known) -> int | None:
        try:
            answer = self._connected().get(f"/incidents/{one.id}")
        except httpx.HTTPError:
            self._forget_client()
            return None
        return answer.json()["rev"] if answer.status_code == 200 else None

    def _read(self) -> None:
        own = [one for one in list(self.history.incidents.values()) if one.home == self.node.name]
        if own:
            started = time.monotonic()
            if self._rev_of(self._random.choice(own)) is not None:
                self.history.reads.append(time.monotonic() - started)

    def _ask(self, op: Op, method: str, path: str, body: Any) -> dict[str, Any] | None:
        """Do it once; the answer where it was taken."""
        self.history.begin(op)
        started = time.monotonic()
        try:
            answer = self._connected().request(method, path, json=body)
        except httpx.ConnectError:
            op.outcome = REFUSED  # nobody was there to hear it
            self._forget_client()
            return None
        except httpx.HTTPError:
            self._forget_client()
            return None
        finally:
            op.took = time.monotonic() - started
        if answer.status_code in (200, 201):
            op.outcome = OK
            self.history.last_write = datetime.now(UTC)
            return answer.json()
        if answer.status_code < 500:
            op.outcome = REFUSED
        return None

    def _connected(self) -> httpx.Client:
        if self._client is None:
            self._client = self.node.client(PATIENCE)
        return self._client

    def _forget_client(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


NAMES = (CITY, "xian-yanta", "xian-changan")


def writers(
    made: Federation,
    history: History,
    *,
    count: int,
    rate: float,
    shares: bool = False,
    each: int = 2,
) -> Sequence[Writer]:
    """Start writers at every node that do `count` writes at `rate` a second between them."""
    number = each * len(made.nodes())
    started = [
        Writer(history, node, rate / number, count // number, shares)
        for node in made.nodes()
        for _one in range(each)
    ]
    for one in started:
        one.start()
    return started


def written(started: Sequence[Writer], *, within: float) -> None:
    """Wait for their end. Raises what stopped one of them."""
    deadline = time.monotonic() + within
    for one in started:
        one.join(max(0.1, deadline - time.monotonic()))
        if one.is_alive():
            one.stop.set()
            one.join(PATIENCE + 5)
        if one.error is not None:
            raise one.error

"""What must hold once lines are healed and all is quiet (I1 to I5, I7, I8).

Owns: waiting for quiet, the final reads of every node, and the comparison with the record of the
writers. Promises: a list of findings, one line each, empty when all holds; it reads and never
writes. Must not know: which faults there were.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx
import psycopg
from psycopg import sql

from faults.federation import Federation
from faults.load import OK, REFUSED, UNKNOWN, History, Op
from faults.nodes import CITY, Node, wait_until
from faults.wire import canaries_in, canaries_on

OWN = ("cursor", "history", "steps")  # of each node, derived by itself


@dataclass
class Finding:
    """How the check went: seconds until both ends proved equality, and what does not hold."""

    equal_after: float = 0.0
    wrong: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return "\n".join(self.wrong[:20]) or "all holds"


def is_quiet(made: Federation, since: datetime) -> bool:
    """Is nothing of before `since` on its way, and has every pair of ends proven equality after it?

    Asked of all nodes twice: what one sends on after it was asked shows the second time. What came
    afterwards by itself, as reminders do, is not waited for.
    """
    try:
        for node in 2 * made.nodes():
            for peer in node.peers().values():
                if peer["node"] in made.liars:
                    continue
                equal, oldest = (
                    peer[name] and datetime.fromisoformat(peer[name])
                    for name in ("equal_at", "oldest")
                )
                waits = oldest is not None and oldest <= since
                # without a backlog it says that a copy was restored and is not proven equal since
                moves = peer["state"] == "catching" and peer["backlog"] > 0
                if not (peer["state"] == "live" or moves) or waits:
                    return False
                if equal is None or equal <= since:
                    return False
    except (httpx.HTTPError, AttributeError, TypeError):
        return False
    return True


def check(made: Federation, history: History, *, within: float = 60.0) -> Finding:
    """Wait for quiet and compare; the finding says what does not hold."""
    found = Finding()
    try:
        found.equal_after = wait_until(
            lambda: is_quiet(made, history.last_write), within=within, what="quiet and equal (I7)"
        )
    except TimeoutError as error:
        states = {node.name: node.get("/peers") for node in made.nodes()}
        found.wrong.append(f"I7/I8: {error}: {json.dumps(states, ensure_ascii=False)[:2000]}")
    seen = {}
    for node in made.nodes():
        seen[node.name], unread = everything(node, history.before)
        found.wrong += unread
    holders = _holders(made, history)
    found.wrong += _missing(history, holders, seen)
    found.wrong += _invented(history, seen)
    found.wrong += _unequal(history, holders, seen)
    found.wrong += _leaked(made, history, holders)
    with ThreadPoolExecutor(2) as pool:
        whole = list(pool.map(Node.log_is_whole, made.nodes()))
    found.wrong += [
        f"verifylog of {node.name} found something"
        for node, good in zip(made.nodes(), whole, strict=True)
        if not good
    ]
    found.figures = {
        "ok": len(history.done()),
        "unknown": len(history.done(outcome=UNKNOWN)),
        "refused": len(history.done(outcome=REFUSED)),
        "incidents": {name: len(shown) for name, shown in seen.items()},
    }
    return found


def everything(
    node: Node, before: Collection[str] = ()
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """Every incident that the node shows, in full, by id, but those from before; and a line for
    each that it lists and does not show."""
    listed = node.get("/incidents", state="all")["items"]
    shown, unread = {}, []
    with node.client() as client:
        for pk in (one["id"] for one in listed if one["id"] not in before):
            answer = client.get(f"/incidents/{pk}")
            if answer.is_success:
                shown[pk] = answer.json()
            else:
                unread.append(f"{node.name} lists {pk}, then {answer.status_code} {answer.text}")
    return shown, unread


@dataclass
class Holders:
    """Nodes that hold an incident for certain, and those that might ever have."""

    sure: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    ever: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    ended: dict[tuple[str, str], Op] = field(default_factory=dict)


def _holders(made: Federation, history: History) -> Holders:
    holders = Holders()
    for op in history.ops:
        if op.kind == "report":
            holders.ever[op.incident] = {op.node, CITY}
            if op.outcome == OK:
                holders.sure[op.incident] = {op.node, CITY}
        elif op.kind == "share" and op.outcome != REFUSED:
            holders.ever[op.incident].add(op.to)
            if op.outcome == OK:
                holders.sure[op.incident].add(op.to)
        elif op.kind == "end" and op.outcome != REFUSED:
            holders.sure[op.incident].discard(op.to)
            if op.outcome == OK:
                holders.ended[op.incident, op.to] = op
    names = {node.name for node in made.nodes()}
    for found in (holders.sure, holders.ever):
        for incident in found:
            found[incident] &= names
    return holders


def _missing(history: History, holders: Holders, seen: dict) -> list[str]:
    """I1 no acknowledged write is missing, I3 none has two effects."""
    wrong = []
    changes: dict[str, list[Op]] = defaultdict(list)
    written: dict[str, list[Op]] = defaultdict(list)
    for op in history.ops:
        if op.kind == "change" and op.outcome != REFUSED:
            changes[op.incident].append(op)
        elif op.kind == "entry" and op.outcome == OK:
            written[op.incident].append(op)
    for op in history.done("report"):
        for name in sorted(holders.sure[op.incident]):
            shown = seen[name].get(op.incident)
            if shown is None:
                wrong.append(f"I1: incident {op.incident} of {op.node} is not at {name}")
                continue
            texts = Counter(entry["text"] for entry in shown["entries"])
            for entry in written[op.incident]:
                if texts[entry.text] != 1:
                    count = texts[entry.text]
                    wrong.append(f"I1/I3: entry {entry.id} of {entry.node} {count} × at {name}")
            wrong += _wrong_summary(name, shown, changes[op.incident])
            wrong += [f"I3: {text} {n} × at {name}" for text, n in texts.items() if n > 1]
    return wrong


def _wrong_summary(name: str, shown: dict[str, Any], changes: list[Op]) -> list[str]:
    sure = [op for op in changes if op.outcome == OK]
    last = sure[-1].order if sure else -1
    may_be = {op.text for op in changes if op.order >= last} | (set() if sure else {""})
    wrong = []
    if shown["summary"] not in may_be:
        wrong.append(f"I1: {shown['id']} at {name} shows {shown['summary']!r}, not its last change")
    if not 1 + len(sure) <= shown["rev"] <= 1 + len(changes):
        wrong.append(f"I3: {shown['id']} at {name} has rev {shown['rev']}, {len(sure)} changes")
    return wrong


def _invented(history: History, seen: dict) -> list[str]:
    """I2: nothing appears that was never written."""
    asked = {op.id for op in history.ops}
    wrong = []
    for name, shown in seen.items():
        for pk, one in shown.items():
            ids = [entry["id"] for entry in one["entries"]]
            wrong += [f"I2: {what} at {name}" for what in [pk, *ids] if what not in asked]
    return wrong


def _unequal(history: History, holders: Holders, seen: dict) -> list[str]:
    """I5: every node that holds an incident shows the same."""
    wrong = []
    for incident, names in holders.sure.items():
        shown = {}
        for name in names & seen.keys():
            one = seen[name].get(incident)
            if one is not None:
                shown[name] = _settled(one, history.last_write)
        first = next(iter(shown.values()), None)
        for name, one in shown.items():
            if one != first:
                differ = sorted(key for key in one if one[key] != first.get(key))
                wrong.append(f"I5: {incident} at {name} differs in {differ}")
    return wrong


def _settled(one: dict[str, Any], until: datetime) -> dict[str, Any]:
    """An incident without what each node works out itself, and without the reminders that clocks
    went on writing while one node was read after the other."""
    kept = {key: value for key, value in one.items() if key not in OWN}
    steps = kept.get("deadline_steps", ())
    settled = [step for step in steps if datetime.fromisoformat(step["recorded_at"]) <= until]
    return kept | {"deadline_steps": settled}


def _leaked(made: Federation, history: History, holders: Holders) -> list[str]:
    """I4: no canary at, or on the line to, a node that may not have it."""
    of = {re.match(r"canary-\w+", op.text)[0]: op.incident for op in history.done("report")}
    wrong = []
    for name, node in made.lower.items():
        proxy = made.proxies[name]
        if proxy.overflow:
            wrong.append(f"the record of the line to {name} is not whole")
        places = {"on the line to": canaries_on(proxy.folder), "in the files of": _in_files(node)}
        for where, found in places.items():
            wrong += [
                f"I4: {one} of {of[one]} {where} {name}"
                for one in sorted(found & of.keys())
                if name not in holders.ever[of[one]]
            ]
    return wrong + _after_end(made, history, holders)


def _after_end(made: Federation, history: History, holders: Holders) -> list[str]:
    """What was written at a node after it ended a share is not at the other node."""
    wrong = []
    for (incident, name), end in holders.ended.items():
        shown = made.node(name).get(f"/incidents/{incident}") or {"entries": []}
        late = {
            op.id
            for op in history.ops[end.order + 1 :]
            if op.kind == "entry" and op.incident == incident and op.node == end.node
        }
        there = {entry["id"] for entry in shown["entries"]} & late
        wrong += [f"I4: {pk}, written after the end of a share, is at {name}" for pk in there]
    return wrong


def _in_files(node: Node) -> set[str]:
    """Canaries in the database and every other file of a node."""
    found = canaries_in(node.log.read_bytes())
    for path in node.folder.rglob("*"):
        if path.is_file():
            found |= canaries_in(path.read_bytes())
    if "BELLTOWER_DATABASE_URL" in node.env:
        found |= _in_tables(node.env["BELLTOWER_DATABASE_URL"])
    return found


def _in_tables(url: str) -> set[str]:
    """Canaries in any table of a PostgreSQL database, bytes as text included."""
    found: set[str] = set()
    with psycopg.connect(url) as connection:
        connection.execute("SET bytea_output = 'escape'")
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        for (table,) in connection.execute(tables).fetchall():
            words = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
            with connection.cursor().copy(words) as copy:
                for chunk in copy:
                    found |= canaries_in(bytes(chunk))
    return found

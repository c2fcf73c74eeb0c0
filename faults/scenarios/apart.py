"""Hours apart, and old backups: what waited comes quickly, and what anybody holds comes back.

Owns: how a backlog is made, and how a node is put back to an old state. Promises: a backup is taken
and brought back by the commands that an administrator uses; the marker stays, or is lost as on a
new machine, in turn.
"""

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx

from faults.checks import everything, is_quiet
from faults.federation import Federation, Template, federation
from faults.load import History, writers, written
from faults.nodes import CHANGAN, CITY, YANTA, Node, wait_until
from faults.report import Outcome
from tests import servers

FIRST, STEP = 200, 20  # incidents that an officer looks at first; every so many is looked for
RESTORED: Sequence[tuple[str, ...]] = ((YANTA,), (CITY,), (CITY, YANTA))


def hours_apart(folder: Path, *, backlog: int = 50_000) -> Outcome:
    """What a city and a district wrote while the line between them was down."""
    outcome = Outcome("hours apart", f"{backlog} wait on each side: ≥ 600/s, open ones ≤ 5 s")
    with federation(Template(folder / "t"), folder / "f", lower=[YANTA]) as made:
        _apart(made, backlog, outcome)
    return outcome


def _apart(made: Federation, backlog: int, outcome: Outcome) -> None:
    city, yanta, line = made.city, made.lower[YANTA], made.proxies[YANTA]
    line.down()
    wait_until(lambda: city.peers()[YANTA]["state"] == "offline", within=90, what="cut off")
    with ThreadPoolExecutor(2) as pool:
        sides = [(yanta, ()), (city, (YANTA,))]
        list(pool.map(lambda side: _pile_up(side[0], backlog, *side[1]), sides))
    newest = [[one["id"] for one in _open(node)[:FIRST:STEP]] for node in (yanta, city)]
    before, started = datetime.now(UTC), time.monotonic()
    line.heal()
    seen = [0.0, 0.0]

    def all_seen() -> bool:
        for index, node in enumerate((city, yanta)):
            if not seen[index] and _shows(node, newest[index]):
                seen[index] = time.monotonic() - started
        return all(seen)

    wait_until(all_seen, within=600, what="the first picture on both sides")
    drained = _drained(made, before)
    outcome.measured["waiting"] = 2 * backlog
    outcome.measured["envelopes/s, both ways"] = 2 * backlog / drained
    outcome.within("slowest of 600/s, s", drained, 2 * backlog / 600)
    outcome.within("first picture at the city s", seen[0], 5)
    outcome.within("first picture at the district s", seen[1], 5)


def _pile_up(node: Node, count: int, *shared_with: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "bench.inside.backlog", str(count), *shared_with],
        cwd=servers.ROOT,
        env=os.environ | node.env | {"DJANGO_SETTINGS_MODULE": "config.settings"},
        stdout=subprocess.DEVNULL,
        check=True,
    )


def _open(node: Node) -> list[dict]:
    """Open incidents of its own, newest first."""
    found = node.get("/incidents")["items"]
    return [one for one in found if one["home"] == node.name]


def _shows(node: Node, wanted: list[str]) -> bool:
    """Does it show all of these?"""
    with suppress(httpx.HTTPError):
        return all(node.get(f"/incidents/{pk}") is not None for pk in wanted)
    return False


def _drained(made: Federation, since: datetime) -> float:
    """Seconds from `since` until both ends have proved that they are equal."""
    # asked seldom: to tell how a long backlog stands costs a node as much as to send some of it
    wait_until(lambda: is_quiet(made, since), within=1200, what="drained and equal", every=3.0)
    return (datetime.now(UTC) - since).total_seconds()


def old_backups(folder: Path, *, count: int = 20, updates: int = 60) -> Outcome:
    """A lower node, the city, both: put back to a state from before the last writes."""
    outcome = Outcome(
        "old backups", f"{count} times lower, city, both: all that anybody holds is back"
    )
    with federation(Template(folder / "t"), folder / "f") as made:
        _restores(made, count, updates, outcome)
    return outcome


def _restores(made: Federation, count: int, updates: int, outcome: Outcome) -> None:
    rng, back = random.Random(7), []
    for number in range(count):
        names = RESTORED[number % len(RESTORED)]
        try:
            back.append(_once(made, names, number, rng, updates, outcome))
        except TimeoutError as error:
            outcome.wrong.append(f"restore {number} of {' and '.join(names)}: {error}")
            break
    outcome.measured["restored"] = len(back)
    if back:
        outcome.measured["longest to equal s"] = max(back)
    for node in made.nodes():
        outcome.require(node.log_is_whole(), f"verifylog of {node.name} found something")


def _once(
    made: Federation, names: tuple[str, ...], number: int, rng: random.Random, updates: int,
    outcome: Outcome,
) -> float:  # fmt: skip
    """One round; seconds from the start of the restored nodes until all are equal."""
    nodes = [made.node(name) for name in names]
    files = {node.name: made.folder / f"backup-{number}-{node.name}" for node in nodes}
    for node in nodes:
        node.commands(["backup", str(files[node.name])])
    in_backup = {node.name: _ids(node) for node in nodes}
    history = History.of(made)
    written(writers(made, history, count=updates, rate=30, shares=True, each=1), within=60)
    if rng.random() < 0.7:  # otherwise some of it is on its way
        wait_until(lambda: is_quiet(made, history.last_write), within=60, what="quiet")
    erased = {op.incident for op in history.ops if op.kind == "end"}
    held = {node.name: _ids(node, erased) for node in made.nodes()}
    safe = set().union(*[held[name] for name in held if name not in names], *in_backup.values())
    epochs = {node.name: _epoch(node) for node in nodes}
    for node in nodes:
        node.kill()
    for node in nodes:
        marker = node.var / "markers" / f"{node.name}.json"
        if rng.random() < 0.3:
            marker.unlink(missing_ok=True)
        node.commands(["restore", str(files[node.name]), "--replace"])
        files[node.name].unlink()
    apart = number % 2 == 1
    if apart:
        for proxy in made.proxies.values():
            proxy.down()
    started, wrote = time.monotonic(), datetime.now(UTC)
    for node in nodes:
        node.start()
    if apart:
        wrote = datetime.now(UTC)
        late = {node.name: node.report(f"canary-{number:012x} on the spot") for node in nodes}
        threading.Event().wait(1)
        for proxy in made.proxies.values():
            proxy.heal()
        safe |= set(late.values())
        for name, pk in late.items():
            held[name].add(pk)
    # of the lines that did not break too: they would say for five minutes what was true before
    made.city.commands(*(["pairnode", "compare", name] for name in made.lower))
    # asked seldom: each question costs every node some of the time that it needs to become equal
    wait_until(lambda: is_quiet(made, wrote), within=120, what="equal after a restore", every=0.5)
    took = time.monotonic() - started
    for node in made.nodes():
        lost = (held[node.name] & safe) - _ids(node)
        outcome.require(not lost, f"restore {number}: {len(lost)} are not back at {node.name}")
    for node in nodes:
        fresh = _epoch(node) != epochs[node.name]
        outcome.require(fresh, f"restore {number}: {node.name} went on in its old epoch")
    outcome.wrong += _unequal(made, number)
    return took


def _ids(node: Node, without: Collection[str] = ()) -> set[str]:
    """Every incident and entry that it shows, without these incidents."""
    shown, _unread = everything(node, without)
    return set(shown) | {entry["id"] for one in shown.values() for entry in one["entries"]}


def _epoch(node: Node) -> str:
    return node.get("/incidents", q="no such")["cursor"].partition(":")[0]


def _unequal(made: Federation, number: int) -> list[str]:
    """What two nodes hold and show differently."""
    shown, wrong = {}, []
    for node in made.nodes():
        shown[node.name], unread = everything(node)
        wrong += [f"restore {number}: {one}" for one in unread]
    for one, other in ((CITY, YANTA), (CITY, CHANGAN), (YANTA, CHANGAN)):
        for pk in shown[one].keys() & shown[other].keys():
            mine, theirs = (
                json.dumps([found["term"], found["rev"], found["summary"]])
                for found in (shown[one][pk], shown[other][pk])
            )
            if mine != theirs:
                wrong.append(f"restore {number}: {pk} differs at {one} and {other}")
    return wrong

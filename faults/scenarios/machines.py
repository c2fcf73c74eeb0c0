"""Machines that die: processes killed at any moment, Redis too, and what is there afterwards."""

import random
import threading
import time

from faults.checks import check, is_quiet
from faults.federation import Federation
from faults.load import History, writers, written
from faults.nodes import Node, wait_until
from faults.report import Outcome


def _kill_and_start(node: Node, rng: random.Random, *, during_start: bool) -> None:
    """SIGKILL to all processes of a node, or to some; once more while it starts."""
    pause = threading.Event()
    titles = sorted({title.partition("-")[0] for title in node.running})
    node.kill(*rng.choice([(), *[(title,) for title in titles]]))
    if during_start:
        node.start(wait=False)
        pause.wait(rng.uniform(0.2, 2.5))
        node.kill()
    node.start()


def kills(
    made: Federation, *, count: int = 100, updates: int = 20, rate: float = 20.0, again: int = 3
) -> Outcome:
    """Each node in turn, while all write; now and `again` once more while it starts."""
    outcome = Outcome("kill -9", f"{count} kills of either node, in sync p95 ≤ 10 s")
    history, rng = History.of(made), random.Random(3)
    back: list[float] = []
    for number in range(count):
        node = made.nodes()[number % len(made.nodes())]
        writing = writers(made, history, count=updates, rate=rate, each=1)
        threading.Event().wait(rng.uniform(0.0, updates / rate / 2))
        _kill_and_start(node, rng, during_start=number % again == again - 1)
        ready = time.monotonic()
        written(writing, within=60)
        try:
            wait_until(lambda: is_quiet(made, history.last_write), within=90, what="back in sync")
            back.append(time.monotonic() - ready)
        except TimeoutError as error:
            outcome.wrong.append(f"kill {number} of {node.name}: {error}")
            break
    found = check(made, history)
    outcome.wrong += found.wrong
    back.sort()
    p95 = back[int(len(back) * 0.95)] if back else float("inf")
    outcome.measured = {"kills": len(back), **found.figures}
    outcome.within("in sync p95 s", p95, 10)
    return outcome


def redis_kills(made: Federation, *, count: int = 20) -> Outcome:
    """Redis killed while all write: nothing is lost, and other processes still hear within 5 s."""
    outcome = Outcome("Redis killed", f"{count} times, no effect on data, current ≤ 5 s")
    if made.redis is None:
        outcome.asked += " (service only)"
        return outcome
    history, heard = History.of(made), []
    for _number in range(count):
        made.redis.kill()
        writing = writers(made, history, count=18, rate=18, each=1)
        started = time.monotonic()
        written(writing, within=60)
        try:
            wait_until(lambda: is_quiet(made, history.last_write), within=60, what="quiet")
        except TimeoutError as error:
            outcome.wrong.append(str(error))
        heard.append(time.monotonic() - started)
        made.redis.start()
    found = check(made, history)
    outcome.wrong += found.wrong
    outcome.measured = {"kills": count, "longest to equal s": max(heard), **found.figures}
    return outcome

"""Lines that break: random cuts while both sides write, with shares and without."""

import random
import threading
import time

from faults.checks import check
from faults.federation import Federation
from faults.load import History, writers, written
from faults.nodes import wait_until
from faults.proxy import FaultProxy
from faults.report import Outcome


class Cutter(threading.Thread):
    """Cuts one line again and again: half resets, a quarter silent, a quarter in mid-frame."""

    def __init__(self, proxy: FaultProxy, cuts: int, silent: tuple[float, float], seed: int):
        super().__init__(daemon=True)
        self.proxy, self.cuts, self.silent = proxy, cuts, silent
        self.done = 0
        self.ended = 0.0
        self._random = random.Random(seed)
        self._pause = threading.Event()

    def run(self) -> None:
        for number in range(self.cuts):
            kind = ("reset", "silence", "reset", "frame")[number % 4]
            if kind == "reset":
                self.proxy.reset()
            elif kind == "frame":
                self.proxy.break_in_mid_frame()
            else:
                self.proxy.silence()
                self._pause.wait(self._random.uniform(*self.silent))
                self.proxy.heal()
            self.done = number + 1
            self.ended = time.monotonic()
            self._pause.wait(self._random.uniform(0.5, 2.0))


def cuts(
    made: Federation,
    *,
    updates: int = 10_000,
    rate: float = 100.0,
    count: int = 200,
    silent: tuple[float, float] = (5.0, 60.0),
    bursts: int = 10,
    shares: bool = False,
) -> Outcome:
    """Updates from all sides, in bursts at this rate that are spread over all cuts."""
    outcome = Outcome(
        "audiences and shares under cuts" if shares else "random cuts",
        f"{updates} updates at {rate:.0f}/s, {count} cuts, equal ≤ 10 s after the last heal",
    )
    history = History.of(made)
    cutters = [
        Cutter(proxy, count // len(made.proxies), silent, seed)
        for seed, proxy in enumerate(made.proxies.values())
    ]
    for cutter in cutters:
        cutter.start()
    longest = count * (silent[1] + 4) + updates
    wrote = 0.0
    for burst in range(bursts):
        due = count * burst / bursts
        wait_until(
            lambda due=due: sum(one.done for one in cutters) >= due,
            within=longest,
            what="cuts go on",
        )
        started = time.monotonic()
        each = writers(made, history, count=updates // bursts, rate=rate, shares=shares)
        written(each, within=updates / bursts / rate * 5 + 60)
        wrote += time.monotonic() - started
    for cutter in cutters:
        cutter.join(longest)
    healed = max(cutter.ended for cutter in cutters)
    wrote_last = time.monotonic()
    found = check(made, history, within=120)
    outcome.wrong += found.wrong
    waited = found.equal_after + wrote_last - healed
    outcome.measured = {
        "updates": len(history.ops),
        "rate": len(history.ops) / wrote,
        "cuts": sum(cutter.done for cutter in cutters),
        **found.figures,
    }
    outcome.within("equal after s", waited, 10)
    outcome.within("desk p95 s (I9)", history.p95(), 1)
    return outcome


def slow(made: Federation, *, seconds: float = 90.0, updates: int = 300) -> Outcome:
    """One byte a second on every line while all write; then the lines are as they were."""
    outcome = Outcome("a line of one byte a second", f"{seconds:.0f} s, desk p95 < 1 s, then equal")
    history = History.of(made)
    for proxy in made.proxies.values():
        proxy.slow()
    started = time.monotonic()
    written(writers(made, history, count=updates, rate=updates / seconds), within=seconds + 120)
    threading.Event().wait(max(0.0, seconds - (time.monotonic() - started)))
    for proxy in made.proxies.values():
        proxy.heal()
    found = check(made, history, within=120)
    outcome.wrong += found.wrong
    outcome.measured = {"updates": len(history.ops), **found.figures}
    outcome.within("equal after s", found.equal_after, 60)  # as long as a wait between two calls
    outcome.within("desk p95 s (I9)", history.p95(), 1)
    return outcome

"""`python -m faults [names ...] [--quick] [--stack=...]`: the table of faults at its full figures.

Owns: the list, its order and both sizes. Promises: one line for each scenario, with the figure that
was asked and what was measured; one that fails to run does not hide the others; the exit code is 1
when anything is MISSED. Must not know: how a fault is made.
"""

import argparse
import contextlib
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import machine
from faults import report
from faults.federation import Federation, Template, federation
from faults.report import Outcome
from faults.scenarios import apart, disks, drills, floods, handshakes, lines, lying, machines
from tests.stack import STACKS, start_stack


@dataclass(frozen=True)
class Scenario:
    """A function and its small size; `own`: it makes its nodes itself, in a folder."""

    run: Callable[..., Outcome]
    quick: dict[str, Any]
    own: bool = False


def _scenario(run: Callable[..., Outcome], own: bool = False, **quick: Any) -> Scenario:
    return Scenario(run, quick, own)


def _with_shares(made: Federation, **size: Any) -> Outcome:
    return lines.cuts(made, shares=True, **size)


QUICK_CUTS = {"updates": 300, "rate": 40.0, "count": 8, "silent": (1.0, 3.0), "bursts": 2}
SCENARIOS = {
    "handshakes": _scenario(handshakes.handshakes),
    "kinds": _scenario(lying.kinds_of_lies),
    "frames": _scenario(lying.frames_out_of_shape),
    "malformed": _scenario(lying.malformed, total=1_000, bad=100),
    "repeated": _scenario(lying.repeated, frames=500),
    "forks": _scenario(lying.forks),
    "cursors": _scenario(lying.false_cursors),
    "sessions": _scenario(lying.two_sessions),
    "hellos": _scenario(floods.hellos, count=300),
    "dawdlers": _scenario(floods.dawdlers),
    "stalled": _scenario(floods.stalled_reader, entries=100),
    "large": _scenario(floods.large_frames, times=5),
    "cuts": _scenario(lines.cuts, **QUICK_CUTS),
    "audiences": _scenario(_with_shares, **QUICK_CUTS),
    "slow": _scenario(lines.slow, seconds=10.0, updates=60),
    "apart": _scenario(apart.hours_apart, own=True, backlog=2_000),
    "backups": _scenario(apart.old_backups, own=True, count=3),
    "kills": _scenario(machines.kills, count=6),
    "drill": _scenario(drills.drill, injects=6),
    "drill-kills": _scenario(drills.drill_kills, injects=9, kills=3),
    "drill-cut": _scenario(drills.drill_cut, minutes=0.5, injects=9),
    "redis": _scenario(machines.redis_kills, count=2),
    "revocation": _scenario(lying.revoked_while_linked),
    "disk": _scenario(disks.disk_full, own=True, updates=200, rate=20.0, full=5.0),
    "power": _scenario(disks.power_cuts, own=True, cuts=3),
}


def main() -> int:
    """Run what was asked for; 0 when all of it held."""
    parser = argparse.ArgumentParser(prog="faults", description="What must hold, under faults.")
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(SCENARIOS))
    parser.add_argument("--quick", action="store_true", help="small sizes")
    parser.add_argument("--stack", choices=STACKS, default="embedded", help="what nodes run on")
    options = parser.parse_args()
    if unknown := set(options.names) - SCENARIOS.keys():
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}")
    os.environ.update(start_stack(options.stack))
    outcomes: list[Outcome] = []
    with contextlib.ExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory(prefix="belltower-faults-"))
        folder = Path(name)
        folder.chmod(0o711)  # PostgreSQL has its own account
        facts = machine.facts(folder) | {"stack": options.stack, "quick": options.quick}
        print(*(f"{name}: {value}" for name, value in facts.items()), sep="\n", flush=True)
        shared: Federation | None = None
        for name in options.names or SCENARIOS:
            scenario = SCENARIOS[name]
            if shared is None and not scenario.own:
                template = Template(folder / "template")
                shared = stack.enter_context(federation(template, folder / "nodes"))
            outcomes.append(_run(name, scenario, shared, folder, options.quick))
    print(f"\nkept in {report.keep(facts, outcomes)}")
    return 0 if all(one.held for one in outcomes) else 1


def _run(
    name: str, scenario: Scenario, shared: Federation | None, folder: Path, quick: bool
) -> Outcome:
    started = time.monotonic()
    on = folder / name if scenario.own else shared
    try:
        outcome = scenario.run(on, **(scenario.quick if quick else {}))
    except Exception as error:  # the others are still worth their time
        traceback.print_exc()
        outcome = Outcome(name, "", wrong=[f"failed to run: {error!r}"])
    outcome.measured["took s"] = time.monotonic() - started
    print(outcome.line(), flush=True)
    return outcome


if __name__ == "__main__":
    sys.exit(main())

"""`python -m bench [names ...] [--quick]`: run benchmarks, print their tables, keep the JSON.

Owns: the list and its order. Promises: one benchmark that fails does not hide the others; the exit
code is 1 when one failed to run, never because a figure is bad. Must not know: how anything is
measured.
"""

import argparse
import sys
import time
import traceback
from collections.abc import Callable

from bench import (
    commit_to_screen,
    deadlines,
    desk,
    drafts,
    durable_writes,
    fan_out,
    links,
    machine,
    report,
    score,
    stalled_readers,
    ties,
)
from bench.city import cities

BENCHMARKS: dict[str, Callable[..., report.Result]] = {
    "commit_to_screen": commit_to_screen.run,
    "fan_out": fan_out.run,
    "stalled_readers": stalled_readers.run,
    "durable_writes": durable_writes.run,
    "ties": ties.run,
    "score": score.run,
    "deadlines": deadlines.run,
    "drafts": drafts.run,
    "desk": desk.run,
    "links": links.run,
}


def main() -> int:
    """Run what was asked for; 0 when all of it ran."""
    parser = argparse.ArgumentParser(prog="bench", description="Figures beside a peer.")
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHMARKS))
    parser.add_argument("--quick", action="store_true", help="small loads: does it run at all?")
    options = parser.parse_args()
    if unknown := set(options.names) - BENCHMARKS.keys():
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    results, failed = [], []
    with cities() as made:
        facts = machine.facts(made.folder)
        print(*(f"{name}: {value}" for name, value in facts.items()), sep="\n", flush=True)
        for name in options.names or BENCHMARKS:
            started = time.monotonic()
            print(f"\n{name} ...", flush=True)
            try:
                results.append(BENCHMARKS[name](made, quick=options.quick))
            except Exception:  # the others are still worth their time
                traceback.print_exc()
                failed.append(name)
                continue
            print(report.table(results[-1]))
            print(f"  took {time.monotonic() - started:.0f} s", flush=True)
    if results:
        print(f"\nkept in {report.keep(facts, results)}")
    if failed:
        print(f"failed to run: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

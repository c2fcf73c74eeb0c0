"""Drafts of reports: a follow-up proposed from the log of an incident with 2,000 entries.

Measured: `emergency.reporting.selectors.proposal` in a process with the node's settings: elements,
what changed since the last report, what was done since, as a text.
Peer: the same entries read by one query and joined, no rule.
Bound by: reading the entries.
"""

from bench.city import Cities
from bench.report import Line, Result, quantile

ENTRIES, REPEATS = 2000, 50


def run(cities: Cities, *, quick: bool = False) -> Result:
    """Both, in one process inside of the node's settings."""
    entries, repeats = (200, 5) if quick else (ENTRIES, REPEATS)
    with cities.fresh() as city:
        found = city.inside("drafts", str(entries), str(repeats))
    lines = [
        Line(
            f"one draft, p{share * 100:.0f}",
            "ms",
            [quantile(found["ours"], share)],
            [quantile(found["peer"], share)],
            target=1000 if share == 0.95 else None,
        )
        for share in (0.5, 0.95)
    ]
    return Result(
        "drafts",
        f"A follow-up of an incident with {entries} entries, {repeats} times",
        "one query and a join of the same entries, same process",
        lines,
        {"entries": entries},
    )

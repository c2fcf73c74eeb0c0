"""Limits of reports that run: what a thousand of them cost while nothing is due.

Measured: CPU of `emergency.deadlines.watch` in a process with the node's settings, one look, which
the node takes once a second; so 10 ms are one per cent of a core.
Peer: all that run loaded and looked through in Python, as a first idea would.
Bound by: one query of an index.
"""

from bench.city import Cities
from bench.report import Line, Result, quantile

RUNNING, LOOKS = 1000, 300


def run(cities: Cities, *, quick: bool = False) -> Result:
    """Both, in one process inside of the node's settings."""
    running, looks = (100, 20) if quick else (RUNNING, LOOKS)
    with cities.fresh() as city:
        found = city.inside("deadlines", str(running), str(looks))
    lines = [
        Line(
            f"one look, CPU, p{share * 100:.0f}",
            "ms",
            [quantile(found["ours"], share)],
            [quantile(found["peer"], share)],
            target=10 if share == 0.5 else None,
        )
        for share in (0.5, 0.95)
    ]
    return Result(
        "deadlines",
        f"{found['running']} limits that run, {looks} looks, one a second in a node",
        "every limit that runs loaded and looked through, same process",
        lines,
        {"running": running},
    )

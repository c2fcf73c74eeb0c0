"""Lines of the table: ours, the peer's, how they compare, and the files they are kept in.

Owns: how figures are summed up (median and spread over repeats) and shown. Promises: a line says
what it measured, never more; where there is no peer the table says so. Must not know: how
anything is measured.
"""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

OUT = Path(__file__).resolve().parent / "out"
HEAD = ("", "ours", "spread", "peer", "spread", "ratio", "target", "")


@dataclass(frozen=True)
class Line:
    """One figure; `ours` and `peer` hold one value for each repeat."""

    what: str
    unit: str
    ours: Sequence[float]
    peer: Sequence[float] = ()
    more_is_better: bool = False
    target: float | None = None  # of ours
    target_ratio: float | None = None  # of ratio
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times better ours is, by the medians."""
        if not self.ours or not self.peer:
            return None
        ours, peer = statistics.median(self.ours), statistics.median(self.peer)
        best, other = (ours, peer) if self.more_is_better else (peer, ours)
        return best / other if other else None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without one."""
        if self.target_ratio is not None:
            return self.ratio is not None and self.ratio >= self.target_ratio
        if self.target is None:
            return None
        ours = statistics.median(self.ours)
        return ours >= self.target if self.more_is_better else ours <= self.target

    def cells(self) -> tuple[str, ...]:
        """The line as the table shows it."""
        limit = ""
        if self.target_ratio is not None:
            limit = f"≥ {self.target_ratio:g} ×"
        elif self.target is not None:
            limit = f"{'≥' if self.more_is_better else '≤'} {number(self.target)}"
        return (
            f"{self.what}, {self.unit}" if self.unit else self.what,
            number(statistics.median(self.ours)) if self.ours else "–",
            _spread(self.ours),
            number(statistics.median(self.peer)) if self.peer else "–",
            _spread(self.peer),
            _times(self.ratio),
            limit,
            {None: "", True: "met", False: "MISSED"}[self.met],
        )


@dataclass(frozen=True)
class Result:
    """What one benchmark found."""

    name: str
    title: str
    peer: str
    lines: list[Line]
    conditions: dict[str, Any] = field(default_factory=dict)


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share of the sample does not pass; infinite for an empty one."""
    if not values:
        return float("inf")
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(len(ranked) * share))]


def number(value: float) -> str:
    """A figure with as many digits as it deserves."""
    if value != value or value in (float("inf"), float("-inf")):
        return "∞"
    digits = 0 if abs(value) >= 100 or value == int(value) else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"


def _times(ratio: float | None) -> str:
    return "–" if ratio is None else f"{ratio:.{1 if ratio >= 1 else 2}f} ×"


def _spread(values: Sequence[float]) -> str:
    return f"{number(min(values))} to {number(max(values))}" if len(values) > 1 else ""


def table(result: Result) -> str:
    """One benchmark as text."""
    rows = [HEAD, *(line.cells() for line in result.lines)]
    wide = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    text = [result.title, f"  peer: {result.peer}"]
    for row in rows:
        cells = [row[0].ljust(wide[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], wide[1:], strict=True)]
        text.append("  " + "  ".join(cells).rstrip())
    text += [f"  {line.what}: {line.note}" for line in result.lines if line.note]
    text += [f"  {name}: {value}" for name, value in result.conditions.items()]
    return "\n".join(text)


def keep(facts: dict[str, Any], results: Sequence[Result]) -> Path:
    """Write the whole run as JSON under bench/out/."""
    OUT.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    body = {
        "at": now.isoformat(timespec="seconds"),
        "machine": facts,
        "results": [
            asdict(result)
            | {
                "lines": [
                    asdict(line) | {"ratio": line.ratio, "met": line.met} for line in result.lines
                ]
            }
            for result in results
        ],
    }
    path = OUT / f"{now:%Y%m%dT%H%M%SZ}.json"
    path.write_text(json.dumps(body, ensure_ascii=False, indent=1))
    return path

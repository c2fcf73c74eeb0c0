"""Lines of the table: what was asked, what was measured, whether it holds; and the JSON.

Owns: the form of a figure. Promises: a scenario that found something wrong is MISSED, whatever its
other figures say. Must not know: how anything is measured.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

OUT = Path(__file__).resolve().parent / "out"


@dataclass
class Outcome:
    """What a scenario found: figures, and what does not hold, one line each."""

    scenario: str
    asked: str
    measured: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)  # figures of time that are missed

    @property
    def held(self) -> bool:
        """Does all hold, figures of time included? Tests look at `wrong` alone."""
        return not self.wrong and not self.late

    def require(self, holds: bool, what: str) -> None:
        """One thing that must hold."""
        if not holds:
            self.wrong.append(what)

    def within(self, name: str, value: float, most: float) -> None:
        """A figure of time, and what it should not pass."""
        self.measured[name] = value
        if not value <= most:
            self.late.append(f"{name}: {value:.1f}, asked {most:g}")

    def line(self) -> str:
        """The outcome as one line, and one more for each thing that is wrong."""
        measured = ", ".join(f"{name} {_shown(value)}" for name, value in self.measured.items())
        word = "ok" if self.held else "MISSED"
        wrong = "".join(f"\n    {what}" for what in (self.late + self.wrong)[:20])
        return f"{self.scenario} | {self.asked} | {measured} | {word}{wrong}"


def _shown(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def keep(facts: dict[str, Any], outcomes: Sequence[Outcome]) -> Path:
    """Write the whole run as JSON under faults/out/."""
    OUT.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    body = {
        "at": now.isoformat(timespec="seconds"),
        "machine": facts,
        "outcomes": [asdict(one) | {"held": one.held} for one in outcomes],
    }
    path = OUT / f"{now:%Y%m%dT%H%M%SZ}.json"
    path.write_text(json.dumps(body, ensure_ascii=False, indent=1, default=str))
    return path

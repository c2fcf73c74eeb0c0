"""Marks from measurements, and a grade from marks.

Owns: the conversion of a quantity, the weighted mean, the grades. Promises: whole thousandths of a
mark and nothing else, so that every machine works out the same; what was not measured gets 0 and
says why. Pure. Must not know: how something is measured (metrics.py), databases.
Source: domain rules 5.5: 100·clip((L−t)/(L−T), 0, 1), Σ w·s / Σ w; ≥ 90 优, 80 良, 60 中, below 差.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .metrics import MEASURES, Measured, answers
from .timeline import Timeline

FULL = 100_000  # thousandths of a mark
ASKED = ("metric", "organisation", "target", "limit", "weight")
GRADES = ((90_000, "excellent"), (80_000, "good"), (60_000, "fair"), (0, "poor"))


@dataclass(frozen=True)
class Row:
    """One expectation: what was asked of whom, what was measured, and its marks (thousandths)."""

    inject: str
    number: int
    metric: str
    organisation: str
    target: int
    limit: int
    weight: int
    measured: Measured
    marks: int


@dataclass(frozen=True)
class Score:
    """All rows, the weighted mean (thousandths; None where nothing was expected), its grade, and
    the numbers of injects that nobody answered."""

    rows: Sequence[Row]
    total: int | None
    grade: str
    unanswered: Sequence[int]


def score(timeline: Timeline) -> Score:
    """The score of an exercise, from its log alone."""
    rows = [
        _row(timeline, inject, expected)
        for inject in timeline.injects
        for expected in inject["expected"]
        if expected["metric"] in MEASURES
    ]
    weight = sum(row.weight for row in rows)
    total = sum(row.weight * row.marks for row in rows) // weight if weight else None
    silent = [
        inject["number"]
        for inject in timeline.injects
        if inject["expected"]
        and not any(inject["id"] in answers(timeline, code) for code in inject["recipients"])
    ]  # fmt: skip
    return Score(rows, total, grade_of(total), silent)


def _row(timeline: Timeline, inject: dict[str, Any], expected: dict[str, Any]) -> Row:
    measured = MEASURES[expected["metric"]](timeline, inject, expected)
    said = {name: expected[name] for name in ASKED}
    marks = marks_of(measured, expected["target"], expected["limit"])
    return Row(inject["id"], inject["number"], measured=measured, marks=marks, **said)


def marks_of(measured: Measured, target: int, limit: int) -> int:
    """100·clip((L−t)/(L−T), 0, 1) in thousandths, rounded down; 0 for what was not measured."""
    if measured.value is None or target == limit:
        return 0
    left, whole = limit * measured.unit - measured.value, (limit - target) * measured.unit
    if whole < 0:
        left, whole = -left, -whole
    return min(FULL, max(0, left * FULL // whole))


def grade_of(total: int | None) -> str:
    """优 excellent, 良 good, 中 fair, 差 poor; empty where there is no total."""
    if total is None:
        return ""
    return next(name for least, name in GRADES if total >= least)

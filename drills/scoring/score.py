"""Marks from measurements and from evaluators, and a grade from marks.

Owns: the conversion of a quantity, the weighted mean, the veto. Promises: whole thousandths of a
mark and nothing else, so that every machine works out the same; what was not measured gets 0 and
says why; what does not apply, or was not judged, leaves the mean; what was measured stays beside
what an evaluator says of it. Pure. Must not know: how something is measured, databases.
Source: domain rules 5.5: 100·clip((L−t)/(L−T), 0, 1), Σ w·s / Σ w; a veto caps the grade at 差.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from .judged import Given, criteria, given, grade_of, row_key, together
from .metrics import MEASURES, Measured, answers
from .timeline import Timeline

FULL = 100_000  # thousandths of a mark
ASKED = ("metric", "organisation", "target", "limit", "weight")


@dataclass(frozen=True)
class Row:
    """One expectation: what was asked of whom, what was measured and what that earns (`own`), what
    evaluators say, and the marks that count (thousandths; None leaves the mean)."""

    key: str
    inject: str
    number: int
    metric: str
    organisation: str
    target: int
    limit: int
    weight: int
    measured: Measured
    own: int
    given: Sequence[Given]
    marks: int | None


@dataclass(frozen=True)
class Item:
    """One criterion: what was judged, what evaluators say, and the marks that count."""

    key: str
    number: int
    organisation: str
    objective: str
    text: str
    scale: str
    weight: int
    veto: bool
    given: Sequence[Given]
    marks: int | None

    @property
    def vetoes(self) -> bool:
        """Did an evaluator find that what must not happen has happened?"""
        return self.veto and any(one.marks == 0 for one in self.given)


@dataclass(frozen=True)
class Score:
    """All rows and items, the weighted mean (thousandths; None where nothing counts), its grade,
    the numbers of injects that nobody answered, of items that veto, and of those not judged."""

    rows: Sequence[Row]
    items: Sequence[Item]
    total: int | None
    grade: str
    unanswered: Sequence[int]
    vetoed: Sequence[int]
    unjudged: Sequence[int]


def score(timeline: Timeline) -> Score:
    """The score of an exercise, from its log alone."""
    said, judged = given(timeline), criteria(timeline)
    rows = [
        _row(timeline, inject, expected, said)
        for inject in timeline.injects
        for expected in inject["expected"]
        if expected["metric"] in MEASURES
    ]
    items = [_item(number, one, said) for number, one in enumerate(judged["items"], 1)]
    silent = [
        inject["number"]
        for inject in timeline.injects
        if inject["expected"]
        and not any(inject["id"] in answers(timeline, code) for code in inject["recipients"])
    ]  # fmt: skip
    total = mean([*rows, *items])
    vetoed = [one.number for one in items if one.vetoes]
    grade = "poor" if vetoed else grade_of(total, judged["grades"])
    unjudged = [one.number for one in items if not one.given]
    return Score(rows, items, total, grade, silent, vetoed, unjudged)


def mean(rows: Iterable[Row | Item]) -> int | None:
    """Σ w·s / Σ w over what counts, rounded down; None where nothing does."""
    counted = [(row.weight, row.marks) for row in rows if row.marks is not None]
    weight = sum(weight for weight, _marks in counted)
    return sum(weight * marks for weight, marks in counted) // weight if weight else None


def _row(
    timeline: Timeline,
    inject: dict[str, Any],
    expected: dict[str, Any],
    said: dict[str, list[Given]],
) -> Row:
    measured = MEASURES[expected["metric"]](timeline, inject, expected)
    asked = {name: expected[name] for name in ASKED}
    own = marks_of(measured, expected["target"], expected["limit"])
    key = row_key(inject["id"], expected["metric"], expected["organisation"])
    return Row(
        key=key, inject=inject["id"], number=inject["number"], measured=measured, own=own,
        given=said.get(key, ()), marks=together(own, said.get(key, ())), **asked,
    )  # fmt: skip


def _item(number: int, one: dict[str, Any], said: dict[str, list[Given]]) -> Item:
    names = ("organisation", "objective", "text", "scale", "weight", "veto")
    judged = said.get(one["id"], ())
    asked = {name: one[name] for name in names}
    return Item(key=one["id"], number=number, given=judged, marks=together(None, judged), **asked)


def marks_of(measured: Measured, target: int, limit: int) -> int:
    """100·clip((L−t)/(L−T), 0, 1) in thousandths, rounded down; 0 for what was not measured."""
    if measured.value is None or target == limit:
        return 0
    left, whole = limit * measured.unit - measured.value, (limit - target) * measured.unit
    if whole < 0:
        left, whole = -left, -whole
    return min(FULL, max(0, left * FULL // whole))

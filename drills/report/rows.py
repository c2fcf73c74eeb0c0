"""Rows of a score in the words of pages and documents.

Owns: the way from a row to what a reader sees of it. Promises: what was measured stays beside what
evaluators say. Must not know: pages, documents, how a score is worked out.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from ..models import Metric
from ..scoring import words
from ..scoring.judged import grade_of
from ..scoring.score import Item, Row, mean

Names = Mapping[str, str]  # code of an organisation to its name
Scales = Mapping[str, Names]  # scale to its values and what they are called


def said(marks: int | None) -> str:
    """Marks of a hundred; a dash where there are none."""
    return "–" if marks is None else words.marks(marks)


def given(row: Row | Item, values: Names) -> list[dict[str, str]]:
    """What each evaluator says: who, the value, its marks where they are not the value, why."""
    return [
        {
            "evaluator": one.evaluator,
            "value": values.get(one.value, one.value)
            if one.marks is not None
            else _("does not apply"),
            "marks": said(one.marks) if one.value in values else "",
            "note": one.note,
        }
        for one in row.given
    ]


def item_row(item: Item, names: Names, scales: Scales) -> dict[str, Any]:
    """One criterion."""
    return {
        "item": item,
        "marks": said(item.marks),
        "points": 0 if item.marks is None else item.marks // 1000,
        "organisation": names.get(item.organisation, item.organisation),
        "given": given(item, scales.get(item.scale, {})),
    }


def metric_row(row: Row, names: Names, metrics: Mapping[str, Metric]) -> dict[str, Any]:
    """One expectation."""
    metric = metrics.get(row.metric)
    unit = metric.unit if metric else "percent"
    return {
        "row": row,
        "metric": metric.shown_name if metric else row.metric,
        "organisation": names.get(row.organisation, row.organisation),
        "target": str(words.UNITS[unit]) % row.target,
        "limit": str(words.UNITS[unit]) % row.limit,
        "measured": words.quantity(row.measured, unit),
        "reason": words.REASONS[row.measured.reason],
        "own": words.marks(row.own),
        "marks": said(row.marks),
        "points": 0 if row.marks is None else row.marks // 1000,
        "given": given(row, {}),
    }


def means(
    rows: Iterable[Row | Item],
    key: Callable[[Any], str],
    grades: Mapping[str, int],
    names: Names,
) -> list[dict[str, Any]]:
    """The mean of the rows of each key that is not empty, the best first: name, marks, grade, and
    whole points for a bar."""
    groups: dict[str, list[Row | Item]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    found = [(code, mean(each)) for code, each in groups.items() if code]
    return [
        {"name": names.get(code, code), "marks": words.marks(marks), "points": marks // 1000,
         "grade": str(words.GRADES[grade_of(marks, dict(grades))])}
        for code, marks in sorted(found, key=lambda one: (-(one[1] or 0), one[0]))
        if marks is not None
    ]  # fmt: skip

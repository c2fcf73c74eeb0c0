"""The page of the score of an exercise.

Owns: this page. Promises: each figure stands beside what was asked, what was measured and the
evidence, which is one click away. Must not know: how it is worked out.
"""

import uuid
from collections import defaultdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from emergency.audit_words import type_word
from emergency.views.office import office_page, show

from .. import selectors, selectors_conduct, selectors_script
from ..models import Clock, Metric
from ..scoring import words
from ..scoring.score import Row, Score, grade_of
from ..scoring.timeline import Event, Timeline
from ..selectors_score import score_of


@require_GET
@office_page("drill.see")
def score(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The score as this node's log gives it."""
    exercise = selectors.exercise(request.user, pk)
    timeline, found = score_of(request.user, exercise)
    clock = selectors_conduct.clock_of(exercise)
    names = selectors_script.all_names(exercise)
    metrics = {metric.code: metric for metric in Metric.objects.all()}
    known = {event.id: event for event in timeline.events}
    context = {
        "exercise": exercise,
        "total": words.marks(found.total) if found.total is not None else "–",
        "grade": words.GRADES[found.grade],
        "grade_code": found.grade,
        "clock": clock,
        "open": clock is not None and clock.state in Clock.OPEN,
        "unanswered": found.unanswered,
        "rows": [_row(row, timeline, known, names, metrics) for row in found.rows],
        "units": _by_organisation(found, names),
    }
    return show(request, "score", context)


def _row(
    row: Row,
    timeline: Timeline,
    known: dict[str, Event],
    names: dict[str, str],
    metrics: dict[str, Metric],
) -> dict[str, Any]:
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
        "marks": words.marks(row.marks),
        "evidence": [_evidence(known[id], timeline) for id in row.measured.evidence],
    }


def _evidence(event: Event, timeline: Timeline) -> dict[str, Any]:
    seconds = timeline.shown(event) // 1000
    return {
        "what": type_word(event.type),
        "at": f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}",
        "time": event.time,
        "incident": event.data.get("incident", event.data["id"]),
    }


def _by_organisation(found: Score, names: dict[str, str]) -> list[dict[str, str]]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in found.rows:
        sums[row.organisation][0] += row.weight * row.marks
        sums[row.organisation][1] += row.weight
    means = {code: total // weight for code, (total, weight) in sums.items() if weight}
    return [
        {"name": names.get(code, code), "marks": words.marks(mean),
         "grade": str(words.GRADES[grade_of(mean)])}
        for code, mean in sorted(means.items(), key=lambda one: -one[1])
    ]  # fmt: skip

"""The pages of the score of an exercise and of its replay.

Owns: these pages. Promises: each figure stands beside what was asked, what was measured and the
evidence, which is one click away; what an evaluator says stands beside what was measured. Must not
know: how it is worked out.
"""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from emergency import realms
from emergency.audit_words import type_word
from emergency.views.office import office_page, show
from realtime.problems import NotFound

from .. import selectors, selectors_conduct, selectors_evaluation, selectors_script
from ..models import Clock, Metric
from ..report import rows
from ..report.content import clock_text
from ..scoring import words
from ..scoring.judged import criteria
from ..scoring.score import Row
from ..scoring.timeline import Event, Timeline
from ..selectors_improvement import is_over, may_record
from ..selectors_score import may_read_score, score_of


@require_GET
@office_page("drill.see")
def score(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The score as this node's log gives it."""
    exercise = selectors.exercise(request.user, pk)
    timeline, found = score_of(request.user, exercise)
    clock = selectors_conduct.clock_of(exercise)
    names = selectors_script.all_names(exercise)
    metrics = {metric.code: metric for metric in Metric.objects.all()}
    scales = {
        scale: {one.value: one.shown_name for one in values}
        for scale, values in selectors_evaluation.scales().items()
    }
    every, grades = [*found.rows, *found.items], criteria(timeline)["grades"]
    known = {event.id: event for event in timeline.events}
    context = {
        "exercise": exercise,
        "total": rows.said(found.total),
        "grade": words.GRADES[found.grade],
        "grade_code": found.grade,
        "clock": clock,
        "open": clock is not None and clock.state in Clock.OPEN,
        "unanswered": found.unanswered,
        "vetoed": found.vetoed,
        "unjudged": found.unjudged,
        "outstanding": selectors_conduct.outstanding(exercise),
        "told_by_home": selectors_conduct.told_by_home(exercise),
        "rows": [
            _row(row, timeline, known, rows.metric_row(row, names, metrics)) for row in found.rows
        ],
        "items": [rows.item_row(item, names, scales) for item in found.items],
        "units": rows.means(every, lambda row: row.organisation, grades, names),
        "may_record": is_over(exercise) and may_record(request.user, exercise),
        "may_evaluate": selectors_evaluation.may_evaluate(request.user, exercise),
    }
    return show(request, "score", context)


@require_GET
@office_page("drill.see")
def replay(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The exercise moment by moment, on a map; the page asks the API for it."""
    exercise = selectors.exercise(request.user, pk)
    if not may_read_score(request.user, exercise):
        raise NotFound
    stand = realms.find(exercise.realm).stand(request.user.organisation_id)
    return show(request, "replay", {"exercise": exercise, "has_desk": bool(stand)})


def _row(row: Row, timeline: Timeline, known: dict[str, Event], said: dict[str, Any]) -> dict:
    evidence = [_evidence(known[id], timeline) for id in row.measured.evidence]
    return said | {"finding": _finding(row, said["metric"]), "evidence": evidence}


def _finding(row: Row, name: str) -> str:
    """What the form of a finding begins with, as a query."""
    text = f"{row.number} {row.metric} {name}: {rows.said(row.marks)}"
    return urlencode({"text": text, "owner": row.organisation, "row": row.key})


def _evidence(event: Event, timeline: Timeline) -> dict[str, Any]:
    return {
        "what": type_word(event.type),
        "at": clock_text(timeline.shown(event)),
        "time": event.time,
        "event": event.id,
    }

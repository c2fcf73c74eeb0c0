"""The pages of evaluation: what is judged, and an evaluator's sheet.

Owns: these pages. Promises: an evaluator marks with one press and reads what the platform measured
beside it; without a browser's script every mark is a form. Must not know: how marks make a score.
"""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from emergency.forms_plans import kept
from emergency.views.office import complain, office_page, show
from realtime.problems import NotFound, Problem

from .. import selectors, selectors_evaluation, selectors_script
from ..forms_evaluation import CriteriaForm, CriterionLines, MarkForm, proposed
from ..models import Exercise, Metric
from ..report import rows
from ..selectors_conduct import clock_of
from ..selectors_score import score_of
from ..services.evaluation import give_mark, set_criteria
from .common import done


@require_http_methods(["GET", "POST"])
@office_page("drill.schedule")
def criteria(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What is judged in an exercise; the standard items are proposed where there is nothing."""
    exercise = selectors.exercise(request.user, pk)
    if not selectors_script.may_change(request.user, exercise):
        raise NotFound
    known = selectors_evaluation.criteria_of(exercise)
    begin = list(known.items) if known else []
    given, posted = {"exercise": exercise}, request.POST or None
    form = CriteriaForm(posted, initial={"rev": known.rev if known else 0})
    proposes = not begin and posted is None
    lines = CriterionLines(
        posted, initial=begin or proposed(exercise), prefix="items", form_kwargs=given
    )
    if posted is not None and form.is_valid() and lines.is_valid():
        try:
            set_criteria(
                actor=request.user, exercise=exercise, items=kept(lines), **form.cleaned_data
            )
        except Problem as problem:
            complain(form, problem)
        else:
            return done("criteria", pk)
    context = {"exercise": exercise, "form": form, "lines": lines, "proposes": proposes}
    return show(request, "criteria", context, status=200 if posted is None else 422)


@require_http_methods(["GET", "POST"])
@office_page("drill.evaluate")
def marks(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """An evaluator's sheet: each row of the score, to be judged."""
    exercise = selectors.exercise(request.user, pk)
    if not selectors_evaluation.may_evaluate(request.user, exercise):
        raise NotFound
    form = MarkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            give_mark(actor=request.user, exercise=exercise, **form.cleaned_data)
        except Problem as problem:
            complain(form, problem)
        else:
            return redirect("marks", pk)
    status = 422 if request.method == "POST" else 200
    return show(request, "marks", _sheet(request, exercise) | {"form": form}, status=status)


def _sheet(request: HttpRequest, exercise: Exercise) -> dict[str, Any]:
    _timeline, found = score_of(request.user, exercise)
    mine = selectors_evaluation.marks_by(request.user, exercise)
    names = selectors_script.all_names(exercise)
    metrics = {metric.code: metric for metric in Metric.objects.all()}
    scales = selectors_evaluation.scales()
    items = [
        {
            "item": one,
            "organisation": names.get(one.organisation, one.organisation),
            "values": scales[one.scale],
            "mine": mine.get(one.key),
        }
        for one in found.items
    ]
    measured = [
        rows.metric_row(one, names, metrics) | {"mine": mine.get(one.key)} for one in found.rows
    ]
    return {
        "exercise": exercise,
        "clock": clock_of(exercise),
        "items": items,
        "rows": measured,
        "left": sum(one["mine"] is None for one in items),
    }

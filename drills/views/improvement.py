"""The pages of what exercises found and what is done about it.

Owns: these pages. Promises: what is overdue stands first; who may do nothing reads all the same.
Must not know: how an item stands (selectors_improvement).
"""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from emergency.permissions import may
from emergency.views.office import complain, office_page, sent, show
from realtime.problems import NotFound, Problem

from .. import selectors, selectors_improvement
from ..forms_improvement import FindingForm, ProgressForm
from ..models import Exercise, Improvement, Progress
from ..selectors_improvement import Item
from ..services import improvement as services
from .common import done, id_of

ACTS = {  # state to what may be said of it
    "open": (Progress.Kind.DONE, Progress.Kind.DROPPED),
    "done": (Progress.Kind.VERIFIED, Progress.Kind.REOPENED),
    "verified": (Progress.Kind.REOPENED,),
    "dropped": (Progress.Kind.REOPENED,),
}
WORDS = {  # what one says of an item, as the button is called
    Progress.Kind.DONE: gettext_lazy("Report as done"),
    Progress.Kind.VERIFIED: gettext_lazy("Confirm the correction"),
    Progress.Kind.REOPENED: gettext_lazy("Open again"),
    Progress.Kind.DROPPED: gettext_lazy("Drop"),
}
MOST = 200  # items on the page of all exercises
BEGIN = ("text", "kind", "severity", "cause", "action", "owner", "due", "row", "rev")


@require_GET
@office_page("drill.see")
def improvements(request: HttpRequest) -> HttpResponse:
    """All that the exercises found which this officer sees, what is overdue first."""
    seen = selectors.exercises(request.user)
    found = selectors_improvement.items(seen, timezone.localdate())
    shown = _acts(request, found[:MOST])
    context = {"items": shown, "across": True, "left": max(0, len(found) - MOST)}
    return show(request, "improvements", context)


@require_http_methods(["GET", "POST"])
@office_page("drill.see")
def findings(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What one exercise found; one more."""
    exercise = selectors.exercise(request.user, pk)
    if request.method == "GET":
        return _page(request, exercise)
    form = FindingForm(request.POST, exercise=exercise)
    if form.is_valid():
        told = form.cleaned_data
        told.pop("rev")
        try:
            services.record_finding(
                actor=request.user, exercise=exercise, id=id_of(request.POST.get("id", "")), **told
            )
        except Problem as problem:
            complain(form, problem)
        else:
            return done("findings", pk)
    return _page(request, exercise, form, status=422)


@require_http_methods(["GET", "POST"])
@office_page("drill.schedule")
def edit_finding(request: HttpRequest, pk: uuid.UUID, item: uuid.UUID) -> HttpResponse:
    """Say a finding anew."""
    exercise, found = _found(request, pk, item)
    if not selectors_improvement.may_record(request.user, exercise):
        raise NotFound
    begin = {name: getattr(found, name) for name in BEGIN}
    form = FindingForm(request.POST or None, exercise=exercise, initial=begin)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        rev = told.pop("rev") or 0
        try:
            services.change_finding(actor=request.user, improvement=found, rev=rev, **told)
        except Problem as problem:
            complain(form, problem)
        else:
            return done("findings", pk)
    status = 422 if request.method == "POST" else 200
    return show(request, "finding_edit", {"exercise": exercise, "form": form}, status=status)


@office_page("drill.improve")
@sent
def progress(request: HttpRequest, pk: uuid.UUID, item: uuid.UUID) -> HttpResponse:
    """Say what was done about it."""
    exercise, found = _found(request, pk, item)
    form = ProgressForm(request.POST)
    if form.is_valid():
        id = id_of(request.POST.get("id", ""))
        try:
            services.report_progress(
                actor=request.user, improvement=found, id=id, **form.cleaned_data
            )
        except Problem as problem:
            complain(form, problem)
        else:
            return done("findings", pk)
    return _page(request, exercise, acted=form, status=422)


def _found(request: HttpRequest, pk: uuid.UUID, item: uuid.UUID) -> tuple[Exercise, Improvement]:
    exercise = selectors.exercise(request.user, pk)
    found = exercise.improvements.filter(pk=item).first()
    if found is None:
        raise NotFound
    return exercise, found


def _acts(request: HttpRequest, found: list[Item]) -> list[dict[str, Any]]:
    """Each item with what this officer may say of it."""
    return [
        {
            "item": one,
            "acts": [
                {"kind": kind, "word": WORDS[kind], "id": uuid.uuid4()}
                for kind in ACTS[one.state]
                if selectors_improvement.may_report(request.user, one.improvement, kind)
                and may(request.user, "drill.improve")
            ],
        }
        for one in found
    ]


def _page(
    request: HttpRequest,
    exercise: Exercise,
    form: FindingForm | None = None,
    *,
    acted: ProgressForm | None = None,
    status: int = 200,
) -> HttpResponse:
    over = selectors_improvement.is_over(exercise)
    begin = {name: request.GET.get(name, "")[:500] for name in ("text", "owner", "row")}
    context = {
        "exercise": exercise,
        "items": _acts(request, selectors_improvement.items([exercise], timezone.localdate())),
        "over": over,
        "may_record": over and selectors_improvement.may_record(request.user, exercise),
        "form": form or FindingForm(exercise=exercise, initial=begin),
        "adding": form is not None or bool(begin["row"]),
        "acted": acted,
        "id": id_of(request.POST.get("id", "")),
    }
    return show(request, "improvements", context, status=status)

"""Pages of exercises: the calendar with what is due, an exercise.

Owns: these pages. Promises: one form, one service call; what was typed comes back with what is
wrong with it; an exercise that is not yours is not there. Must not know: how a change is recorded.
"""

import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from emergency import realms
from emergency.forms_plans import kept
from emergency.permissions import may
from emergency.selectors_accounts import organisation_choices
from emergency.selectors_sharing import shown_node_names
from emergency.views.office import complain, office_page, sent, show
from realtime.problems import Problem

from .. import selectors, selectors_script
from ..due import months_later
from ..forms import CancelForm, ExerciseForm, HeldForm, ParticipantLines
from ..models import Exercise, Inject
from ..selectors_conduct import began_at, clock_of
from ..selectors_evaluation import criteria_of, may_evaluate
from ..selectors_improvement import is_over
from ..selectors_score import may_read_score
from ..services import exercises as services
from .common import done, id_of


@require_GET
@office_page("drill.see")
def calendar(request: HttpRequest) -> HttpResponse:
    """A month with its exercises, what is due, and what comes."""
    today = timezone.localdate()
    first = _month(request.GET.get("month", ""), today)
    found = selectors.placed(selectors.exercises(request.user))
    due = selectors.standings(today) if may(request.user, "drill.schedule") else []
    context = {
        "weeks": selectors.month(first, today, found, due),
        "first": first,
        "before": months_later(first, -1),
        "after": months_later(first, 1),
        "due": due,
        "coming": [one for one in found if one.exercise.state == Exercise.State.SCHEDULED],
        "past": [one for one in found if one.exercise.state != Exercise.State.SCHEDULED][::-1],
        "may_schedule": may(request.user, "drill.schedule"),
    }
    return show(request, "drills", context)


@require_GET
@office_page("drill.see")
def exercise(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One exercise."""
    return _exercise_page(request, selectors.exercise(request.user, pk))


@require_http_methods(["GET", "POST"])
@office_page("drill.schedule")
def new_exercise(request: HttpRequest) -> HttpResponse:
    """Put one into the calendar; the id in the form makes a second press the same one."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@office_page("drill.schedule")
def edit_exercise(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say anew what it is."""
    return _edit(request, selectors.exercise(request.user, pk))


@office_page("drill.schedule")
@sent
def cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """It does not take place."""
    return _act(request, pk, CancelForm, services.cancel_exercise)


@office_page("drill.schedule")
@sent
def held(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """It took place."""
    return _act(request, pk, HeldForm, services.record_held)


def _act(request: HttpRequest, pk: uuid.UUID, shape: type, act: Any) -> HttpResponse:
    found = selectors.exercise(request.user, pk)
    form = shape(request.POST)
    if form.is_valid():
        try:
            act(actor=request.user, exercise=found, **form.cleaned_data)
        except Problem as problem:
            complain(form, problem)
        else:
            return done("drill", pk)
    return _exercise_page(request, selectors.exercise(request.user, pk), form, status=422)


def _exercise_page(
    request: HttpRequest, found: Exercise, form: Any = None, status: int = 200
) -> HttpResponse:
    here = may(request.user, "drill.schedule") and found.home == settings.NODE_ID
    clock = clock_of(found)
    open_here = here and found.state == Exercise.State.SCHEDULED and clock is None
    bounds, criteria = realms.find(found.realm), criteria_of(found)
    context = {
        "exercise": found,
        "people": selectors.people(found),
        "home_name": shown_node_names().get(found.home, found.home),
        "began_at": began_at(found),
        "ends_at": selectors.ends_at(found),
        "may_change": open_here,
        "clock": clock,
        "may_read_score": clock is not None and may_read_score(request.user, found),
        "has_desk": clock is not None and bool(bounds.stand(request.user.organisation_id)),
        "may_read_script": selectors_script.may_read(request.user, found),
        "injects": found.injects.exclude(state=Inject.State.CANCELLED).count(),
        "over": is_over(found),
        "found": found.improvements.count(),
        "may_evaluate": may_evaluate(request.user, found),
        "may_set_criteria": selectors_script.may_change(request.user, found),
        "items": len(criteria.items) if criteria else 0,
        "has_begun": found.starts_at <= timezone.now(),
        "cancel_form": form if isinstance(form, CancelForm) else CancelForm({"rev": found.rev}),
        "form": form,
        "clashes": selectors.clashes(
            {one["organisation"] for one in found.participants}, found.starts_at, but=found.pk
        )
        if open_here
        else [],
    }
    return show(request, "drill", context, status=status)


def _edit(request: HttpRequest, current: Exercise | None) -> HttpResponse:
    data = request.POST or None
    known = selectors.said(current) if current else {"plan": request.GET.get("plan", "")}
    form = ExerciseForm(data, initial=known)
    people = ParticipantLines(
        data,
        initial=current.participants if current else [],
        prefix="people",
        form_kwargs={"organisations": organisation_choices()},
    )
    if data and all([form.is_valid(), people.is_valid()]):
        try:
            made = _save(request, current, form.cleaned_data, kept(people))
        except Problem as problem:
            complain(form, problem)
        else:
            return done("drill", made.pk)
    context = {
        "exercise": current,
        "form": form,
        "people": people,
        "id": id_of(request.POST.get("id", "")),
    }
    return show(request, "drill_edit", context, status=422 if data else 200)


def _save(
    request: HttpRequest, current: Exercise | None, told: dict[str, Any], people: list
) -> Exercise:
    rev = told.pop("rev")
    if current is None:
        id = id_of(request.POST.get("id", ""))
        return services.schedule_exercise(actor=request.user, id=id, participants=people, **told)
    return services.change_exercise(
        actor=request.user, exercise=current, rev=rev or 0, participants=people, **told
    )


def _month(text: str, today: date) -> date:
    """The first day of the month `2026-11`; of this month where that is none, or far away."""
    try:
        year, month = (int(part) for part in text.split("-"))
        return date(year, month, 1) if 1990 <= year <= 2199 else today.replace(day=1)
    except ValueError:
        return today.replace(day=1)

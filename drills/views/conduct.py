"""The console of an exercise: its clock, what goes out, how the nodes stand.

Owns: this page. Promises: every button is one service call; what is refused says why; who plays
has no console. Must not know: how the clock works.
"""

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from emergency.views.office import office_page, sent, show
from realtime.problems import Invalid, NotFound, Problem

from .. import selectors, selectors_conduct, selectors_script
from ..clock import FASTEST
from ..forms_conduct import AbortForm, JumpForm, SpeedForm
from ..models import Clock, Exercise
from ..services import conduct

TURNS = {
    "start": (SpeedForm, conduct.start_exercise),
    "pause": (None, conduct.pause_clock),
    "resume": (None, conduct.resume_clock),
    "speed": (SpeedForm, conduct.set_speed),
    "jump": (JumpForm, conduct.jump_clock),
    "end": (None, conduct.end_exercise),
    "abort": (AbortForm, conduct.abort_exercise),
}
SENDS = {"send": conduct.send_inject, "skip": conduct.skip_inject}


@require_GET
@office_page("drill.see")
def console(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The console, to act on or, for those who staff the exercise elsewhere, to read."""
    return _page(request, selectors.exercise(request.user, pk))


@office_page("drill.control")
@sent
def turn(request: HttpRequest, pk: uuid.UUID, act: str) -> HttpResponse:
    """Start, pause, resume, faster, forward, end, break off."""
    exercise = selectors.exercise(request.user, pk)
    if act not in TURNS:
        raise NotFound
    shape, service = TURNS[act]
    form = shape(request.POST) if shape else None
    if form is not None and not form.is_valid():
        wrong = [error for errors in form.errors.values() for error in errors]
        return _page(request, exercise, wrong)
    given = form.cleaned_data if form else {}
    return _do(request, exercise, lambda: service(actor=request.user, exercise=exercise, **given))


@office_page("drill.control")
@sent
def inject(request: HttpRequest, pk: uuid.UUID, inject: uuid.UUID, act: str) -> HttpResponse:
    """Send one now, or leave it out."""
    exercise = selectors.exercise(request.user, pk)
    if act not in SENDS:
        raise NotFound
    found = selectors_script.inject(request.user, exercise, inject)
    return _do(request, exercise, lambda: SENDS[act](actor=request.user, inject=found))


def _do(request: HttpRequest, exercise: Exercise, act: Any) -> HttpResponse:
    try:
        act()
    except Problem as problem:
        said = list(problem.fields.values()) if isinstance(problem, Invalid) else []
        return _page(request, exercise, said or [problem.message], status=problem.status)
    return redirect("console", exercise.pk)


def _page(
    request: HttpRequest, exercise: Exercise, wrong: list[Any] | None = None, status: int = 422
) -> HttpResponse:
    injects = selectors_script.injects(request.user, exercise)
    exercise.refresh_from_db()
    clock = selectors_conduct.clock_of(exercise)
    findings = selectors_script.findings(exercise, injects)
    names = selectors_script.all_names(exercise)
    context = {
        "exercise": exercise,
        "clock": clock,
        "open": clock is not None and clock.state in Clock.OPEN,
        "length": exercise.minutes * 60,
        "rows": selectors_conduct.console(exercise, injects, names),
        "nodes": selectors_conduct.nodes(exercise),
        "here": settings.NODE_ID,
        "bad": [one for one in findings if one.bad],
        "may_control": selectors.may_control(request.user, exercise),
        "speeds": [1, 2, 4, FASTEST],
        "wrong": wrong or [],
    }
    return show(request, "console", context, status=status if wrong else 200)

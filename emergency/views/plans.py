"""Plans: which there are, their versions, and the next version of one.

Owns: these pages. Promises: one form, one service call; an older version is read and never
changed; what was typed comes back with what is wrong with it. Must not know: how a change is
recorded, what is wrong with a plan (plans.lint).
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from realtime.problems import NotFound, Problem

from ..forms_plans import LevelLines, NewPlanForm, PlanForm, TaskLines, kept
from ..models import Plan
from ..permissions import may
from ..plans.selectors import reporter_names, said, versions, with_names
from ..plans.services.editing import make_plan, revise_plan
from ..selectors_accounts import organisation_choices
from .office import complain, office_page, show

Notes = Callable[[Iterable[str]], dict[str, str]]
_notes: list[Notes] = []


def add_notes(source: Notes) -> None:
    """Show what an app above says of plans (code to a sentence), at the start of the process."""
    if source not in _notes:
        _notes.append(source)


def _noted(codes: Iterable[str]) -> dict[str, list[str]]:
    wanted = list(codes)
    told = [source(wanted) for source in _notes]
    return {code: [one[code] for one in told if code in one] for code in wanted}


@require_GET
@office_page("plan.see")
def plans(request: HttpRequest) -> HttpResponse:
    """Those in force."""
    found = list(Plan.objects.filter(in_force=True))
    noted = _noted(one.code for one in found)
    context = {
        "plans": [{"plan": one, "notes": noted[one.code]} for one in found],
        "may_edit": may(request.user, "plan.edit"),
    }
    return show(request, "plans", context)


@require_GET
@office_page("plan.see")
def plan(request: HttpRequest, code: str, version: int | None = None) -> HttpResponse:
    """One version, to read: the one in force unless another is named."""
    all_of_it = versions(code)
    wanted = [one for one in all_of_it if (one.version == version if version else one.in_force)]
    if not wanted:
        raise NotFound
    context = {
        "plan": wanted[0],
        "tasks": with_names(wanted[0]),
        "reporters": reporter_names(wanted[0]),
        "notes": _noted([code])[code],
        "versions": all_of_it,
        "may_edit": may(request.user, "plan.edit"),
    }
    return show(request, "plan", context)


@require_http_methods(["GET", "POST"])
@office_page("plan.edit")
def new_plan(request: HttpRequest) -> HttpResponse:
    """A plan that was not there."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@office_page("plan.edit")
def edit_plan(request: HttpRequest, code: str) -> HttpResponse:
    """The next version of this plan."""
    current = Plan.objects.filter(code=code, in_force=True).first()
    if current is None:
        raise NotFound
    return _edit(request, current)


def _edit(request: HttpRequest, current: Plan | None) -> HttpResponse:
    known = said(current) | {"version": current.version} if current else {}
    data = request.POST or None
    organisations = organisation_choices()
    kind = PlanForm if current else NewPlanForm
    form = kind(data, initial=known, organisations=organisations)
    levels = LevelLines(data, initial=known.get("levels"), prefix="levels")
    names = {one["code"]: one["name"] for one in known.get("levels", [])}
    if data and levels.is_valid():
        names |= {one["code"]: one["name"] for one in kept(levels)}
    tasks = TaskLines(
        data,
        initial=known.get("tasks"),
        prefix="tasks",
        form_kwargs={"levels": list(names.items()), "organisations": organisations},
    )
    if data and all([form.is_valid(), levels.is_valid(), tasks.is_valid()]):
        given = form.cleaned_data | {"levels": kept(levels), "tasks": kept(tasks)}
        try:
            made = _save(request, current, given)
        except Problem as problem:
            complain(form, problem)
        else:
            response = redirect("plan", made.code)
            response["Location"] += "?done=kept"
            return response
    context = {"plan": current, "form": form, "levels": levels, "tasks": tasks}
    return show(request, "plan_edit", context, status=422 if data else 200)


def _save(request: HttpRequest, current: Plan | None, given: dict[str, Any]) -> Plan:
    if current is None:
        return make_plan(actor=request.user, **given)
    return revise_plan(actor=request.user, code=current.code, **given)

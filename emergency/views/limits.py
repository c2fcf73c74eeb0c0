"""Limits of reports and reminders, among the tables of an office.

Owns: these pages. Promises: one form, one service call; a row is removed by a form of its own. Must
not know: how a change is recorded, which limit holds (emergency/deadlines).
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from realtime.problems import NotFound, Problem

from ..audit_words import role_word
from ..deadlines import tables
from ..errors import WrongState
from ..forms_limits import LimitForm, ReminderForm
from ..models import IncidentType, LimitRule, ReminderRule
from ..selectors_sharing import prefix_of
from .office import complain, office_page, sent, show


@require_http_methods(["GET", "POST"])
@office_page("table.edit")
def limits(request: HttpRequest) -> HttpResponse:
    """All limits and reminders; a new limit, or another value of one."""
    form = LimitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            tables.set_limit(actor=request.user, **form.cleaned_data)
        except Problem as problem:
            complain(form, problem)
        else:
            return _done()
    return _page(request, form, _reminder_form(), bad=request.method == "POST")


@office_page("table.edit")
@sent
def reminder(request: HttpRequest) -> HttpResponse:
    """A reminder, or another value of one."""
    form = _reminder_form(request.POST)
    if form.is_valid():
        try:
            tables.set_reminder(actor=request.user, **form.cleaned_data)
        except Problem as problem:
            complain(form, problem)
        else:
            return _done()
    return _page(request, LimitForm(), form, bad=True)


@require_POST
@office_page("table.edit")
def remove_limit(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a limit away; the default, which the page does not offer, is not found."""
    return _remove(LimitRule, pk, lambda rule: tables.remove_limit(actor=request.user, rule=rule))


@require_POST
@office_page("table.edit")
def remove_reminder(request: HttpRequest, percent: int) -> HttpResponse:
    """Take a reminder away; the last, which the page does not offer, is not found."""
    return _remove(
        ReminderRule, percent, lambda rule: tables.remove_reminder(actor=request.user, rule=rule)
    )


def _remove(kind: type[Model], pk: int, remove: Callable[[Any], None]) -> HttpResponse:
    rule = kind.objects.filter(pk=pk).first()
    if rule is None:
        raise NotFound
    try:
        remove(rule)
    except WrongState as problem:
        raise NotFound from problem
    return _done()


def _reminder_form(given: Any = None) -> ReminderForm:
    return ReminderForm(given, auto_id="reminder_%s")  # two forms stand on one page


def _page(
    request: HttpRequest, limit_form: LimitForm, reminder_form: ReminderForm, *, bad: bool
) -> HttpResponse:
    kinds = IncidentType.objects.exclude(parent=None)
    names = {prefix_of(kind.code): kind.name for kind in kinds}
    context = {
        "limits": [
            {
                "rule": rule,
                "class_name": names.get(rule.type_prefix, ""),
                "grade": "ⅠⅡⅢⅣ"[rule.grade - 1] if rule.grade else "",
                "removable": bool(rule.type_prefix or rule.grade or rule.level),
            }
            for rule in LimitRule.objects.all()
        ],
        "reminders": [
            {"rule": rule, "roles": [role_word(role) for role in rule.roles]}
            for rule in ReminderRule.objects.all()
        ],
        "limit_form": limit_form,
        "reminder_form": reminder_form,
    }
    return show(request, "limits", context, status=422 if bad else 200)


def _done() -> HttpResponse:
    response = redirect("limits")
    response["Location"] += "?done=kept"
    return response

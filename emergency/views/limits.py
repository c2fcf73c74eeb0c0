"""Limits of reports, reminders and supplements, among the tables of an office.

Owns: these pages. Promises: one form, one service call; a row is removed by a form of its own. Must
not know: how a change is recorded, which limit holds (emergency/deadlines).
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from realtime.problems import NotFound, Problem

from ..audit_words import role_word
from ..deadlines import tables
from ..errors import WrongState
from ..forms import SourcedForm
from ..forms_limits import LimitForm, ReminderForm, SupplementForm
from ..models import LimitRule, ReminderRule, SupplementRule
from ..selectors_sharing import class_names
from .office import complain, kept, office_page, sent, show


@require_http_methods(["GET", "POST"])
@office_page("table.edit")
def limits(request: HttpRequest) -> HttpResponse:
    """All limits, reminders and supplements; a new limit, or another value of one."""
    if request.method == "GET":
        return _page(request)
    return _take(request, "limit_form", LimitForm(request.POST), tables.set_limit)


@office_page("table.edit")
@sent
def reminder(request: HttpRequest) -> HttpResponse:
    """A reminder, or another value of one."""
    form = ReminderForm(request.POST, auto_id="reminder_%s")
    return _take(request, "reminder_form", form, tables.set_reminder)


@office_page("table.edit")
@sent
def supplement(request: HttpRequest) -> HttpResponse:
    """Days for supplements of a class, or another number of them."""
    form = SupplementForm(request.POST, auto_id="supplement_%s")
    return _take(request, "supplement_form", form, tables.set_supplement)


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


@require_POST
@office_page("table.edit")
def remove_supplement(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the days of a class away."""
    return _remove(
        SupplementRule, pk, lambda rule: tables.remove_supplement(actor=request.user, rule=rule)
    )


def _remove(kind: type[Model], pk: int, remove: Callable[[Any], None]) -> HttpResponse:
    rule = kind.objects.filter(pk=pk).first()
    if rule is None:
        raise NotFound
    try:
        remove(rule)
    except WrongState as problem:
        raise NotFound from problem
    return kept("limits")


def _take(
    request: HttpRequest, name: str, form: SourcedForm, keep: Callable[..., object]
) -> HttpResponse:
    if form.is_valid():
        try:
            keep(actor=request.user, **form.cleaned_data)
        except Problem as problem:
            complain(form, problem)
        else:
            return kept("limits")
    return _page(request, **{name: form})


def _page(request: HttpRequest, **bad: SourcedForm) -> HttpResponse:
    """The page; `bad` is a form with what is wrong in it."""
    names = class_names()
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
        "supplements": [
            {"rule": rule, "class_name": names.get(rule.type_prefix, "")}
            for rule in SupplementRule.objects.all()
        ],
        "limit_form": LimitForm(),
        "reminder_form": ReminderForm(auto_id="reminder_%s"),  # three forms stand on one page
        "supplement_form": SupplementForm(auto_id="supplement_%s"),
    }
    return show(request, "limits", context | bad, status=422 if bad else 200)

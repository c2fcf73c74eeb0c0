"""Roll calls: one is made, one is answered, and what came of them.

Owns: these pages. Promises: one form, one service call. Must not know: how a call travels.
"""

import uuid
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ..forms_rollcall import AnswerRollForm, RollCallForm
from ..rollcall import selectors, services
from .office import kept, office_page, sent, show, tried

STATES = {"answered": _("answered"), "late": _("answered late"), "none": _("no answer")}


@require_http_methods(["GET", "POST"])
@office_page("duty.see")
def roll_calls(request: HttpRequest) -> HttpResponse:
    """Calls that wait for this desk, a new one, and what came of the last ones."""
    form = RollCallForm(request.POST or None, initial={"id": uuid.uuid4()})
    if form.is_valid() and tried(form, services.call_roll, actor=request.user, **form.cleaned_data):
        return kept("roll-calls")
    return _page(request, form=form)


@office_page("duty.write")
@sent
def answer_roll(request: HttpRequest) -> HttpResponse:
    """Somebody is at this desk."""
    form = AnswerRollForm(request.POST)
    if form.is_valid():
        call = selectors.call(request.user, form.cleaned_data["call"])
        if tried(form, services.answer_roll, actor=request.user, call=call):
            return kept("roll-calls")
    return _page(request, acted=form)


def _page(request: HttpRequest, **given: forms.Form) -> HttpResponse:
    context: dict[str, Any] = {
        "form": RollCallForm(initial={"id": uuid.uuid4()}),
        "waiting": [_call(one) for one in selectors.waiting(request.user)],
        "calls": [_call(one) for one in selectors.calls(request.user)],
        "answered": [_call(one) for one in selectors.answered(request.user)],
    }
    bad = any(form.is_bound for form in given.values())
    return show(request, "roll_calls", context | given, status=422 if bad else 200)


def _call(one: dict[str, Any]) -> dict[str, Any]:
    """A call with its moment as a moment, and its states in words."""
    rows = [row | {"word": STATES[row["state"]]} for row in one.get("rows", ())]
    at = datetime.fromisoformat(one["at"]).astimezone(UTC)
    here = sum(row["state"] == "answered" for row in rows)
    return one | {"rows": rows, "at": at, "here": here}

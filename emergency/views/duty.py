"""The duty log: what came in and went out, a new entry, the correction of one.

Owns: these pages. Promises: one form, one service call; what was typed comes back with what is
wrong with it. Must not know: how an entry is kept, who may (services ask).
"""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from ..duty import selectors
from ..duty.services import log_duty
from ..forms_duty import DutyFilter, DutyForm
from ..models import DutyEntry
from .office import kept, office_page, show, tried

PER_PAGE = 50
COPIED = "at channel direction party phone number summary handling".split()


@require_http_methods(["GET", "POST"])
@office_page("duty.see")
def duty(request: HttpRequest) -> HttpResponse:
    """The log, newest first, and the form of a new entry."""
    shown = DutyFilter(request.GET)
    number = shown.cleaned_data.get("number", "") if shown.is_valid() else ""
    initial = {"id": uuid.uuid4(), "number": number}
    form = DutyForm(request.POST or None, initial=initial, auto_id="new_%s")
    if request.method == "POST" and _keep(request, form, None):
        return kept("duty")
    return _page(request, shown, form)


@require_http_methods(["GET", "POST"])
@office_page("duty.see")
def duty_entry(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One entry with what corrected it, and what is right instead of the last of these."""
    chain = selectors.chain(request.user, pk)
    last = chain[-1].entry
    initial = {name: getattr(last, name) for name in COPIED} | {"id": uuid.uuid4(), "of": last.pk}
    form = DutyForm(request.POST or None, initial=initial, besides=last.channel)
    if request.method == "POST":
        shown = form.cleaned_data["of"] if form.is_valid() else None
        of = next((one.entry for one in chain if one.entry.pk == shown), chain[0].entry)
        if _keep(request, form, of):
            return kept("duty")
        form.data = form.data.copy()
        form.data["of"] = str(last.pk)  # what is shown now is what is corrected next
    context = {"chain": chain, "form": form, "offered": selectors.offered(request.user)}
    return show(request, "duty_entry", context, status=422 if form.is_bound else 200)


def _keep(request: HttpRequest, form: DutyForm, corrects: DutyEntry | None) -> bool:
    """Write it; False, with what is wrong on the form, where that cannot be."""
    if not form.is_valid():
        return False
    said = {name: form.cleaned_data[name] for name in (*COPIED, "id")}
    return tried(form, log_duty, actor=request.user, corrects=corrects, **said)


def _page(request: HttpRequest, shown: DutyFilter, form: DutyForm) -> HttpResponse:
    rows: list[selectors.Shown] = []
    older = ""
    if shown.is_valid():
        said: dict[str, Any] = dict(shown.cleaned_data)
        before = said.pop("before")
        wanted = selectors.Wanted(**said)
        rows = selectors.entries(request.user, wanted, before=before, limit=PER_PAGE + 1)
        if len(rows) > PER_PAGE:
            query = request.GET.copy()
            query["before"] = str(rows[PER_PAGE - 1].entry.pk)
            older = query.urlencode()
    context = {
        "search": shown,
        "filtered": any(shown.data.get(name) for name in ("q", "day", "channel", "number")),
        "rows": rows[:PER_PAGE],
        "older": older,
        "form": form,
        "offered": selectors.offered(request.user),
    }
    bad = form.is_bound or not shown.is_valid()
    return show(request, "duty", context, status=422 if bad else 200)

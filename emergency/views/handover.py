"""Handing over a shift: what is open, the signature of both, earlier ones.

Owns: these pages. Promises: one form, one service call; what was typed comes back with what is
wrong with it. Must not know: what is open, who may sign (services ask).
"""

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from realtime.problems import Problem

from ..forms_handover import HandoverForm, TakeForm
from ..handover import selectors, services
from ..handover.events import TEXTS
from ..models import Handover
from ..permissions import may
from ..roster.selectors import on_duty
from ..selectors import actor_text
from .office import complain, kept, office_page, sent, show


@require_http_methods(["GET", "POST"])
@office_page("duty.see")
def handover(request: HttpRequest) -> HttpResponse:
    """What is open now and its signature, or what waits to be taken over."""
    waits = selectors.waiting(request.user)
    mine = waits is not None and waits.giver == actor_text(request.user)
    if waits and not mine and request.method == "GET":
        return _taking(request, waits, None)
    known: dict[str, Any] = {"id": waits.pk if mine else uuid.uuid4()}
    if mine:
        known |= {name: getattr(waits, name) for name in TEXTS} | waits.notes
    sent_in = request.POST if request.method == "POST" else None
    form, shown, more = _handing(request, sent_in, known)
    if form.is_valid():
        said = {"notes": form.notes(), "id": form.cleaned_data["id"], **form.texts()}
        try:
            services.sign_handover(actor=request.user, **said)
        except Problem as problem:
            form, shown, more = _handing(request, sent_in, known)  # more may be overdue by now
            complain(form, problem)
        else:
            return kept("handover")
    context = {"form": form, "more": more, "waits": waits, "mine": mine}
    context["items"] = _with_fields(shown, form)
    return _page(request, "handover", context, bad=form.is_bound)


def _handing(
    request: HttpRequest, sent_in: Any, known: dict[str, Any]
) -> tuple[HandoverForm, list[dict[str, Any]], int]:
    """The form for what is open now, with those items, and how many more there are."""
    items, more = selectors.now_open(request.user)
    shown = selectors.shown(request.user, items)
    return HandoverForm(sent_in, items=shown, initial=known), shown, more


@office_page("duty.write")
@sent
def take(request: HttpRequest) -> HttpResponse:
    """Take over what waits."""
    waits = selectors.waiting(request.user)
    if waits is None:
        return redirect("handover")
    form = TakeForm(request.POST, items=_since(request, waits))
    if form.is_valid():
        said = {"handover": waits, "rev": form.cleaned_data["rev"], "notes": form.notes()}
        try:
            services.take_over_shift(actor=request.user, **said)
        except Problem as problem:
            complain(form, problem)
        else:
            response = redirect("handover-record", waits.pk)
            response["Location"] += "?done=kept"
            return response
    form.data = form.data.copy()
    form.data["rev"] = str(waits.rev)  # what is shown now is what is read now
    return _taking(request, waits, form)


@require_GET
@office_page("duty.see")
def record(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A handover as it was signed."""
    row = selectors.handover(request.user, pk)
    context = {
        "row": row,
        "items": selectors.shown(request.user, row.items, row.notes),
        "of": f"handover/{row.pk}",
        "may_issue": may(request.user, "document.issue"),
    }
    return show(request, "handover_record", context)


def _taking(request: HttpRequest, waits: Handover, form: TakeForm | None) -> HttpResponse:
    """What was handed over, and what has become overdue since."""
    since = _since(request, waits)
    form = form or TakeForm(items=since, initial={"rev": waits.rev})
    context = {
        "form": form,
        "row": waits,
        "items": selectors.shown(request.user, waits.items, waits.notes),
        "since": _with_fields(since, form),
    }
    return _page(request, "handover_take", context, bad=form.is_bound)


def _since(request: HttpRequest, waits: Handover) -> list[dict[str, Any]]:
    """Reports that have become overdue since it was signed."""
    items = selectors.shown(request.user, selectors.now_open(request.user)[0], waits.notes)
    return [one for one in items if one["owed"] and not one["note"]]


def _with_fields(shown: list[dict[str, Any]], form: Any) -> list[dict[str, Any]]:
    """Items with the fields of their notes."""
    return [one | {"field": form[one["key"]] if one["key"] in form.keys else None} for one in shown]


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], *, bad: bool
) -> HttpResponse:
    own = {"earlier": selectors.taken(request.user), "shift": on_duty(settings.NODE_ID)}
    return show(request, template, own | context, status=422 if bad else 200)

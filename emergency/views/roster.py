"""The roster: shifts that come, a shift, its swaps, and to whom it is told.

Owns: these pages. Promises: one form, one service call; what was typed comes back with what is
wrong with it. Must not know: what may overlap, who may (services ask).
"""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from realtime.problems import Problem

from ..forms_roster import AnswerForm, CancelForm, PublishForm, RepeatForm, ShiftForm, SwapForm
from ..models import Officer, Swap
from ..permissions import may
from ..roster import selectors, services, swaps
from .office import complain, kept, office_page, sent, show, tried

State = Swap.State


@require_GET
@office_page("duty.see")
def roster(request: HttpRequest) -> HttpResponse:
    """Who is on duty now and next, here and elsewhere."""
    return _page(request)


@require_http_methods(["GET", "POST"])
@office_page("duty.roster")
def shift(request: HttpRequest, pk: uuid.UUID | None = None) -> HttpResponse:
    """A new shift, or another state of one."""
    known = selectors.shift(request.user, pk) if pk else None
    initial: dict[str, Any] = {"id": uuid.uuid4()}
    if known:
        initial = {"starts_at": known.starts_at, "ends_at": known.ends_at, "rev": known.rev}
    elif last := selectors.last():  # the next one, as long
        initial |= {
            "starts_at": last.ends_at,
            "ends_at": last.ends_at + (last.ends_at - last.starts_at),
        }
    form = ShiftForm(request.POST or None, shift=known, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.values() | {name: form.cleaned_data[name] for name in ("rev", "id")}
        if tried(form, services.keep_shift, actor=request.user, shift=known, **said):
            return kept("roster")
    context = {"form": form, "shift": known, "now": datetime.now(UTC)}
    return show(request, "shift", context, status=422 if form.is_bound else 200)


@office_page("duty.roster")
@sent
def cancel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A shift does not take place."""
    known = selectors.shift(request.user, pk)
    form = CancelForm(request.POST)
    if form.is_valid() and tried(
        form, services.cancel_shift, actor=request.user, shift=known, **form.cleaned_data
    ):
        return kept("roster")
    return _page(request, acted=form)


@office_page("duty.roster")
@sent
def repeat(request: HttpRequest) -> HttpResponse:
    """Shifts of some days, again after them."""
    form = RepeatForm(request.POST, auto_id="repeat_%s")
    if form.is_valid():
        try:
            made, left = services.repeat_shifts(actor=request.user, **form.cleaned_data)
        except Problem as problem:
            complain(form, problem)
        else:
            response = redirect("roster")
            response["Location"] += f"?made={len(made)}&left={left}"
            return response
    return _page(request, repeat=form)


@office_page("duty.roster")
@sent
def publish(request: HttpRequest) -> HttpResponse:
    """Let another node see the roster, or see it no longer."""
    form = PublishForm(request.POST)
    if form.is_valid():
        act = services.publish if form.cleaned_data["told"] else services.withdraw
        if tried(form, act, actor=request.user, node=form.cleaned_data["node"]):
            return kept("roster")
    return _page(request, acted=form)


@require_http_methods(["GET", "POST"])
@office_page("duty.write")
def ask_swap(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask somebody to stand in for oneself."""
    known = selectors.shift(request.user, pk)
    form = SwapForm(request.POST or None, shift=known, initial={"id": uuid.uuid4()})
    if request.method == "POST" and form.is_valid():
        if tried(form, swaps.ask_swap, actor=request.user, shift=known, **form.cleaned_data):
            return kept("roster")
    context = {"form": form, "shift": known, "span": selectors.span(known)}
    return show(request, "swap", context, status=422 if form.is_bound else 200)


@office_page("duty.write")
@sent
def answer_swap(request: HttpRequest) -> HttpResponse:
    """Take a swap on, decline, withdraw, approve or refuse it."""
    form = AnswerForm(request.POST)
    if form.is_valid():
        known = selectors.swap(request.user, form.cleaned_data["swap"])
        act, said = form.cleaned_data["act"], {"answer": form.cleaned_data["answer"]}
        verbs: dict[str, tuple[Callable[..., object], dict[str, Any]]] = {
            "take": (swaps.answer_swap, said | {"takes": True}),
            "decline": (swaps.answer_swap, said | {"takes": False}),
            "withdraw": (swaps.withdraw_swap, {}),
            "approve": (swaps.decide_swap, said | {"approves": True}),
            "refuse": (swaps.decide_swap, said | {"approves": False}),
        }
        verb, given = verbs[act]
        if tried(form, verb, actor=request.user, swap=known, **given):
            return kept("roster")
    return _page(request, acted=form)


def _page(request: HttpRequest, **bad: forms.Form) -> HttpResponse:
    """The page; `bad` is a form with what is wrong in it."""
    actor, today = request.user, timezone.localdate()
    may_plan = may(actor, "duty.roster")
    rows, more = selectors.shifts(actor, since=datetime.now(UTC))
    context = {
        "rows": [_shown(actor, row) for row in rows],
        "more": more,
        "made": _number(request, "made"),
        "left": _number(request, "left"),
        "swaps": [_swap(actor, one, may_plan) for one in selectors.swaps(actor)],
        "elsewhere": selectors.elsewhere(actor),
        "published": selectors.published() if may_plan else [],
        "may_plan": may_plan,
        "repeat": RepeatForm(auto_id="repeat_%s", initial={"first": today, "days": 7, "times": 1}),
    }
    return show(request, "roster", context | bad, status=422 if bad else 200)


def _number(request: HttpRequest, name: str) -> int | None:
    """A small number of the address, None for what is none."""
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 5 else None


def _shown(actor: Officer, row: selectors.Row) -> dict[str, Any]:
    mine = any(one["username"] == actor.username for one in row.shift.people)
    return {"row": row, "mine": mine, "span": selectors.span(row.shift)}


def _swap(actor: Officer, one: Swap, may_plan: bool) -> dict[str, Any]:
    """A swap with what this officer can do about it: act and its word."""
    acts = []
    if one.state == State.ASKED and one.taker == actor.username:
        acts = [("take", _("Take it on")), ("decline", _("Decline"))]
    if one.state == State.TAKEN and may_plan and actor.username not in (one.giver, one.taker):
        acts = [("approve", _("Approve")), ("refuse", _("Refuse"))]
    if one.state in selectors.OPEN and one.giver == actor.username:
        acts = [*acts, ("withdraw", _("Withdraw"))]
    return {"swap": one, "acts": acts, "span": selectors.span(one.shift)}

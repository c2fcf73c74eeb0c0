"""The second factor on pages: its code at sign-in, setting it up, recovery codes, who is asked.

Owns: these pages. Promises: before the right code there is no session; wrong codes lock the account
like wrong passwords; recovery codes stand on one answer and nowhere else, a secret on none once it
is set up; who changes the own factor says the password once more, and a code of the present one.
Must not know: how codes are worked out.
"""

import threading
from typing import Any

import segno
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from realtime import refusals
from realtime.problems import Problem

from ..factor import codes, services
from ..factor.selectors import ALL, factor_of, roles_asked
from ..forms_factor import CodeForm, ConfirmForm, RolesForm, SetUpForm
from ..models import Officer
from ..sessions import FACTOR
from . import sessions
from .office import complain, kept, office_page, show
from .officers import back_to, find

OFFER = "offer"  # in the session: of whom, and the secret that was shown and is not set up, sealed
one_at_a_time = threading.Lock()


@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second step of a sign-in."""
    found = sessions.held(request)
    if found is None:
        return redirect("sign-in")
    officer, target, way = found
    if factor_of(officer) is None:
        return redirect("sign-in-factor")
    if request.method == "GET":
        return _card(request, "sign_in_code", {"officer": officer})
    who = {"username": officer.username}
    with one_at_a_time:  # or several guesses pass the door before the first is counted
        if not AxesProxyHandler.is_allowed(request, who):
            return sessions.locked_out(request, who)
        factor = services.use(officer=officer, code=request.POST.get("code", ""))
        if factor is None:
            failed = f"second factor failed: {officer.username}"
            refusals.count(sessions.address_of(request), failed)
            user_login_failed.send(sender=__name__, credentials=who, request=request)
            return _card(request, "sign_in_code", {"officer": officer, "wrong": True}, status=401)
    sessions.enter(request, officer, way or factor, factor=factor)
    return HttpResponseRedirect(target)


@never_cache
@require_http_methods(["GET", "POST"])
def set_up_at_sign_in(request: HttpRequest) -> HttpResponse:
    """Set up what the role asks for, before anything is opened."""
    found = sessions.held(request)
    if found is None:
        return redirect("sign-in")
    officer, target, way = found
    if factor_of(officer) is not None:
        return redirect("sign-in-code")
    form = CodeForm(request.POST or None)
    made = _set_up(request, officer, form)
    if made is None:
        shown = {"officer": officer, "form": form} | _offer(request, officer)
        return _card(request, "sign_in_factor", shown, status=422 if form.is_bound else 200)
    sessions.enter(request, officer, way or services.CODE, factor=services.CODE)
    return _card(request, "sign_in_codes", {"codes": made, "target": target})


@require_http_methods(["GET", "POST"])
@office_page()
def set_up(request: HttpRequest) -> HttpResponse:
    """Set up a second factor, or another one."""
    officer = request.user
    form = SetUpForm(request.POST or None, request=request)
    made = _set_up(request, officer, form)
    if made is not None:
        request.session[FACTOR] = services.CODE
        request.session.cycle_key()
        return show(request, "factor_codes", {"codes": made, "is_new": True})
    shown = {"form": form, "factor": factor_of(officer)} | _offer(request, officer)
    return show(request, "factor", shown, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@office_page()
def renew_codes(request: HttpRequest) -> HttpResponse:
    """Other recovery codes."""
    return _confirmed(request, "factor_renew", _renew)


@require_http_methods(["GET", "POST"])
@office_page()
def remove(request: HttpRequest) -> HttpResponse:
    """Sign in by the password alone again."""
    return _confirmed(request, "factor_remove", _remove)


@require_POST
@office_page("officer.manage")
def take_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away an officer's lost second factor."""
    services.take_away(actor=request.user, officer=find(pk))
    return back_to(pk, "factor")


@require_http_methods(["GET", "POST"])
@office_page("officer.manage")
def roles(request: HttpRequest) -> HttpResponse:
    """Of which roles a second factor is asked."""
    form = RolesForm(request.POST or None, initial={"roles": sorted(roles_asked())})
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_roles(actor=request.user, roles=form.cleaned_data["roles"])
        except Problem as problem:
            complain(form, problem)
        else:
            return kept("factor-roles")
    shown = {"form": form, "all": settings.SECOND_FACTOR == ALL}
    return show(request, "factor_roles", shown, status=422 if form.is_bound else 200)


def _set_up(request: HttpRequest, officer: Officer, form: CodeForm) -> list[str] | None:
    """The recovery codes, once password and code were right."""
    if not form.is_bound:
        return None
    with sessions.hashing:
        good = form.is_valid()
    if not good:
        return None
    secret = _offered(request, officer)
    if secret is None:
        form.add_error(None, _("The picture is too old. Here is another."))
        return None
    try:
        made = services.set_up(
            officer=officer,
            secret=secret,
            code=form.cleaned_data["code"],
            address=sessions.address_of(request),
            keep=request.session.session_key,
        )
    except Problem as problem:
        complain(form, problem)
        return None
    del request.session[OFFER]
    return made


def _offered(request: HttpRequest, officer: Officer) -> bytes | None:
    """The secret that this officer, and nobody before in the same browser, was shown."""
    of, sealed = request.session.get(OFFER, (None, ""))
    return codes.opened(sealed) if of == officer.pk else None


def _offer(request: HttpRequest, officer: Officer) -> dict[str, Any]:
    """A secret to be set up: the same until it is, so that a wrong code needs no new picture."""
    secret = _offered(request, officer)
    if secret is None:
        secret = codes.new_secret()
        request.session[OFFER] = [officer.pk, codes.sealed(secret)]
    address = codes.address(secret, officer.username, settings.NODE_NAME)
    drawn = segno.make(address, micro=False).svg_inline(scale=5, border=3, light="#fff")
    return {"picture": drawn, "by_hand": codes.by_hand(secret)}


def _confirmed(request: HttpRequest, template: str, act: Any) -> HttpResponse:
    form = ConfirmForm(request.POST or None, request=request)
    if request.method == "POST":
        with sessions.hashing:
            good = form.is_valid()
        try:
            if good:
                return act(request)
        except Problem as problem:
            complain(form, problem)
    shown = {"form": form, "factor": factor_of(request.user)}
    return show(request, template, shown, status=422 if form.is_bound else 200)


def _renew(request: HttpRequest) -> HttpResponse:
    made = services.renew_codes(officer=request.user, address=sessions.address_of(request))
    return show(request, "factor_codes", {"codes": made})


def _remove(request: HttpRequest) -> HttpResponse:
    services.remove(officer=request.user, address=sessions.address_of(request))
    return kept("account")


def _card(
    request: HttpRequest, name: str, shown: dict[str, Any], status: int = 200
) -> HttpResponse:
    return render(request, f"{name}.html", shown, status=status)

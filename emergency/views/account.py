"""Everybody's own account: password, sessions, API tokens.

Owns: this page. Promises: only one's own sessions and tokens are shown and ended; a token stands on
one answer and nowhere else. Must not know: roles.
"""

from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from realtime.problems import NotFound, Problem

from ..factor.selectors import factor_of, roles_asked
from ..forms import PasswordForm, TokenForm
from ..selectors_accounts import sessions_of, tokens_of
from ..services import accounts
from .office import complain, office_page, sent, show
from .sessions import address_of, hashing


@require_GET
@office_page()
def account(request: HttpRequest) -> HttpResponse:
    """The page."""
    return _page(request)


@office_page()
@sent
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; this session stays, all others end."""
    with hashing:
        form = PasswordForm(request.POST, request=request)
        if not form.is_valid():
            return _page(request, password_form=form)
        accounts.change_password(
            officer=request.user,
            new=form.cleaned_data["new"],
            address=address_of(request),
            keep=request.session.session_key,
        )
    update_session_auth_hash(request, request.user)
    return _done("password")


@require_POST
@office_page()
def end_session(request: HttpRequest) -> HttpResponse:
    """End one session, on whatever machine."""
    named, own = request.POST.get("session", ""), request.session.session_key
    others = (one for one in sessions_of(request.user) if one.key != own)  # this one signs out
    found = next((one for one in others if one.id == named), None)
    if found is None or not accounts.end_one_session(
        officer=request.user, key=found.key, address=address_of(request)
    ):
        raise NotFound
    return _done("session")


@office_page()
@sent
def issue_token(request: HttpRequest) -> HttpResponse:
    """Issue an API token; the answer shows it."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, token_form=form)
    try:
        token = accounts.issue_token(
            officer=request.user, label=form.cleaned_data["label"], days=form.cleaned_data["days"]
        )
    except Problem as problem:
        complain(form, problem)
        return _page(request, token_form=form)
    return _page(request, token=token, label=form.cleaned_data["label"])


@require_POST
@office_page()
def revoke_token(request: HttpRequest) -> HttpResponse:
    """Revoke one of one's own tokens."""
    named = request.POST.get("token", "")
    pk = int(named) if named.isascii() and named.isdigit() and len(named) < 19 else 0
    if not accounts.revoke_token(officer=request.user, token_id=pk):
        raise NotFound
    return _done("token")


def _page(request: HttpRequest, **shown: Any) -> HttpResponse:
    forms = [shown.get("password_form"), shown.get("token_form")]
    context = {
        "password_form": PasswordForm(request=request),
        "token_form": TokenForm(),
        "sessions": sessions_of(request.user),
        "current": request.session.session_key,
        "tokens": tokens_of(request.user),
        "factor": factor_of(request.user),
        "asked": request.user.role in roles_asked(),
    }
    return show(request, "account", context | shown, status=422 if any(forms) else 200)


def _done(what: str) -> HttpResponse:
    response = redirect("account")
    response["Location"] += f"?done={what}"
    return response

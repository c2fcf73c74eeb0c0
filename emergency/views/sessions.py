"""Sign-in, sign-out and what a locked-out person sees.

Owns: the session of a browser from start to end. Promises: sign-ins and their ends are recorded;
failures are counted, not logged one by one; the answer to a wrong name and a wrong password is the
same; of whom a second factor is asked gets no session by the password. Must not know: roles, codes
(factor.py).
"""

import contextlib
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_POST

from realtime import refusals
from realtime.problems import Conflict

from ..factor.selectors import is_asked
from ..models import Officer
from ..rights import rights_of
from ..services import accounts
from ..sessions import begin
from ..unified import services as unified
from .office import home_of

HELD, IDENTITY = "held", "identity"
HOLD = timedelta(minutes=5)
BACKEND = "django.contrib.auth.backends.ModelBackend"
hashing = threading.BoundedSemaphore(2)  # passwords that are hashed at the same time


class SignInForm(AuthenticationForm):
    """Refuses officers without rights, and names too long for any account, with the same words
    as a wrong password."""

    def clean_username(self) -> str:
        name = self.cleaned_data["username"]
        if len(name) > self.fields["username"].max_length:
            raise self.get_invalid_login_error()
        return name

    def confirm_login_allowed(self, user: Officer) -> None:
        if rights_of(user) is None:
            raise self.get_invalid_login_error()


class SignIn(LoginView):
    """The sign-in page."""

    template_name = "sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **shown: Any) -> dict[str, Any]:
        return super().get_context_data(**shown, unified=unified_name())

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        with hashing:  # a storm of sign-ins takes no more than this of memory and processor
            return super().post(request, *args, **kwargs)

    def form_valid(self, form: SignInForm) -> HttpResponse:
        officer = form.get_user()
        if is_asked(officer):
            hold(self.request, officer, self.get_redirect_url())
            return redirect("sign-in-code")
        enter(self.request, officer)
        return HttpResponseRedirect(self.get_success_url())

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        name = form.cleaned_data.get("username", "")
        # a name that nobody has may be a password in the wrong field: it is not written down
        known = Officer.objects.filter(username=name).exists()
        refusals.count(
            address_of(self.request), f"sign-in failed: {name}" if known else "sign-in failed"
        )
        if not form.non_field_errors():  # a name that no account can have reads like a wrong one
            form.add_error(None, form.get_invalid_login_error())
        response = super().form_invalid(form)
        response.status_code = 401
        return response


def unified_name() -> str:
    """What the city's unified identity is called; empty where there is none."""
    return settings.OIDC_NAME if settings.OIDC_ISSUER else ""


def enter(request: HttpRequest, officer: Officer, kind: str = "password", factor: str = "") -> None:
    """Begin a session, of which nothing was begun before; `kind` is how the officer got in,
    `factor` by which second factor. An identity that came before the password is bound now."""
    identity = request.session.get(IDENTITY)
    request.session.flush()
    login(request, officer, backend=BACKEND)
    if identity and time.time() - identity["at"] < HOLD.total_seconds():
        said = {"issuer": identity["issuer"], "subject": identity["subject"]}
        with contextlib.suppress(Conflict):
            unified.bind(officer=officer, **said, address=address_of(request))
    begin(request.session, datetime.now(UTC), factor)
    accounts.note_sign_in(officer=officer, address=address_of(request), kind=kind)


def remember_identity(request: HttpRequest, identity: dict[str, Any]) -> None:
    """Who came from the city's provider and is nobody here yet, until they sign in here too."""
    request.session.flush()
    request.session.set_expiry(HOLD)
    request.session[IDENTITY] = identity | {"at": time.time()}


def hold(request: HttpRequest, officer: Officer, target: str, kind: str = "") -> None:
    """Remember who came by password, or by another `kind` of way, until the second factor follows;
    it opens nothing."""
    identity = request.session.get(IDENTITY)
    request.session.flush()
    request.session.set_expiry(HOLD)
    if identity:
        request.session[IDENTITY] = identity
    request.session[HELD] = {
        "officer": officer.pk,
        "hash": officer.get_session_auth_hash(),
        "at": datetime.now(UTC).isoformat(),
        "target": target,
        "kind": kind,
    }


def held(request: HttpRequest) -> tuple[Officer, str, str] | None:
    """Who came a moment ago, where they wanted to go, and by which way if not by password."""
    values = request.session.get(HELD)
    if values is None or datetime.now(UTC) - datetime.fromisoformat(values["at"]) > HOLD:
        return None
    officer = Officer.objects.select_related("organisation").filter(pk=values["officer"]).first()
    if officer is None or rights_of(officer) is None:
        return None
    if not constant_time_compare(values["hash"], officer.get_session_auth_hash()):
        return None
    return officer, values["target"] or home_of(officer), values["kind"]


def address_of(request: HttpRequest) -> str:
    """The address of the peer; forwarded headers of clients are not believed."""
    return request.META.get("REMOTE_ADDR", "")


def locked_out(request: HttpRequest, credentials: dict, *args, **kwargs) -> HttpResponse:
    """Too many failures."""
    refusals.count(address_of(request), "sign-in while locked out")
    return render(request, "sign_in.html", {"locked": True}, status=429)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    if request.user.is_authenticated:
        officer = request.user
        with transaction.atomic():
            request.session.flush()
            accounts.end_session(officer=officer, address=address_of(request))
    return redirect("sign-in")


@require_POST
def end_all(request: HttpRequest) -> HttpResponse:
    """End every session of this officer, on every machine."""
    if request.user.is_authenticated:
        accounts.end_all_sessions(officer=request.user, address=address_of(request))
        request.session.flush()
    return redirect("sign-in")

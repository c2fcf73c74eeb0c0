"""Sign-in by the unified identity of the city: to the provider and back.

Owns: these two addresses. Promises: what was refused is counted with its reason and told to the
browser without it; an identity that is nobody's yet opens nothing: it is bound once its officer has
signed in here as well; whose second factor the provider did not ask for is asked here, where it is
asked for; what has to come back is kept in the browser, sealed, and in no session. Must not know:
tokens (emergency/unified).
"""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from realtime import refusals

from ..factor.selectors import is_asked
from ..rights import rights_of
from ..selectors_accounts import officer_of_identity
from ..unified import provider, services
from . import sessions
from .office import home_of, office_page
from .officers import back_to, find

COOKIE, SALT = f"bt-unified-{settings.NODE_ID}", "unified sign-in"


@never_cache
@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """To the provider."""
    if not settings.OIDC_ISSUER:
        raise Http404
    target = request.GET.get("next", "")
    own = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    try:
        url, kept = provider.begin(_back(request))
    except provider.Refused as refused:
        return _refused(request, refused)
    response = HttpResponseRedirect(url)
    told = signing.dumps(kept | {"target": target if own else ""}, salt=SALT)
    about = {"secure": settings.TLS, "httponly": True, "samesite": "Lax"}
    response.set_cookie(COOKIE, told, max_age=provider.SIGN_IN_WITHIN, path="/sign-in", **about)
    return response


@never_cache
@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """Back from the provider."""
    kept = _kept(request)
    if not settings.OIDC_ISSUER or kept is None:
        return redirect("sign-in")
    try:
        who = provider.finish(kept, request.GET.dict(), _back(request))
        response = _enter(request, who, kept["target"])
    except provider.Refused as refused:
        response = _refused(request, refused)
    response.delete_cookie(COOKIE, path="/sign-in", samesite="Lax")
    return response


@require_POST
@office_page("officer.manage")
def let_go(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an officer's identity go."""
    services.let_go(actor=request.user, officer=find(pk))
    return back_to(pk, "identity")


def _enter(request: HttpRequest, who: provider.Identity, target: str) -> HttpResponse:
    officer = officer_of_identity(issuer=who.issuer, subject=who.subject)
    if officer is None:
        sessions.remember_identity(request, asdict(who))
        shown = {"binds": who.name or who.subject, "next": target}
        return render(request, "sign_in.html", shown)
    if rights_of(officer) is None:
        raise provider.Refused("nobody here")
    if is_asked(officer) and not who.factor:
        sessions.hold(request, officer, target, kind="unified")
        return redirect("sign-in-code")
    sessions.enter(request, officer, "unified", factor="unified" if who.factor else "")
    return HttpResponseRedirect(target or home_of(officer))


def _kept(request: HttpRequest) -> dict[str, Any] | None:
    try:
        return signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=provider.SIGN_IN_WITHIN
        )
    except signing.BadSignature:
        return None


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("unified-back"))


def _refused(request: HttpRequest, why: provider.Refused) -> HttpResponse:
    refusals.count(sessions.address_of(request), f"unified sign-in: {why}")
    shown = {"unified_failed": True, "unified": sessions.unified_name()}
    return render(request, "sign_in.html", shown, status=401)

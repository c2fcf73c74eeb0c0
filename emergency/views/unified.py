"""Sign-in by the unified identity of the city: to the provider and back.

Owns: these two addresses. Promises: what was refused is counted with its reason and told to the
browser without it; whose second factor the provider did not ask for is asked here, where it is
asked for. Must not know: tokens (emergency/unified).
"""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from realtime import refusals

from ..factor.selectors import is_asked
from ..rights import rights_of
from ..unified import provider, services
from . import sessions
from .office import home_of, office_page
from .officers import back_to, find

KEPT = "unified"  # in the session: what has to come back


@never_cache
@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """To the provider."""
    if not settings.OIDC_ISSUER:
        raise Http404
    try:
        url, kept = provider.begin(_back(request))
    except provider.Refused as refused:
        return _refused(request, refused)
    target = request.GET.get("next", "")
    own = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    request.session.set_expiry(int(provider.SIGN_IN_WITHIN))
    request.session[KEPT] = kept | {"target": target if own else ""}
    return redirect(url)


@never_cache
@require_GET
def back(request: HttpRequest) -> HttpResponse:
    """Back from the provider."""
    kept = request.session.pop(KEPT, None)
    if not settings.OIDC_ISSUER or kept is None:
        return redirect("sign-in")
    address = sessions.address_of(request)
    try:
        who = provider.finish(kept, request.get_full_path(), _back(request))
        said = {"issuer": who.issuer, "subject": who.subject, "username": who.username}
        officer = services.officer_of(**said, address=address)
        if officer is None or rights_of(officer) is None:
            raise provider.Refused("nobody here")
    except provider.Refused as refused:
        return _refused(request, refused)
    if is_asked(officer) and not who.factor:
        sessions.hold(request, officer, kept["target"])
        return redirect("sign-in-code")
    sessions.enter(request, officer, "unified", factor="unified" if who.factor else "")
    return redirect(kept["target"] or home_of(officer))


@require_POST
@office_page("officer.manage")
def let_go(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an officer's identity go."""
    services.let_go(actor=request.user, officer=find(pk))
    return back_to(pk, "identity")


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("unified-back"))


def _refused(request: HttpRequest, why: provider.Refused) -> HttpResponse:
    refusals.count(sessions.address_of(request), f"unified sign-in: {why}")
    shown = {"unified_failed": True, "unified": sessions.unified_name()}
    return render(request, "sign_in.html", shown, status=401)

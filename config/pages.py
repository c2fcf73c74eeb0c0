"""Pages that belong to no app: health, metrics, language, errors, messages for scripts.

Owns: those answers. Promises: /healthz tells nothing that is not public; /metrics answers this
machine alone, and nobody through a proxy. Must not know: incidents.
"""

from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST
from django.views.i18n import JavaScriptCatalog
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from realtime import log, storage

messages = cache_control(private=True, max_age=300)(JavaScriptCatalog.as_view())


def node(request: HttpRequest) -> dict[str, Any]:
    """Context of every template: which node this is."""
    english = (get_language() or "").startswith("en")
    name = settings.NODE_NAME_EN if english else settings.NODE_NAME
    return {"node_id": settings.NODE_ID, "node_name": name}


def healthz(request: HttpRequest) -> JsonResponse:
    """Does the node serve, how far is its log, is there room for more?"""
    try:
        position = log.head().position
    except (DatabaseError, ObjectDoesNotExist):
        return JsonResponse({"status": "database out of reach"}, status=503)
    told = {"node": settings.NODE_ID, "position": position, "storage": storage.state()}
    return JsonResponse({"status": "ok", **told})


def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus, for this machine only."""
    proxied = any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "Via"))
    if proxied or request.META.get("REMOTE_ADDR") not in ("127.0.0.1", "::1"):
        raise Http404
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of the interface; kept in a cookie."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    response = HttpResponseRedirect(target)
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES) and check_for_language(code):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=31_536_000,
            samesite="Lax",
            httponly=True,
            secure=settings.TLS,
        )
    return response


def _error(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, "error.html", {"status": status}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return _error(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return _error(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return _error(request, 404)


def fault(request: HttpRequest) -> HttpResponse:
    """500."""
    return _error(request, 500)

"""The API of a node: one NinjaAPI, every router, one way to say what went wrong.

Owns: authentication of API calls and the table from problems to HTTP. Promises: every answer that
is not a success is `{code, message, fields}`; a cookie needs the CSRF token, a bearer token does
not. Must not know: what the routers do, what a body looks like (config/strict.py).
"""

import logging
import uuid
from typing import Any

import orjson
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.renderers import BaseRenderer
from ninja.security import HttpBearer

from drills.api import router as drills_router
from emergency.api import router as emergency_router
from emergency.api_links import router as links_router
from emergency.deadlines.api import router as deadlines_router
from emergency.directives.api import router as directives_router
from emergency.family.api import router as family_router
from emergency.grading.api import router as grading_router
from emergency.plans.api import router as plans_router
from emergency.reporting.api import router as reports_router
from emergency.rights import token_officer
from emergency.rollcall.api import router as rollcall_router
from emergency.rounds.api import router as rounds_router
from emergency.supplements.api import router as supplements_router
from gis.api import router as gis_router
from realtime import refusals
from realtime.problems import Problem, TooLarge
from realtime.storage import StorageFull, says_full

from .openapi import NodeAPI
from .strict import CODES, StrictJson, answer, only_known_parameters

logger = logging.getLogger(__name__)


class Json(BaseRenderer):
    """Answers as compact JSON."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data, default=str)


class Token(HttpBearer):
    """`Authorization: Bearer <token>`."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        officer = token_officer(token)
        if officer is not None:
            request.user = officer
            _say_desk(request)
        return officer


def session(request: HttpRequest) -> Any:
    """The signed-in officer of the cookie; unsafe methods need the CSRF token."""
    if not request.user.is_authenticated:
        return None
    if CsrfViewMiddleware(lambda _request: HttpResponse()).process_view(
        request, lambda: None, (), {}
    ):
        raise HttpError(403, _("The page is out of date. Load it again."))
    _say_desk(request)
    return request.user


def _say_desk(request: HttpRequest) -> None:
    """The desk that calls says of which realm it is; a program need not."""
    request.user.desk = request.headers.get("X-Realm", "")


api = NodeAPI(
    title="Belltower",
    version="1",
    auth=[Token(), session],
    renderer=Json(),
    parser=StrictJson(),
    urls_namespace="api",
)
api.add_decorator(only_known_parameters)
api.add_router("", emergency_router)
api.add_router("", links_router)
api.add_router("", plans_router)
api.add_router("", reports_router)
api.add_router("", deadlines_router)
api.add_router("", rounds_router)
api.add_router("", supplements_router)
api.add_router("", grading_router)
api.add_router("", family_router)
api.add_router("", directives_router)
api.add_router("", rollcall_router)
api.add_router("", drills_router)
api.add_router("", gis_router)


@api.exception_handler(Problem)
def on_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    """A typed problem with its own status."""
    hints = getattr(problem, "hints", None)
    more = {"hints": hints} if hints else {}
    return answer(problem.status, problem.code, problem.message, problem.fields, **more)


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Fields that are not as declared."""
    fields = {
        ".".join(str(part) for part in one["loc"][2:]) or str(one["loc"][-1]): message(one)
        for one in error.errors
    }
    return answer(422, "invalid", _("Some values are not right."), fields)


@api.exception_handler(AuthenticationError)
def on_nobody(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    """Nobody is signed in."""
    refusals.count(request.META.get("REMOTE_ADDR", ""), "api without a valid sign-in")
    return answer(401, "not_signed_in", _("Sign in first."))


@api.exception_handler(Http404)
def on_absent(request: HttpRequest, _error: Http404) -> HttpResponse:
    """No such thing, or not yours."""
    return answer(404, "not_found", _("Not found."))


@api.exception_handler(HttpError)
def on_http(request: HttpRequest, error: HttpError) -> HttpResponse:
    """An error raised with its status; the parser's own words are what caused it."""
    if isinstance(error.__cause__, Problem):
        return on_problem(request, error.__cause__)
    return answer(error.status_code, CODES.get(error.status_code, "refused"), error.message)


@api.exception_handler(RequestDataTooBig)
def on_too_big(request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
    """A body over the limit."""
    return on_problem(request, TooLarge())


@api.exception_handler(SuspiciousOperation)
@api.exception_handler(BadRequest)
@api.exception_handler(MultiPartParserError)
@api.exception_handler(UnreadablePostError)
def on_unreadable(request: HttpRequest, _error: Exception) -> HttpResponse:
    """A body that Django itself refuses, or that never came whole."""
    return on_problem(request, Problem())


@api.exception_handler(Exception)
def on_fault(request: HttpRequest, error: Exception) -> HttpResponse:
    """A full disk, in words; or our own fault: the caller gets an id, the log the rest."""
    if says_full(error):
        logger.error("the disk is full", exc_info=error)
        return on_problem(request, StorageFull())
    fault = uuid.uuid4().hex[:12]
    logger.error("fault %s", fault, exc_info=error)
    return answer(500, "fault", _("Something went wrong here. Fault %(id)s.") % {"id": fault})


def message(error: dict[str, Any]) -> str:
    """A validation error in the user's language."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "value_error":
        return str(context.get("error", error["msg"]))
    texts = {
        "missing": _("This is required."),
        "extra_forbidden": _("There is no such field."),
        "string_too_long": _("At most %(max_length)s characters."),
        "string_too_short": _("This is required."),
        "too_long": _("At most %(max_length)s characters."),
        "too_short": _("This is required."),
        "greater_than_equal": _("At least %(ge)s."),
        "less_than_equal": _("At most %(le)s."),
        "finite_number": _("Give a finite number."),
        "literal_error": _("Choose one of: %(expected)s."),
        "timezone_aware": _("Give the time with its zone."),
        "int_type": _("Give a whole number; of people, null where it is unknown."),
        "uuid_parsing": _("This is not a UUID."),
    }
    if kind.startswith("datetime"):
        return _("Give a time that exists, as ISO 8601 with its zone.")
    if "expected" in context:
        context = context | {"expected": context["expected"].replace("' or '", "', '")}
    text = texts.get(kind)
    if text is None:
        return _("This value cannot be read.")
    return text % context if context else text

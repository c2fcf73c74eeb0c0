"""What a request to the API must look like before anything reads it.

Owns: the parser of bodies, the refusal of query parameters that do not exist, the one shape of an
error. Promises: a body is one UTF-8 JSON value without duplicate keys, of bounded depth; whatever
goes wrong under /api/ is answered as `{code, message, fields}`, also where Django or Ninja answer
by themselves. Must not know: routes, rights.
"""

import functools
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.parser import Parser

from realtime.problems import Invalid, Problem, TooLarge

DEPTH = 40  # nesting of a body
CODES = {
    400: "bad_request",
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "wrong_type",
}


class BadBody(Problem):
    """The body is not what the API reads."""

    message = _("The body is not JSON.")


class WrongType(Problem):
    """The body is declared as something else."""

    status = 415
    code = "wrong_type"


class StrictJson(Parser):
    """Bodies as UTF-8 JSON, of bounded depth, without duplicate keys."""

    def parse_body(self, request: HttpRequest) -> Any:
        charset = request.content_params.get("charset", "utf-8").lower()
        if request.content_type != "application/json" or charset not in ("utf-8", "utf8"):
            raise WrongType(_("Send the body as application/json in UTF-8."))
        return parse_json(request.body)


def parse_json(body: bytes) -> Any:
    """Parse a body. Raises BadBody."""
    try:
        value = orjson.loads(body)  # refuses NaN, halves of surrogates and what is not UTF-8
    except orjson.JSONDecodeError as error:
        raise BadBody(_("The body is not JSON.")) from error
    if depth(value) > DEPTH:
        raise BadBody(_("The body is nested too deeply."))
    # orjson keeps the last of two equal keys in silence
    json.loads(body, object_pairs_hook=_once, parse_int=str, parse_float=str)
    return value


def _once(pairs: list[tuple[str, Any]]) -> None:
    twice = [name for name, count in Counter(name for name, _value in pairs).items() if count > 1]
    if twice:
        fields = dict.fromkeys(twice[:20], _("Give it once."))
        raise BadBody(_("A name stands twice in the body."), fields=fields)


def depth(value: Any) -> int:
    """How deeply a parsed value is nested, without recursion."""
    deepest, level = 0, [value]
    while level:
        deepest += 1
        inner = []
        for one in level:
            if isinstance(one, dict):
                inner.extend(one.values())
            elif isinstance(one, list):
                inner.extend(one)
        level = [one for one in inner if isinstance(one, dict | list)]
    return deepest


def only_known_parameters(view: Callable) -> Callable:
    """Decorator of every operation: a query parameter must exist and be given once."""
    known = {
        name
        for model in view._ninja_operation.models
        if model.__ninja_param_source__ == "query"
        for name in model.__ninja_flatten_map__
    }

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **values: Any) -> Any:
        fields = {name: _("There is no such parameter.") for name in request.GET.keys() - known}
        for name, given in request.GET.lists():
            if len(given) > 1:
                fields.setdefault(name, _("Give it once."))
        if fields:
            raise Invalid(fields=fields)
        return view(request, *args, **values)

    return guarded


def answer(status: int, code: str, message: Any, fields: dict | None = None, **more: Any):
    """The one shape of an error."""
    body = {"code": code, "message": str(message), "fields": fields or {}, **more}
    return HttpResponse(
        orjson.dumps(body, default=str), status=status, content_type="application/json"
    )


class ApiErrors:
    """Middleware: an error under /api/ that is not JSON yet gets the one shape."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        status = response.status_code
        if (
            status < 400
            or not request.path.startswith("/api/")
            or response.get("Content-Type") == "application/json"
        ):
            return response
        if status == 413:
            message = TooLarge.message
        else:
            messages = {
                404: _("Not found."),
                405: _("This address does not take this method."),
                500: _("Something went wrong here."),
            }
            message = messages.get(status, _("The request cannot be carried out."))
        shaped = answer(status, CODES.get(status, "fault" if status > 499 else "refused"), message)
        if "Allow" in response:
            shaped["Allow"] = response["Allow"]
        return shaped

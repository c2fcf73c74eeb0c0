"""Documents: those that were issued, a new one, one to read and print, its file.

Owns: these pages. Promises: what a document would say is seen before it gets its number; a file is
checked against its hash before it is handed out. Must not know: what a document says, how one is
made.
"""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from gis import sketch
from realtime.problems import Invalid, NotFound

from ..documents import layout, selectors
from ..documents.render import TYPE
from ..documents.services import issue_document
from ..documents.sources import source, with_head
from ..formfields import PageForm
from ..forms_documents import DailyForm, DayForm, DocumentFilter, DocumentForm
from ..permissions import may
from .office import office_page, show, tried

FAULTS = {
    "gone": _("The file is not on this node any more."),
    "file": _("The file is not the one that was issued."),
    "row": _("What is kept of the document differs from the log."),
    "log": _("The log does not know this document."),
}


@require_GET
@office_page("document.see")
def documents(request: HttpRequest) -> HttpResponse:
    """Those that were issued, and what new ones may be of."""
    return _list(request)


def _list(request: HttpRequest, **filled: PageForm) -> HttpResponse:
    """The page; `filled` are its forms that cannot be read."""
    form = DocumentFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows, more = selectors.documents(request.user, **wanted)
    kinds = selectors.kinds()
    context = {
        "search": form,
        "filtered": any(wanted.values()),
        "rows": [{"document": one, "kind": kinds[one.kind]} for one in rows],
        "more": more,
        "kinds": {code: one for code, one in kinds.items() if one.in_use},
        "of_duty": may(request.user, "duty.see"),
        "daily": DailyForm(auto_id="daily_%s"),
        "dutylog": DayForm(auto_id="dutylog_%s"),
    }
    good = form.is_valid() and not filled
    return show(request, "documents", context | filled, status=200 if good else 422)


@require_GET
@office_page("document.issue")
def choose(request: HttpRequest, kind: str) -> HttpResponse:
    """From a day or a moment to the new document of it."""
    form = {"daily": DailyForm, "dutylog": DayForm}.get(kind)
    if form is None:
        raise NotFound
    filled = form(request.GET, auto_id=f"{kind}_%s")
    if not filled.is_valid():
        return _list(request, **{kind: filled})
    said = request.GET.get("until") or request.GET.get("day")
    return redirect("document-new", kind, f"{'until' if kind == 'daily' else 'day'}/{said}")


@require_http_methods(["GET", "POST"])
@office_page("document.issue")
def new_document(request: HttpRequest, kind: str, of: str) -> HttpResponse:
    """What it would say, and its issue."""
    try:
        found = source(request.user, kind, of)
    except Invalid as problem:
        said = [*problem.fields.values()] or [problem.message]
        context = {"form": DocumentForm(), "kind": _kind(kind), "problems": said}
        return show(request, "document_new", context, status=422)
    initial = {"id": uuid.uuid4(), "recipients": found.recipients}
    form = DocumentForm(request.POST or None, initial=initial)
    if form.is_valid() and tried(
        form, issue_document, actor=request.user, kind=kind, of=of, **form.cleaned_data
    ):
        response = redirect("document", form.cleaned_data["id"])
        response["Location"] += "?done=kept"
        return response
    context = {"form": form, "kind": _kind(kind), "source": found}
    said = with_head(found, request.user, kind=context["kind"].name, recipients=found.recipients)
    context |= {"said": said} | _paper(kind, said, found.places)
    return show(request, "document_new", context, status=422 if form.is_bound else 200)


@require_GET
@office_page("document.see")
def document(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One, to read and print, and whether it is as it was issued."""
    one = selectors.document(request.user, pk)
    context = {
        "one": one,
        "kind": _kind(one.kind),
        "said": one.said,
        "faults": [FAULTS[fault] for fault in selectors.faults(one)],
        "incident": selectors.incident_of(request.user, one) if one.incident else None,
    }
    context |= _paper(one.kind, one.said, one.said.get("places", []))
    return show(request, "document", context)


@require_GET
@office_page("document.see")
def document_file(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """Its file. Raises NotFound where it is not the one that was issued."""
    one = selectors.document(request.user, pk)
    if {"gone", "file"} & set(selectors.faults(one)):
        raise NotFound
    return as_file(selectors.content_of(one.sha256) or b"", f"{one.shown_number} {one.title}.docx")


def as_file(content: bytes, name: str) -> HttpResponse:
    """A .docx to save, never to be shown by the browser."""
    response = HttpResponse(content, content_type=TYPE)
    response["Content-Disposition"] = content_disposition_header(True, name.replace("/", "-"))
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _kind(code: str) -> Any:
    return selectors.kinds()[code]


def _paper(kind: str, said: dict[str, Any], places: list[dict[str, Any]]) -> dict[str, Any]:
    """The blocks of the page, and the sketch."""
    blocks = layout.page(kind, said)
    return {"blocks": blocks, "map": sketch.drawing(places) if places else None}

"""Kinds of documents and their templates, among the tables of an office.

Owns: these pages. Promises: one form, one service call; what is in force can always be saved, to be
changed and put in force again. Must not know: how a template is checked.
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from realtime.problems import NotFound

from ..documents import samples, selectors
from ..documents.services import reset_template, set_template
from ..duty.tables import set_word
from ..forms_documents import KindForm, TemplateForm
from ..models import DocumentKind
from .documents import as_file
from .office import kept, office_page, sent, show, tried

FIELDS = "name name_en number_form order in_use source verified".split()


@require_GET
@office_page("table.edit")
def kinds(request: HttpRequest) -> HttpResponse:
    """All of them, with the template that is in force."""
    return show(request, "document_kinds", {"rows": selectors.templates()})


@require_http_methods(["GET", "POST"])
@office_page("table.edit")
def kind(request: HttpRequest, code: str) -> HttpResponse:
    """One: how it is called and numbered, and its template."""
    found = _found(code)
    initial = {name: getattr(found, name) for name in FIELDS}
    form = KindForm(request.POST or None, initial=initial)
    said = {"kind": DocumentKind, "code": code}
    if form.is_valid() and tried(form, set_word, actor=request.user, **said, **form.cleaned_data):
        return kept("document-kinds")
    return _page(request, found, form, TemplateForm(auto_id="template_%s"))


@office_page("table.edit")
@sent
def new_template(request: HttpRequest, code: str) -> HttpResponse:
    """Put a template in force."""
    found = _found(code)
    form = TemplateForm(request.POST, request.FILES, auto_id="template_%s")
    if form.is_valid() and tried(
        form, set_template, actor=request.user, kind=code, **form.cleaned_data
    ):
        return kept("document-kinds")
    initial = {name: getattr(found, name) for name in FIELDS}
    return _page(request, found, KindForm(initial=initial), form)


@require_POST
@office_page("table.edit")
def reset(request: HttpRequest, code: str) -> HttpResponse:
    """Take the template that comes with the platform again."""
    reset_template(actor=request.user, kind=_found(code).code)
    return kept("document-kinds")


@require_GET
@office_page("table.edit")
def current_file(request: HttpRequest, code: str) -> HttpResponse:
    """The template in force, to be changed."""
    found = _found(code)
    content = selectors.template_content(code, selectors.template_in_force(code))
    return as_file(content, f"{found.name}.docx")


def _found(code: str) -> DocumentKind:
    found = selectors.kinds().get(code)
    if found is None:
        raise NotFound
    return found


def _page(
    request: HttpRequest, found: DocumentKind, form: KindForm, template: TemplateForm
) -> HttpResponse:
    current = next(one for one in selectors.templates() if one["kind"] == found)
    context = {
        "kind": found,
        "form": form,
        "template": template,
        "current": current["current"],
        "earlier": current["earlier"],
        "tags": samples.tags(found.code),
    }
    bad = form.is_bound or template.is_bound
    return show(request, "document_kind", context, status=422 if bad else 200)

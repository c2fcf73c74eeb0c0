"""Pages of a script: what is to come, an inject, a workbook in and out.

Owns: these pages. Promises: one form, one service call; what was typed comes back with what is
wrong with it; to who plays there is no script. Must not know: how a change is recorded, what a cell
means.
"""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from emergency.forms_plans import kept
from emergency.views.office import complain, office_page, sent, show
from realtime.problems import Invalid, NotFound, Problem

from .. import selectors, selectors_script
from ..forms_script import (
    ExpectedLines,
    FileForm,
    InjectForm,
    SeenForm,
    TruthForm,
    WorkbookForm,
    from_forms,
    to_form,
)
from ..models import Exercise, Inject
from ..script import book, sheet
from ..script.lint import PLAYING
from ..selectors_conduct import clock_of
from ..services import script as services
from .common import attached_file, done, id_of


@require_GET
@office_page("drill.see")
def script(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The whole script, and what is wrong with it."""
    return _script_page(request, selectors.exercise(request.user, pk))


@require_http_methods(["GET", "POST"])
@office_page("drill.schedule")
def new_inject(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """An inject that was not there; the id in the form makes a second press the same one."""
    return _edit(request, selectors.exercise(request.user, pk), None)


@require_http_methods(["GET", "POST"])
@office_page("drill.schedule")
def edit_inject(request: HttpRequest, pk: uuid.UUID, inject: uuid.UUID) -> HttpResponse:
    """Say an inject anew."""
    exercise = selectors.exercise(request.user, pk)
    return _edit(request, exercise, selectors_script.inject(request.user, exercise, inject))


@office_page("drill.schedule")
@sent
def cancel(request: HttpRequest, pk: uuid.UUID, inject: uuid.UUID) -> HttpResponse:
    """Take it out."""
    return _act(request, pk, inject, SeenForm, services.cancel_inject)


@office_page("drill.schedule")
@sent
def put_back(request: HttpRequest, pk: uuid.UUID, inject: uuid.UUID) -> HttpResponse:
    """Put it in again."""
    return _act(request, pk, inject, SeenForm, services.put_back_inject)


@office_page("drill.schedule")
@sent
def attach(request: HttpRequest, pk: uuid.UUID, inject: uuid.UUID) -> HttpResponse:
    """Add a file to it."""

    def add(*, file: Any, **given: Any) -> Inject:
        return services.attach(name=file.name, file=file, **given)

    return _act(request, pk, inject, FileForm, add, page="inject-edit")


@office_page("drill.schedule")
@sent
def detach(request: HttpRequest, pk: uuid.UUID, inject: uuid.UUID, sha256: str) -> HttpResponse:
    """Take a file off."""

    def take_off(**given: Any) -> Inject:
        return services.detach(sha256=sha256, **given)

    return _act(request, pk, inject, SeenForm, take_off, page="inject-edit")


@require_GET
@office_page("drill.see")
def attached(request: HttpRequest, pk: uuid.UUID, inject: uuid.UUID, sha256: str) -> HttpResponse:
    """A file of an inject, to save."""
    found = selectors_script.inject(request.user, selectors.exercise(request.user, pk), inject)
    return attached_file(found, sha256)


@require_http_methods(["GET", "POST"])
@office_page("drill.see")
def workbook(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The script as a workbook; one that is sent becomes the script."""
    exercise = selectors.exercise(request.user, pk)
    found = selectors_script.injects(request.user, exercise)
    if request.method == "POST":
        return _take(request, exercise)
    names = selectors_script.all_names(exercise)
    response = HttpResponse(
        book.write(sheet.written(selectors_script.planned(found), names)), content_type=book.TYPE
    )
    title = _("Exercise %s script.xlsx") % exercise.title
    response["Content-Disposition"] = content_disposition_header(True, title)
    return response


def _take(request: HttpRequest, exercise: Exercise) -> HttpResponse:
    form = WorkbookForm(request.POST, request.FILES)
    if form.is_valid():
        codes = selectors_script.codes(exercise)
        try:
            sheets = book.read(form.cleaned_data["file"].read(book.LIMIT + 1))
            taken = services.take_script(
                actor=request.user, exercise=exercise, lines=sheet.read(sheets, codes)
            )
        except sheet.Unreadable as error:
            form.add_error("file", error.faults)
        except Problem as problem:
            complain(form, problem)
        else:
            response = redirect("script", exercise.pk)
            response["Location"] += f"?taken={taken.added}.{taken.changed}.{taken.cancelled}"
            return response
    return _script_page(request, exercise, form, status=422)


def _script_page(
    request: HttpRequest, exercise: Exercise, form: Any = None, status: int = 200
) -> HttpResponse:
    found = selectors_script.injects(request.user, exercise)
    findings = selectors_script.findings(exercise, found)
    names = selectors_script.all_names(exercise)
    rows = [
        {
            "inject": one,
            "recipients": [names.get(code, code) for code in one.recipients],
            "findings": [each for each in findings if each.number == one.number],
        }
        for one in found
    ]
    context = {
        "exercise": exercise,
        "rows": [row for row in rows if row["inject"].state != Inject.State.CANCELLED],
        "out": [row["inject"] for row in rows if row["inject"].state == Inject.State.CANCELLED],
        "findings": [one for one in findings if one.number is None],
        "bad": sum(one.bad for one in findings),
        "hints": sum(not one.bad for one in findings),
        "may_change": selectors_script.may_change(request.user, exercise),
        "begun": clock_of(exercise) is not None,
        "form": form,
        "workbook_form": form if isinstance(form, WorkbookForm) else WorkbookForm(),
        "taken": _counts(request.GET.get("taken", "")),
    }
    return show(request, "script", context, status=status)


def _counts(text: str) -> dict[str, str] | None:
    counts = text.split(".")
    if len(counts) != 3 or not all(one.isascii() and one.isdigit() for one in counts):
        return None
    return dict(zip(("added", "changed", "cancelled"), counts, strict=True))


def _act(
    request: HttpRequest,
    pk: uuid.UUID,
    inject: uuid.UUID,
    shape: type,
    act: Any,
    page: str = "script",
) -> HttpResponse:
    exercise = selectors.exercise(request.user, pk)
    found = selectors_script.inject(request.user, exercise, inject)
    form = shape(request.POST, request.FILES)
    if form.is_valid():
        try:
            act(actor=request.user, inject=found, **form.cleaned_data)
        except Problem as problem:
            complain(form, problem)
        else:
            return done(page, pk) if page == "script" else done(page, pk, inject)
    if page == "script":
        return _script_page(request, exercise, form, status=422)
    return _inject_page(request, exercise, found, *_forms(exercise, found), acted=form, status=422)


def _edit(request: HttpRequest, exercise: Exercise, current: Inject | None) -> HttpResponse:
    if not selectors_script.may_read(request.user, exercise):
        raise NotFound
    form, truth, lines = _forms(exercise, current, request.POST or None)
    if request.method == "POST" and all([form.is_valid(), truth.is_valid(), lines.is_valid()]):
        rev = form.cleaned_data["rev"] or 0
        try:
            _save(request, exercise, current, rev, from_forms(form, truth, kept(lines)))
        except Problem as problem:
            complain(form, problem)
        else:
            return done("script", exercise.pk)
    status = 422 if request.method == "POST" else 200
    return _inject_page(request, exercise, current, form, truth, lines, status=status)


def _save(
    request: HttpRequest, exercise: Exercise, current: Inject | None, rev: int, told: dict[str, Any]
) -> Inject:
    if len(told["content"]) == 0:
        raise Invalid(fields={"content": _("It says nothing.")})
    if current is None:
        id = id_of(request.POST.get("id", ""))
        return services.write_inject(actor=request.user, exercise=exercise, id=id, **told)
    return services.change_inject(actor=request.user, inject=current, rev=rev, **told)


def _forms(exercise: Exercise, current: Inject | None, data: Any = None) -> tuple:
    known = to_form(selectors_script.said(current)) if current else {"number": _next(exercise)}
    people = selectors.people(exercise)
    everybody = [(one["organisation"], one["organisation_name"]) for one in people]
    playing = [pair for pair, one in zip(everybody, people, strict=True) if one["part"] in PLAYING]
    form = InjectForm(data, initial=known, playing=playing)
    levels = selectors_script.levels(exercise)
    truth = TruthForm(data, initial=known, levels=levels, everybody=everybody)
    lines = ExpectedLines(
        data,
        initial=current.expected if current else [],
        prefix="expected",
        form_kwargs={"playing": playing},
    )
    return form, truth, lines


def _next(exercise: Exercise) -> int:
    return max(exercise.injects.values_list("number", flat=True), default=0) + 1


def _inject_page(
    request: HttpRequest,
    exercise: Exercise,
    current: Inject | None,
    form: InjectForm,
    truth: TruthForm,
    lines: Any,
    *,
    acted: Any = None,
    status: int,
) -> HttpResponse:
    context = {
        "exercise": exercise,
        "inject": current,
        "form": form,
        "truth": truth,
        "lines": lines,
        "acted": acted,
        "file_form": acted if isinstance(acted, FileForm) else FileForm(),
        "id": id_of(request.POST.get("id", "")),
    }
    return show(request, "inject", context, status=status)

"""What an office may change without a new version: incident classes, elements of a report, survey
rings, extents.

Owns: these pages. Promises: one form, one service call; the door has asked for the right before
anything is read. Must not know: how a change is recorded.
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gis import services as gis
from gis.models import Extent, SurveyRing
from realtime.problems import NotFound, Problem

from ..forms import ClassForm, ElementForm, ExtentForm, RingForm
from ..models import IncidentType, ReportElement
from ..reporting.elements import LABELS
from ..selectors import actor_text
from ..services.tables import ELEMENT_FIELDS, FIELDS, change_class, change_element
from .office import complain, kept, office_page, sent, show


@require_GET
@office_page("table.edit")
def tables(request: HttpRequest) -> HttpResponse:
    """Everything, to read."""
    return _page(request, RingForm(initial={"source": ""}))


@require_http_methods(["GET", "POST"])
@office_page("table.edit")
def incident_class(request: HttpRequest, code: str) -> HttpResponse:
    """One class."""
    kind = IncidentType.objects.select_related("parent").filter(pk=code).first()
    if kind is None:
        raise NotFound
    initial = {name: getattr(kind, name) for name in FIELDS}
    form = ClassForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        change_class(actor=request.user, code=code, **form.cleaned_data)
        return kept("tables")
    status = 422 if request.method == "POST" else 200
    return show(request, "class", {"form": form, "kind": kind}, status=status)


@require_http_methods(["GET", "POST"])
@office_page("table.edit")
def element(request: HttpRequest, name: str) -> HttpResponse:
    """One element of a report."""
    found = ReportElement.objects.filter(pk=name).first()
    if found is None or name not in LABELS:
        raise NotFound
    initial = {name: getattr(found, name) for name in ELEMENT_FIELDS}
    form = ElementForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        change_element(actor=request.user, name=name, **form.cleaned_data)
        return kept("tables")
    status = 422 if request.method == "POST" else 200
    return show(request, "element", {"form": form, "label": LABELS[name]}, status=status)


@office_page("table.edit")
@sent
def ring(request: HttpRequest) -> HttpResponse:
    """Add a ring, or change where one comes from."""
    form = RingForm(request.POST)
    if form.is_valid():
        try:
            gis.set_ring(actor=actor_text(request.user), **form.cleaned_data)
        except Problem as problem:
            complain(form, problem)
        else:
            return kept("tables")
    return _page(request, form, status=422)


@require_POST
@office_page("table.edit")
def remove_ring(request: HttpRequest, radius_m: int) -> HttpResponse:
    """Take a ring away."""
    try:
        gis.remove_ring(radius_m=radius_m, actor=actor_text(request.user))
    except Problem as problem:
        raise NotFound from problem
    return kept("tables")


@require_http_methods(["GET", "POST"])
@office_page("table.edit")
def extent(request: HttpRequest, pk: int) -> HttpResponse:
    """The edges of one extent."""
    found = Extent.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    names = ("west", "south", "east", "north", "source", "verified")
    form = ExtentForm(request.POST or None, initial={name: getattr(found, name) for name in names})
    if request.method == "POST" and form.is_valid():
        try:
            gis.change_extent(extent=found, actor=actor_text(request.user), **form.cleaned_data)
        except Problem as problem:
            complain(form, problem)
        else:
            return kept("tables")
    status = 422 if request.method == "POST" else 200
    return show(request, "extent", {"form": form, "extent": found}, status=status)


def _page(request: HttpRequest, ring_form: RingForm, status: int = 200) -> HttpResponse:
    context = {
        "classes": IncidentType.objects.all(),
        "rings": SurveyRing.objects.all(),
        "extents": Extent.objects.all(),
        "elements": [
            {"label": LABELS[one.name], "row": one}
            for one in ReportElement.objects.filter(name__in=LABELS)
        ],
        "ring_form": ring_form,
    }
    return show(request, "tables", context, status=status)

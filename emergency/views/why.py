"""Why an officer may see an incident, or may not: a question that the rules in force answer.

Owns: this page. Promises: administrators ask about every incident by its number and learn nothing
else of it; others about incidents that they see themselves and officers of the organisations that
they see for, and what is not theirs to ask about is as if there were none, and counted. Must not
know: the rules (emergency/explaining.py).
"""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from realtime import refusals
from realtime.access import View

from ..explaining import explain
from ..forms_why import WhyForm
from ..models import Incident, Officer
from ..permissions import may
from ..rights import ADMINS, rights_of
from ..selectors import view_of
from ..selectors_accounts import officer_list
from .office import office_page, show

OFFERED = 500  # names that a list of suggestions bears


@require_GET
@office_page("rights.explain")
def why(request: HttpRequest) -> HttpResponse:
    """The question, and its answer once it is asked."""
    asked = "officer" in request.GET
    form = WhyForm(request.GET if asked else None, initial=request.GET.dict())
    officers = _officers(request.user)
    shown = {"form": form, "officers": officers[:OFFERED]}
    if asked and form.is_valid():
        officer = officers.filter(username=form.cleaned_data["officer"]).first()
        incident = _incident(request.user, form.cleaned_data["incident"])
        if officer is None:
            form.add_error("officer", form.unknown_officer)
        if incident is None:
            form.add_error("incident", form.unknown_incident)
        if form.is_valid():
            shown |= {"of": officer, "incident": incident, "told": explain(officer, incident)}
    return show(request, "why", shown, status=422 if form.errors else 200)


def _officers(asker: Officer) -> QuerySet[Officer]:
    """Those that the asker may ask about, whether in force or not."""
    found = officer_list()
    if may(asker, "rights.audit"):
        return found
    rights = rights_of(asker)
    found = found.exclude(role__in=ADMINS)
    return found if rights.everywhere else found.filter(organisation__in=rights.organisations)


def _incident(asker: Officer, number: str) -> Incident | None:
    """The incident of this number that the asker may ask about; a number may be of several nodes
    that were set up alike."""
    all_of_them = may(asker, "rights.audit")
    for one in Incident.objects.filter(number=number).order_by("received_at"):
        if all_of_them or view_of(asker, one) >= View.PUBLIC:
            return one
    refusals.count(asker.username, "rights.explain on a hidden incident")
    return None

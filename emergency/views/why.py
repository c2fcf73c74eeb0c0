"""Why an officer may see an incident, or may not: a question that the rules in force answer.

Owns: this page. Promises: administrators ask about every incident by its number and learn nothing
else of it; others about what they see themselves, and one that they do not see is as one that there
is not. Must not know: the rules (emergency/explaining.py).
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from ..explaining import explain, of_number
from ..forms_why import WhyForm
from ..models import Incident, Officer
from ..permissions import hindrance, may
from ..selectors_accounts import officer_list
from .office import office_page, show

OFFERED = 500  # names that a list of suggestions bears


@require_GET
@office_page("rights.explain")
def why(request: HttpRequest) -> HttpResponse:
    """The question, and its answer once it is asked."""
    asked = "officer" in request.GET
    form = WhyForm(request.GET if asked else None, initial=request.GET.dict())
    shown = {"form": form, "officers": officer_list(state="active")[:OFFERED]}
    if asked and form.is_valid():
        officer = Officer.objects.select_related("organisation").filter(
            username=form.cleaned_data["officer"]
        )
        incident = _asked(request.user, form.cleaned_data["incident"])
        if not officer:
            form.add_error("officer", form.unknown_officer)
        if incident is None:
            form.add_error("incident", form.unknown_incident)
        if form.is_valid():
            shown |= {"of": officer[0], "incident": incident}
            shown |= {"told": explain(officer[0], incident)}
    return show(request, "why", shown, status=422 if form.errors else 200)


def _asked(asker: Officer, number: str) -> Incident | None:
    found = of_number(number)
    if found is None or may(asker, "rights.audit"):
        return found
    return None if hindrance(asker, "rights.explain", found) else found

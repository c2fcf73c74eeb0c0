"""How near two reports are to be perhaps of one incident, among the tables of an office.

Owns: these pages. Promises: one form, one service call; a row is removed by a form of its own. Must
not know: how a change is recorded, which incidents are alike (emergency/family).
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from realtime.problems import NotFound, Problem

from ..errors import WrongState
from ..family.tables import remove_alike, set_alike
from ..forms_limits import AlikeForm
from ..models import AlikeRule
from ..selectors_sharing import class_names
from .office import complain, kept, office_page, show


@require_http_methods(["GET", "POST"])
@office_page("table.edit")
def rules(request: HttpRequest) -> HttpResponse:
    """All rows; a new one, or other values of one."""
    form = AlikeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_alike(actor=request.user, **form.cleaned_data)
        except Problem as problem:
            complain(form, problem)
        else:
            return kept("alike")
    names = class_names()
    rows = [
        {"rule": rule, "class_name": names.get(rule.type_prefix, "")}
        for rule in AlikeRule.objects.all()
    ]
    status = 422 if request.method == "POST" else 200
    return show(request, "alike", {"rows": rows, "form": form}, status=status)


@require_POST
@office_page("table.edit")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a row away; that of every class, which the page does not offer, is not found."""
    rule = AlikeRule.objects.filter(pk=pk).first()
    if rule is None:
        raise NotFound
    try:
        remove_alike(actor=request.user, rule=rule)
    except WrongState as problem:
        raise NotFound from problem
    return kept("alike")

"""Which new incidents other nodes hold from the start, among the tables of an office.

Owns: these pages. Promises: one form, one service call; a rule is removed by a form of its own.
Must not know: how a change is recorded, how a rule is applied (selectors_sharing).
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from realtime.problems import NotFound, Problem

from ..forms_links import RuleForm
from ..models import SharingRule
from ..selectors_sharing import rule_rows
from ..services.sharing import remove_rule, set_rule
from .office import complain, kept, office_page, show


@require_http_methods(["GET", "POST"])
@office_page("table.edit")
def rules(request: HttpRequest) -> HttpResponse:
    """All rules; a new one, or another value of one."""
    form = RuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_rule(actor=request.user, **form.cleaned_data)
        except Problem as problem:
            complain(form, problem)
        else:
            return kept("sharing-rules")
    status = 422 if request.method == "POST" else 200
    context = {"rules": rule_rows(), "form": form, "may_add": form.fields["node"].choices}
    return show(request, "sharing_rules", context, status=status)


@require_POST
@office_page("table.edit")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a rule away."""
    rule = SharingRule.objects.filter(pk=pk).first()
    if rule is None:
        raise NotFound
    remove_rule(actor=request.user, rule=rule)
    return kept("sharing-rules")

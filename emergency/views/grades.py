"""From which figures on an incident is of which grade, among the tables of an office.

Owns: these pages. Promises: one form, one service call; a row is removed by a form of its own. Must
not know: how a change is recorded, which grade is suggested (emergency/grading).
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from realtime.problems import NotFound, Problem

from ..forms_limits import LEAST, GradeRuleForm
from ..grading.tables import remove_grade_rule, set_grade_rule
from ..models import GradeRule
from ..selectors_sharing import class_names
from .office import complain, kept, office_page, show


@require_http_methods(["GET", "POST"])
@office_page("table.edit")
def grades(request: HttpRequest) -> HttpResponse:
    """All bounds; new ones, or other values."""
    form = GradeRuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_grade_rule(actor=request.user, **form.values())
        except Problem as problem:
            complain(form, problem)
        else:
            return kept("grades")
    names = class_names()
    rows = [
        {
            "rule": rule,
            "class_name": names.get(rule.type_prefix, ""),
            "least": [
                ("ⅠⅡⅢⅣ"[at], None if least is None else f"{least:,}")
                for at, least in enumerate(getattr(rule, name) for name in LEAST)
            ],
        }
        for rule in GradeRule.objects.all()
    ]
    status = 422 if request.method == "POST" else 200
    return show(request, "grades", {"rows": rows, "form": form}, status=status)


@require_POST
@office_page("table.edit")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take bounds away."""
    rule = GradeRule.objects.filter(pk=pk).first()
    if rule is None:
        raise NotFound
    remove_grade_rule(actor=request.user, rule=rule)
    return kept("grades")

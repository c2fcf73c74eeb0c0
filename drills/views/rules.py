"""The pages of rules of what is due, of metrics and of scales.

Owns: these pages. Promises: one form, one service call. Must not know: how a change is recorded.
"""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from emergency.views.office import complain, office_page, show
from realtime.problems import NotFound, Problem

from .. import selectors
from ..forms import DueRuleForm
from ..forms_evaluation import ScaleForm
from ..forms_script import MetricForm
from ..models import DueRule, Metric, ScaleValue
from ..services import rules as services
from .common import done


@require_http_methods(["GET", "POST"])
@office_page("drill.rule")
def rules(request: HttpRequest) -> HttpResponse:
    """All rules; a new one, or another value of one."""
    form = DueRuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_due_rule(actor=request.user, **form.cleaned_data)
        except Problem as problem:
            complain(form, problem)
        else:
            return done("drill-rules")
    status = 422 if request.method == "POST" else 200
    context = {"due": selectors.standings(timezone.localdate()), "form": form}
    return show(request, "drill_rules", context, status=status)


@require_http_methods(["GET", "POST"])
@office_page("drill.rule")
def metrics(request: HttpRequest) -> HttpResponse:
    """All metrics; other values of one."""
    form = MetricForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_metric(actor=request.user, **form.cleaned_data)
        except Problem as problem:
            complain(form, problem)
        else:
            return done("drill-metrics")
    status = 422 if request.method == "POST" else 200
    context = {"metrics": Metric.objects.all(), "form": form}
    return show(request, "drill_metrics", context, status=status)


@require_http_methods(["GET", "POST"])
@office_page("drill.rule")
def scales(request: HttpRequest) -> HttpResponse:
    """The scales of evaluators and the grades; other points of a value."""
    form = ScaleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        said["scale"], _colon, said["value"] = said["value"].partition(":")
        try:
            services.set_scale_value(actor=request.user, **said)
        except Problem as problem:
            complain(form, problem)
        else:
            return done("drill-scales")
    status = 422 if request.method == "POST" else 200
    context = {"values": ScaleValue.objects.all(), "form": form}
    return show(request, "drill_scales", context, status=status)


@require_POST
@office_page("drill.rule")
def remove_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a rule away."""
    rule = DueRule.objects.filter(pk=pk).first()
    if rule is None:
        raise NotFound
    services.remove_due_rule(actor=request.user, rule=rule)
    return done("drill-rules")

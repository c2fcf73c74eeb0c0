"""Rules of what is due, and the metrics of a score.

Owns: every write to them. Promises: the log says what was and what is; without a change nothing is
written. Must not know: exercises, HTTP.
"""

from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from emergency.models import Officer, Organisation, Plan
from emergency.permissions import require
from emergency.selectors import actor_text
from gis.services import tables
from realtime.problems import Invalid

from ..models import DueRule, Metric, ScaleValue

METRIC = ("target", "limit", "source", "verified")
SCALE = ("points", "source", "verified")
GRADE = ScaleValue.Scale.GRADE
RULE = ("months", "last_on", "warn_days", "source", "verified")


def set_due_rule(
    *,
    actor: Officer,
    plan: str,
    organisation: str,
    months: int,
    last_on: date | None,
    warn_days: int,
    source: str,
    verified: bool,
) -> DueRule:
    """Say how often the organisation exercises the plan, or say it anew. Raises Invalid."""
    require(actor, "drill.rule")
    if not Plan.objects.filter(code=plan, in_force=True).exists():
        raise Invalid(fields={"plan": _("There is no such plan in force.")})
    if not Organisation.objects.filter(code=organisation).exists():
        raise Invalid(fields={"organisation": _("No such organisation: %s") % organisation})
    if last_on and last_on > datetime.now(UTC).date():
        raise Invalid(fields={"last_on": _("This day is still to come.")})
    said = {
        "months": months,
        "last_on": last_on,
        "warn_days": warn_days,
        "source": source,
        "verified": verified,
    }
    with transaction.atomic():
        known = (
            DueRule.objects.select_for_update().filter(plan=plan, organisation=organisation).first()
        )
        before = _rule(known) if known else None
        rule = known or DueRule(plan=plan, organisation=organisation)
        for name, value in said.items():
            setattr(rule, name, value)
        if before != _rule(rule):
            rule.save()
            _tell(actor, rule, before, _rule(rule))
    return rule


def remove_due_rule(*, actor: Officer, rule: DueRule) -> None:
    """Take a rule away; what was exercised stays."""
    require(actor, "drill.rule")
    with transaction.atomic():
        _tell(actor, rule, _rule(rule), None)
        rule.delete()


def set_metric(
    *, actor: Officer, metric: str, target: int, limit: int, source: str, verified: bool
) -> Metric:
    """Say when a metric earns full marks and when none, for injects written from now on. Raises
    Invalid for a metric that there is not, or for a target that is the limit."""
    require(actor, "drill.rule")
    if target == limit:
        raise Invalid(fields={"limit": _("Target and limit of %s are the same.") % metric})
    with transaction.atomic():
        known = Metric.objects.select_for_update().filter(pk=metric).first()
        if known is None:
            raise Invalid(fields={"metric": _("There is no metric %s.") % metric})
        before = _metric(known)
        known.target, known.limit, known.source, known.verified = target, limit, source, verified
        if _metric(known) != before:
            known.save(update_fields=METRIC)
            tables.tell(
                table="metrics",
                key=metric,
                before=before,
                after=_metric(known),
                actor=actor_text(actor),
            )
    return known


def set_scale_value(
    *, actor: Officer, scale: str, value: str, points: int, source: str, verified: bool
) -> ScaleValue:
    """Say how many points a value of a scale is, or from how many a grade is given, for criteria
    that are written from now on. Raises Invalid, also where grades or values lose their order."""
    require(actor, "drill.rule")
    if not 0 <= points <= 100:
        raise Invalid(fields={"points": _("From 0 to 100.")})
    with transaction.atomic():
        rows = ScaleValue.objects.select_for_update().filter(scale=scale)
        values = {one.value: one for one in rows}
        known = values.get(value)
        if known is None:
            raise Invalid(fields={"value": _("There is no such value on this scale.")})
        before = _value(known)
        known.points, known.source, known.verified = points, source, verified
        ordered = [one.points for one in values.values()]
        if sorted(set(ordered), reverse=True) != ordered:
            raise Invalid(fields={"points": _("A better value has more points than a worse one.")})
        if scale == GRADE and ordered[-1] != 0:
            raise Invalid(fields={"points": _("The last grade begins at 0.")})
        if _value(known) != before:
            known.save(update_fields=SCALE)
            key, who = f"{scale} {value}", actor_text(actor)
            tables.tell(table="scales", key=key, before=before, after=_value(known), actor=who)
    return known


def _value(one: ScaleValue) -> dict[str, Any]:
    return {name: getattr(one, name) for name in SCALE}


def _metric(metric: Metric) -> dict[str, Any]:
    return {name: getattr(metric, name) for name in METRIC}


def _rule(rule: DueRule) -> dict[str, Any]:
    said = {name: getattr(rule, name) for name in RULE}
    return said | {"last_on": rule.last_on.isoformat() if rule.last_on else None}


def _tell(
    actor: Officer, rule: DueRule, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> None:
    key = f"{rule.plan} {rule.organisation}"
    tables.tell(table="due_rules", key=key, before=before, after=after, actor=actor_text(actor))

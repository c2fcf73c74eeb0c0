"""The table of bounds, as an office changes it.

Owns: every write to it. Promises: bounds fall from Ⅰ to Ⅳ; the log says what was and what is;
decisions that were made keep the rules they rest on. Must not know: HTTP.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from realtime.problems import Invalid

from ..models import GradeRule, IncidentType, Officer
from ..permissions import require
from ..services.tables import keep_row, remove_row
from .thresholds import are_bounds

SAID = ("least_1", "least_2", "least_3", "least_4", "source", "verified")


def set_grade_rule(
    *,
    actor: Officer,
    type_prefix: str,
    figure: str,
    least: Sequence[int | None],
    source: str,
    verified: bool,
) -> GradeRule:
    """Say from how much of a figure on each grade begins, Ⅰ to Ⅳ, or say it anew; without a figure
    these classes are not graded. Raises Invalid."""
    require(actor, "table.edit")
    if not type_prefix or not IncidentType.objects.filter(code__startswith=type_prefix).exists():
        raise Invalid(fields={"type_prefix": _("There is no such class.")})
    if figure and not are_bounds(least):
        raise Invalid(fields={"least_1": _("Bounds fall from Ⅰ to Ⅳ; at least one is given.")})
    if not figure and any(one is not None for one in least):
        raise Invalid(fields={"least_1": _("Classes that are not graded have no bounds.")})
    with transaction.atomic():
        key = {"type_prefix": type_prefix, "figure": figure}
        known = GradeRule.objects.select_for_update().filter(**key).first()
        rule = known or GradeRule(**key)
        said = dict(zip(SAID, [*least, source, verified], strict=True))
        keep_row(rule, said, table="grades", key=grade_key(rule), actor=actor)
    return rule


def remove_grade_rule(*, actor: Officer, rule: GradeRule) -> None:
    """Let these bounds suggest nothing any more."""
    require(actor, "table.edit")
    remove_row(rule, SAID, table="grades", key=grade_key(rule), actor=actor)


def grade_key(rule: GradeRule) -> str:
    """A row in the words of the log."""
    return f"{rule.type_prefix} {rule.figure or '-'}"

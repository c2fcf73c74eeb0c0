"""The tables of limits, reminders and supplements, as an office changes them.

Owns: every write to them. Promises: there is always a limit that fits; the log says what was and
what is; deadlines that run keep theirs. Must not know: HTTP.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from realtime.problems import Invalid

from ..errors import WrongState
from ..models import IncidentType, LimitRule, Officer, ReminderRule, Role, SupplementRule
from ..permissions import require
from ..services.tables import keep_row, remove_row
from ..supplements.window import MOST_DAYS
from .limits import MOST_MINUTES, MOST_PERCENT
from .services import look_again

LIMIT = ("minutes", "source", "verified")
REMINDER = ("roles", "source", "verified")
SUPPLEMENT = ("days", "source", "verified")


def set_limit(
    *,
    actor: Officer,
    kind: str,
    type_prefix: str,
    grade: int,
    level: str,
    minutes: int,
    source: str,
    verified: bool,
) -> LimitRule:
    """Say how many minutes there are for a report, or say it anew. Raises Invalid."""
    require(actor, "table.edit")
    if type_prefix:
        _require_class(type_prefix)
    if not 1 <= minutes <= MOST_MINUTES:
        raise Invalid(fields={"minutes": _("Between a minute and thirty days.")})
    key = {"kind": kind, "type_prefix": type_prefix, "grade": grade, "level": level}
    with transaction.atomic():
        known = LimitRule.objects.select_for_update().filter(**key).first()
        rule = known or LimitRule(**key)
        said = {"minutes": minutes, "source": source, "verified": verified}
        keep_row(rule, said, table="limits", key=limit_key(rule), actor=actor)
    return rule


def remove_limit(*, actor: Officer, rule: LimitRule) -> None:
    """Take a limit away. Raises WrongState for the default, which holds where no other fits."""
    require(actor, "table.edit")
    if not (rule.type_prefix or rule.grade or rule.level):
        raise WrongState(_("The default stays: it holds where no other limit fits."))
    remove_row(rule, LIMIT, table="limits", key=limit_key(rule), actor=actor)


def set_reminder(
    *, actor: Officer, percent: int, roles: list[str], source: str, verified: bool
) -> ReminderRule:
    """Say who is reminded when so much of a limit has passed, or say it anew. Raises Invalid."""
    require(actor, "table.edit")
    if not 1 <= percent <= MOST_PERCENT:
        raise Invalid(fields={"percent": _("From 1 to %s.") % MOST_PERCENT})
    if not roles or not set(roles) <= set(Role.values):
        raise Invalid(fields={"roles": _("Say who is reminded.")})
    with transaction.atomic():
        known = ReminderRule.objects.select_for_update().filter(pk=percent).first()
        rule = known or ReminderRule(percent=percent)
        said = {"roles": sorted(set(roles)), "source": source, "verified": verified}
        keep_row(rule, said, table="reminders", key=str(percent), actor=actor)
        look_again()
    return rule


def remove_reminder(*, actor: Officer, rule: ReminderRule) -> None:
    """Remind nobody at this point any more. Raises WrongState for the last one."""
    require(actor, "table.edit")
    with transaction.atomic():
        if len(ReminderRule.objects.select_for_update()) == 1:
            raise WrongState(_("One reminder stays: without any, a limit would pass unseen."))
        remove_row(rule, REMINDER, table="reminders", key=str(rule.percent), actor=actor)
        look_again()


def set_supplement(
    *, actor: Officer, type_prefix: str, days: int, source: str, verified: bool
) -> SupplementRule:
    """Say how many days after an accident a change of its casualties is reported, or say it anew.
    Raises Invalid."""
    require(actor, "table.edit")
    _require_class(type_prefix)
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(fields={"days": _("From 1 to %s.") % MOST_DAYS})
    with transaction.atomic():
        rows = SupplementRule.objects.select_for_update()
        known = rows.filter(type_prefix=type_prefix).first()
        rule = known or SupplementRule(type_prefix=type_prefix)
        said = {"days": days, "source": source, "verified": verified}
        keep_row(rule, said, table="supplements", key=type_prefix, actor=actor)
    return rule


def remove_supplement(*, actor: Officer, rule: SupplementRule) -> None:
    """Ask for no supplements of these classes any more, or for those of a wider class."""
    require(actor, "table.edit")
    remove_row(rule, SUPPLEMENT, table="supplements", key=rule.type_prefix, actor=actor)


def _require_class(type_prefix: str) -> None:
    if not type_prefix or not IncidentType.objects.filter(code__startswith=type_prefix).exists():
        raise Invalid(fields={"type_prefix": _("There is no such class.")})


def limit_key(rule: LimitRule) -> str:
    """A limit in the words of the log."""
    return " ".join([rule.kind, rule.type_prefix or "*", str(rule.grade), rule.level or "*"])

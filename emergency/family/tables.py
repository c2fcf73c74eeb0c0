"""The table of reports that may be of one incident, as an office changes it.

Owns: every write to it. Promises: the row of every class stays; the log says what was and what is.
Must not know: HTTP.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from realtime.problems import Invalid

from ..errors import WrongState
from ..models import AlikeRule, IncidentType, Officer
from ..permissions import require
from ..services.tables import keep_row, remove_row

SAID = ("distance_m", "minutes", "source", "verified")
MOST_METRES, MOST_MINUTES = 50_000, 10_080


def set_alike(
    *,
    actor: Officer,
    type_prefix: str,
    distance_m: int,
    minutes: int,
    source: str,
    verified: bool,
) -> AlikeRule:
    """Say how near and how soon after each other reports of these classes may be of one incident,
    or say it anew. Raises Invalid."""
    require(actor, "table.edit")
    if not IncidentType.objects.filter(code__startswith=type_prefix).exists():
        raise Invalid(fields={"type_prefix": _("There is no such class.")})
    if not 1 <= distance_m <= MOST_METRES:
        raise Invalid(fields={"distance_m": _("From 1 to %s.") % MOST_METRES})
    if not 1 <= minutes <= MOST_MINUTES:
        raise Invalid(fields={"minutes": _("From 1 to %s.") % MOST_MINUTES})
    with transaction.atomic():
        known = AlikeRule.objects.select_for_update().filter(type_prefix=type_prefix).first()
        rule = known or AlikeRule(type_prefix=type_prefix)
        said = dict(zip(SAID, (distance_m, minutes, source, verified), strict=True))
        keep_row(rule, said, table="alike", key=type_prefix or "*", actor=actor)
    return rule


def remove_alike(*, actor: Officer, rule: AlikeRule) -> None:
    """Let the row of a wider class hold. Raises WrongState for the row of every class."""
    require(actor, "table.edit")
    if not rule.type_prefix:
        raise WrongState(_("The default stays: it holds where no other fits."))
    remove_row(rule, SAID, table="alike", key=rule.type_prefix, actor=actor)

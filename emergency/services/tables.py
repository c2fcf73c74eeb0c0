"""The class tree and the elements of a report, as far as an office may correct them, and how a row
of any such table is written.

Owns: every write to either after it was planted. Promises: the code and the place in the tree
never change; incidents keep the name that their class had when they were written down, reports
what was asked for then; the log says what was and what is. Must not know: rings and extents
(gis.services).
"""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from gis.services import tables
from realtime.problems import Conflict

from ..models import IncidentType, Officer, ReportElement
from ..permissions import require
from ..selectors import actor_text

FIELDS = ("name", "name_en", "words", "source", "verified")
ELEMENT_FIELDS = ("needed", "weight", "source", "verified")


def change_class(
    *,
    actor: Officer,
    code: str,
    name: str,
    name_en: str,
    words: Sequence[str],
    source: str,
    verified: bool,
) -> IncidentType:
    """Correct a class; without a change nothing is written."""
    require(actor, "table.edit")
    said = {"name": name, "name_en": name_en, "words": list(words)}
    with transaction.atomic():
        kind = IncidentType.objects.select_for_update().get(code=code)
        said |= {"source": source, "verified": verified}
        keep_row(kind, said, table="incident_types", key=code, actor=actor)
    return kind


def change_element(
    *, actor: Officer, name: str, needed: str, weight: int, source: str, verified: bool
) -> ReportElement:
    """Say from which report on an element must be said, and what it weighs; without a change
    nothing is written. Reports that were issued keep theirs."""
    require(actor, "table.edit")
    said = {"needed": needed, "weight": weight, "source": source, "verified": verified}
    with transaction.atomic():
        element = ReportElement.objects.select_for_update().get(pk=name)
        keep_row(element, said, table="report_elements", key=name, actor=actor)
    return element


def keep_row(row: Model, said: dict[str, Any], *, table: str, key: str, actor: Officer) -> None:
    """Let a row of a table, or a new one, say this, and tell the log; nothing without a change.
    Part of the caller's transaction. Raises Conflict where somebody has just added it too."""
    before = None if row._state.adding else {name: getattr(row, name) for name in said}
    if before == said:
        return
    for name, value in said.items():
        setattr(row, name, value)
    try:
        row.save()
    except IntegrityError as problem:
        raise Conflict(_("Somebody else has just added this. Look at it again.")) from problem
    tables.tell(table=table, key=key, before=before, after=said, actor=actor_text(actor))


def remove_row(row: Model, fields: Sequence[str], *, table: str, key: str, actor: Officer) -> None:
    """Take a row out of a table, and tell the log what it said."""
    with transaction.atomic():
        before = {name: getattr(row, name) for name in fields}
        row.delete()
        tables.tell(table=table, key=key, before=before, after=None, actor=actor_text(actor))

"""The class tree and the elements of a report, as far as an office may correct them.

Owns: every write to either after it was planted. Promises: the code and the place in the tree
never change; incidents keep the name that their class had when they were written down, reports
what was asked for then; the log says what was and what is. Must not know: rings and extents
(gis.services).
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Model

from gis.services import tables

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
        _change(kind, said | {"source": source, "verified": verified}, "incident_types", actor)
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
        _change(element, said, "report_elements", actor)
    return element


def _change(row: Model, said: dict[str, Any], table: str, actor: Officer) -> None:
    before = {name: getattr(row, name) for name in said}
    if before == said:
        return
    for name, value in said.items():
        setattr(row, name, value)
    row.save(update_fields=said)
    key = str(row.pk)
    tables.tell(table=table, key=key, before=before, after=said, actor=actor_text(actor))

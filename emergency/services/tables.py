"""The class tree, as far as an office may correct it.

Owns: every write to a class after it was planted. Promises: the code and the place in the tree
never change; incidents keep the name that their class had when they were written down; the log
says what was and what is. Must not know: rings and extents (gis.services).
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from gis.services import tables

from ..models import IncidentType, Officer
from ..permissions import require
from ..selectors import actor_text

FIELDS = ("name", "name_en", "words", "source", "verified")


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
    with transaction.atomic():
        kind = IncidentType.objects.select_for_update().get(code=code)
        before = _state(kind)
        kind.name, kind.name_en, kind.words = name, name_en, list(words)
        kind.source, kind.verified = source, verified
        after = _state(kind)
        if after == before:
            return kind
        kind.save(update_fields=FIELDS)
        tables.tell(
            table="incident_types", key=code, before=before, after=after, actor=actor_text(actor)
        )
    return kind


def _state(kind: IncidentType) -> dict[str, Any]:
    return {name: getattr(kind, name) for name in FIELDS}

"""The table of bounds, and what it suggests.

Owns: reads. Promises: the table as it is now. Must not know: how anything is written, who decides.
"""

from collections.abc import Mapping
from decimal import Decimal

from ..models import GradeRule, Incident
from .thresholds import FIGURES, Rule, Suggestion, suggest


def rules() -> list[Rule]:
    """The table."""
    return [
        Rule(
            row.type_prefix,
            row.figure,
            (row.least_1, row.least_2, row.least_3, row.least_4),
            row.source,
            row.verified,
        )
        for row in GradeRule.objects.all()
    ]


def suggestion(type_code: str, figures: Mapping[str, Decimal | int | None]) -> Suggestion:
    """What the table suggests for this class and these figures."""
    return suggest(rules(), type_code, figures)


def of(incident: Incident) -> Suggestion:
    """What the table suggests for an incident as it is."""
    return suggestion(incident.type_code, {name: getattr(incident, name) for name in FIGURES})

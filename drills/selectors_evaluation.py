"""What an evaluator may judge, and what was judged.

Owns: reads. Promises: marks are given by who evaluates an exercise at this node and by the office
of its home; each reads their own on the sheet, all of them on the score. Must not know: how marks
make a score, how anything is written.
"""

from django.conf import settings

from emergency.models import Officer
from emergency.permissions import may
from emergency.selectors import actor_text

from .models import Criteria, Exercise, Inject, Mark, Part, ScaleValue
from .scoring.judged import row_key, who
from .scoring.shape import OWN
from .selectors import is_office, part_of


def may_evaluate(officer: Officer, one: Exercise) -> bool:
    """Does this officer judge here?"""
    if not may(officer, "drill.evaluate"):
        return False
    if is_office(officer) and one.home == settings.NODE_ID:
        return True
    return part_of(officer, one) == Part.EVALUATE


def criteria_of(one: Exercise) -> Criteria | None:
    """What is judged in it; None where nothing was set."""
    return Criteria.objects.filter(exercise=one).first()


def judges(one: Exercise) -> dict[str, frozenset[str]]:
    """Row to the values that it takes: items by their scale, measured rows by OWN."""
    criteria = criteria_of(one)
    found = {each["id"]: frozenset(each["points"]) for each in (criteria.items if criteria else ())}
    sent = one.injects.filter(state=Inject.State.SENT).values_list("pk", "expected")
    for pk, expected in sent:
        for each in expected:
            found[row_key(str(pk), each["metric"], each["organisation"])] = OWN
    return found


def marks_by(officer: Officer, one: Exercise) -> dict[str, Mark]:
    """Row to the mark that this officer gave it."""
    own = one.marks.filter(author__startswith=f"{who(actor_text(officer))} ").exclude(value="")
    return {mark.row: mark for mark in own}


def scales() -> dict[str, list[ScaleValue]]:
    """Scale to its values, the best first."""
    found: dict[str, list[ScaleValue]] = {}
    for value in ScaleValue.objects.all():
        found.setdefault(value.scale, []).append(value)
    return found

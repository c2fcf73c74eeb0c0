"""Event types of what evaluators judge by and of what they judged.

Owns: the types and the builders of their shapes. Promises: both are about the script, so that who
plays reads them when it is opened, at the end. Must not know: who may write.
"""

from typing import Any

from typing_extensions import TypedDict

from emergency.events import moment
from realtime.registry import declare

from .models import Criteria, Mark


class Criterion(TypedDict):
    """What is judged: of an organisation, or of the exercise as a whole where that is empty;
    `points` of a hundred by value of its scale; `veto`: no points here make the whole poor."""

    id: str
    organisation: str
    objective: str
    text: str
    scale: str
    points: dict[str, int]
    weight: int
    veto: bool


class CriteriaData(TypedDict):
    """All that is judged in an exercise; `grades`: from how many points on each is given."""

    id: str
    exercise: str
    home: str
    realm: str
    rev: int
    items: list[Criterion]
    grades: dict[str, int]
    author: str
    author_name: str


class MarkData(TypedDict):
    """What one evaluator says of one row of the score."""

    id: str
    exercise: str
    home: str
    realm: str
    rev: int
    row: str
    value: str
    note: str
    organisation: str
    given_at: str
    author: str
    author_name: str


CRITERIA_SET = declare("criteria.set", version=1, topic="exercises", data=CriteriaData)
MARK_GIVEN = declare("mark.given", version=1, topic="exercises", data=MarkData)

OF_CRITERIA = "home realm rev items grades author author_name".split()
OF_MARK = "home realm rev row value note organisation author author_name".split()


def criteria_data(criteria: Criteria) -> dict[str, Any]:
    """Criteria in the shape of their type."""
    own = {"id": str(criteria.pk), "exercise": str(criteria.exercise_id)}
    return own | {name: getattr(criteria, name) for name in OF_CRITERIA}


def mark_data(mark: Mark) -> dict[str, Any]:
    """A mark in the shape of its type."""
    own = {"id": str(mark.pk), "exercise": str(mark.exercise_id)}
    said = {name: getattr(mark, name) for name in OF_MARK}
    return own | {"given_at": moment(mark.given_at)} | said

"""What evaluators judged: items of their own, and rows that they measured otherwise.

Owns: which marks count, and what they make of a row. Promises: pure; marks are taken from who
evaluates alone; of several evaluators the mean counts, of those who say that it does not apply
none; what nobody judged has no marks and says so. Must not know: how anything is measured.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .shape import OWN
from .timeline import Event, Timeline

POINT = 1000  # thousandths of a mark
NA = "na"  # 不适用
GRADES = {"excellent": 90, "good": 80, "fair": 60, "poor": 0}  # where the log names none
EVALUATES = "evaluate"


@dataclass(frozen=True)
class Given:
    """What an evaluator said of a row; `marks` in thousandths, None where it does not apply."""

    event: str
    evaluator: str
    value: str
    note: str
    marks: int | None


def criteria(timeline: Timeline) -> dict[str, Any]:
    """What is judged, as it stands; without items where the log names none."""
    found = timeline.newest("criteria")
    return found[0].data if found else {"items": [], "grades": GRADES}


def row_key(inject: str, metric: str, organisation: str) -> str:
    """What a mark calls a row that is measured; an item is called by its id."""
    return f"{inject}/{metric}/{organisation}"


def given(timeline: Timeline) -> dict[str, list[Given]]:
    """Row to what its evaluators say, the earliest first."""
    points = {one["id"]: one["points"] for one in criteria(timeline)["items"]}
    newest: dict[tuple[str, str], Event] = {}
    for event in sorted(timeline.newest("mark"), key=lambda one: (one.time, one.id)):
        if _evaluates(timeline, event):
            newest[event.data["row"], who(event.data["author"])] = event
    found: dict[str, list[Given]] = defaultdict(list)
    for event in newest.values():
        said = event.data
        marks = _marks(said["value"], points.get(said["row"]))
        if marks is None and said["value"] != NA:
            continue  # taken back, or of a scale that the item has no more
        one = Given(event.id, said["author_name"], said["value"], said["note"], marks)
        found[said["row"]].append(one)
    return found


def who(author: str) -> str:
    """`name@node` of an author as the log keeps it, whatever the role was."""
    return author.partition(" ")[0]


def _evaluates(timeline: Timeline, event: Event) -> bool:
    exercise = timeline.exercise
    if who(event.data["author"]).rpartition("@")[2] != event.source:
        return False  # a node speaks for its own officers
    if event.source == exercise.get("home"):
        return True
    return any(
        one["part"] == EVALUATES and one["node"] == event.source
        and one["organisation"] == event.data["organisation"]
        for one in exercise.get("participants", ())
    )  # fmt: skip


def _marks(value: str, points: dict[str, int] | None) -> int | None:
    """In thousandths: by the scale of an item, or as they stand for a row that is measured."""
    if points is not None:
        return points[value] * POINT if value in points else None
    return int(value) * POINT if value in OWN else None


def together(measured: int | None, said: Sequence[Given]) -> int | None:
    """The marks of a row: the mean of its evaluators', rounded down, else what was measured; None
    where it does not apply, or nobody judged it."""
    marks = [one.marks for one in said if one.marks is not None]
    if marks:
        return sum(marks) // len(marks)
    return None if said else measured


def grade_of(total: int | None, grades: dict[str, int]) -> str:
    """优 excellent, 良 good, 中 fair, 差 poor; empty where there is no total."""
    if total is None:
        return ""
    ordered = sorted(grades.items(), key=lambda one: -one[1])
    return next((name for name, least in ordered if total >= least * POINT), "poor")

"""Event types of what an exercise found and of what was done about it.

Owns: the types and the builders of their shapes. Promises: both are about the exercise, so that
everybody who took part reads them. Must not know: who may write.
"""

from typing import Any

from typing_extensions import TypedDict

from emergency.events import moment
from realtime.registry import declare

from .models import Improvement, Progress


class ImprovementData(TypedDict):
    """A finding, its correction, who owns it and the day on which it is due (ISO)."""

    id: str
    exercise: str
    home: str
    realm: str
    rev: int
    kind: str
    severity: str
    text: str
    cause: str
    action: str
    owner: str
    due: str
    row: str
    author: str
    author_name: str
    recorded_at: str


class ProgressData(TypedDict):
    """What was done about an item; `step`: one more than the lines that its writer saw."""

    id: str
    exercise: str
    improvement: str
    step: int
    home: str
    realm: str
    rev: int
    kind: str
    text: str
    organisation: str
    author: str
    author_name: str
    recorded_at: str


FOUND = declare("improvement.recorded", version=1, topic="exercises", data=ImprovementData)
PROGRESSED = declare("progress.made", version=1, topic="exercises", data=ProgressData)

OF_IMPROVEMENT = (
    "home realm rev kind severity text cause action owner row author author_name"
).split()
OF_PROGRESS = "home realm rev step kind text organisation author author_name".split()


def improvement_data(one: Improvement) -> dict[str, Any]:
    """An item in the shape of its type."""
    own = {"id": str(one.pk), "exercise": str(one.exercise_id), "due": one.due.isoformat()}
    said = {name: getattr(one, name) for name in OF_IMPROVEMENT}
    return own | said | {"recorded_at": moment(one.recorded_at)}


def progress_data(one: Progress) -> dict[str, Any]:
    """A line of progress in the shape of its type."""
    own = {"id": str(one.pk), "exercise": str(one.exercise_id)}
    said = {name: getattr(one, name) for name in OF_PROGRESS}
    own |= {"improvement": str(one.improvement), "recorded_at": moment(one.recorded_at)}
    return own | said

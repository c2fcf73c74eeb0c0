"""What the API of plans takes in. Owns and promises: as `emergency/schemas.py`."""

import uuid
from typing import Annotated, Literal

from pydantic import Field, StrictInt

from ..schemas import Strict, Words, line, text


class ActivationIn(Strict):
    """A plan and its level, with what an activation has to state; `hours` is how long it is
    expected to last."""

    id: uuid.UUID | None = None
    plan: line(40, 1)
    level: line(20, 1)
    matter: line(300, 1)
    hours: Annotated[StrictInt, Field(ge=1, le=720)]
    measures: text(4000, 1)


class ResponseEndIn(Strict):
    """A plan in force, and why its response ends."""

    id: uuid.UUID | None = None
    plan: line(40, 1)
    text: text(4000, 1)


class TaskStepIn(Strict):
    """What was done about a task."""

    id: uuid.UUID | None = None
    kind: Literal["acknowledged", "feedback", "done", "returned"]
    text: Words = ""

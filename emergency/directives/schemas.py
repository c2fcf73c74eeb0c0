"""What the API of directives takes in. Owns and promises: as `emergency/schemas.py`."""

import uuid
from typing import Annotated, Literal

from pydantic import Field, StrictBool

from ..schemas import Moment, Strict, Until, line, text


class DirectiveIn(Strict):
    """What a leader has said, and who is to do what until when."""

    id: uuid.UUID | None = None
    leader: line(60, 1)
    post: line(120, 1)
    channel: Literal["written", "phone", "oral", "meeting"]
    text: text(4000, 1)
    received_at: Moment
    read_back: StrictBool = False
    what: line(500, 1)
    due_at: Until
    lead: line(40, 1)
    assist: Annotated[list[line(40, 1)], Field(max_length=59)] = []

"""What the API of rounds takes in. Owns and promises: as `emergency/schemas.py`."""

import uuid
from typing import Annotated

from pydantic import Field, StrictBool, StrictInt

from ..schemas import Strict, Words, line


class RoundReportIn(Strict):
    """What an organisation reports in a round, or that nothing is new."""

    id: uuid.UUID | None = None
    order: uuid.UUID
    no: Annotated[StrictInt, Field(ge=1, le=100_000)]
    organisation: line(40, 1)
    nothing_new: StrictBool = False
    text: Words = ""

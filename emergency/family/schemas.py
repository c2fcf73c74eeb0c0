"""What the API of relatives takes in. Owns and promises: as `emergency/schemas.py`."""

import uuid

from ..schemas import LocationIn, Moment, RealmQuery, Revision, Strict, line


class ParentIn(Strict):
    """The incident that this one came of, null for none; `rev` is what the writer saw."""

    rev: Revision
    parent: uuid.UUID | None


class AlikeIn(Strict, RealmQuery):
    """What is being reported: of which class, where, received when."""

    type_code: line(5, 5)
    location: LocationIn
    received_at: Moment

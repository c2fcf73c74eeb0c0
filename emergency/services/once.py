"""The same id sent twice is one thing.

Owns: that question. Promises: what was written under this id is found again; another content
under it is refused. Must not know: what the thing is.
"""

import hashlib
import json
import uuid
from typing import Any, TypeVar

from django.db.models import Model

from ..errors import SameIdOtherContent

Kind = TypeVar("Kind", bound=Model)


def already(kind: type[Kind], id: uuid.UUID | None, /, **said: Any) -> Kind | None:
    """The row with this id, None where there is none. Raises SameIdOtherContent."""
    known = kind.objects.filter(pk=id).first() if id else None
    if known and any(getattr(known, name) != value for name, value in said.items()):
        raise SameIdOtherContent
    return known


def fingerprint(**given: Any) -> str:
    """All that was given, in one hash: what makes a repeated report the same."""
    return hashlib.sha256(json.dumps(given, sort_keys=True, default=str).encode()).hexdigest()

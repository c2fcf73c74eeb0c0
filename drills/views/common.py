"""What the pages of drills have in common.

Owns: the answer after something was kept, the id that a form carries. Must not know: what it is.
"""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect


def done(name: str, *where: Any) -> HttpResponse:
    """To that page, which says that it was kept."""
    response = redirect(name, *where)
    response["Location"] += "?done=kept"
    return response


def id_of(text: str) -> uuid.UUID:
    """The id in a form, which makes a second press the same thing; a new one where none is."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()

"""What the pages of drills have in common.

Owns: the answer after something was kept, the id that a form carries, an attached file. Must not
know: who may have it.
"""

import uuid
from types import SimpleNamespace
from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect

from emergency.views.files import file_response
from realtime.problems import NotFound

from ..models import Delivery, Inject


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


def attached_file(thing: Inject | Delivery, sha256: str) -> FileResponse:
    """A file of an inject or of what was received, to save. Raises NotFound."""
    for one in thing.attachments:
        if one["sha256"] == sha256:
            return file_response(SimpleNamespace(**one, home=thing.home, pk=thing.pk))
    raise NotFound

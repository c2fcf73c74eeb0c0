"""What the pages of drills have in common.

Owns: the answer after something was kept. Must not know: what it was.
"""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect


def done(name: str, *where: Any) -> HttpResponse:
    """To that page, which says that it was kept."""
    response = redirect(name, *where)
    response["Location"] += "?done=kept"
    return response

"""The pages of the duty desk; data comes by API and feed.

Owns: which template answers. Must not know: anything else.
"""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ..selectors import officer_self


@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """The desk."""
    return render(request, "desk.html", {"me": officer_self(request.user)})

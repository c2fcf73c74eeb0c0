"""The pages of the duty desk; data comes by API and feed.

Owns: which template answers; administrators, who see no incidents, begin on their own page.
Must not know: anything else.
"""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ..rights import ADMINS
from ..selectors import officer_self
from .office import home_of, pages_for


@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """The desk."""
    if request.user.role in ADMINS:
        return redirect(home_of(request.user))
    context = {"me": officer_self(request.user), "pages": pages_for(request.user)[1:]}
    return render(request, "desk.html", context)

"""The archive package of a closed incident.

Owns: these pages. Promises: what would be in it, and that it holds personal details, is said before
it is made. Must not know: what is in it, how it is sealed.
"""

import uuid

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_http_methods

from realtime import keys
from realtime.problems import Problem

from ..archive.services import pack_incident
from ..documents.selectors import documents_about
from ..permissions import require, require_home
from ..selectors import incident
from ..states import OPEN
from .office import office_page, show


@require_http_methods(["GET", "POST"])
@office_page("incident.archive")
def package(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """What is in it; sent, the package."""
    one = incident(request.user, pk)
    require(request.user, "incident.archive", one)
    problem = ""
    if request.method == "POST":
        try:
            require_home(one)
            file = pack_incident(actor=request.user, incident=one)
        except Problem as said:
            problem = said.message
        else:
            return FileResponse(
                file,
                as_attachment=True,
                filename=f"{one.number}.zip",
                content_type="application/zip",
            )
    context = {
        "incident": one,
        "is_open": one.state in OPEN,
        "documents": documents_about(request.user, one),
        "attachments": one.attachments.count(),
        "reports": one.reports.count(),
        "key": keys.signer().id,
        "problem": problem,
    }
    return show(request, "package", context, status=409 if problem else 200)

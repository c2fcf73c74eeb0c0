"""The table of directives and how they are followed up.

Owns: this page. Promises: it is read and printed. Must not know: how a directive is recorded.
"""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from ..directives.selectors import table
from .office import office_page, show

STATES = {
    "issued": _("issued, not acknowledged"),
    "acknowledged": _("being done"),
    "feedback": _("feedback, to be decided"),
    "returned": _("returned, being done"),
    "done": _("followed up"),
}
UNKNOWN = _("not known here")


@require_GET
@office_page("directive.see")
def directives(request: HttpRequest) -> HttpResponse:
    """Those that are open, or all."""
    every = request.GET.get("all") == "1"
    rows, more = table(request.user, open_only=not every)
    for row in rows:
        for unit in row["units"]:
            unit["word"] = STATES[unit["standing"].state] if unit["standing"] else UNKNOWN
    return show(request, "directives", {"rows": rows, "more": more, "every": every})

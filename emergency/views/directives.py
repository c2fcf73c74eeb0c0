"""The table of directives and how they are followed up.

Owns: this page. Promises: it is read and printed. Must not know: how a directive is recorded.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from ..directives.selectors import table
from ..documents.sources import colleagues
from ..permissions import may
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
    may_issue = may(request.user, "document.issue")
    ours = colleagues(request.user) if may_issue else frozenset()
    for row in rows:
        one = row["directive"]
        mine = one.home == settings.NODE_ID and one.author.partition("@")[0] in ours
        row["of"] = f"directive/{one.pk}" if mine else ""
        for unit in row["units"]:
            unit["word"] = STATES[unit["standing"].state] if unit["standing"] else UNKNOWN
    context = {
        "rows": rows,
        "more": more,
        "every": every,
        "may_issue": may_issue and may(request.user, "duty.see"),
    }
    return show(request, "directives", context)

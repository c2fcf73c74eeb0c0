"""Words that an office keeps, among its tables: channels of the duty log, posts of a shift.

Owns: these pages. Promises: one form, one service call. Must not know: how a change is recorded.
"""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from realtime.problems import Problem

from ..duty.tables import set_word
from ..forms_duty import PostForm, WordForm
from ..models import DutyChannel, DutyPost
from ..models.duty import Word
from .office import complain, kept, office_page, show


@require_http_methods(["GET", "POST"])
@office_page("table.edit")
def channels(request: HttpRequest) -> HttpResponse:
    """Channels of the duty log."""
    title = _("Channels of the duty log")
    return _page(request, DutyChannel, WordForm(request.POST or None), "channels", title)


@require_http_methods(["GET", "POST"])
@office_page("table.edit")
def posts(request: HttpRequest) -> HttpResponse:
    """Posts of a shift."""
    return _page(request, DutyPost, PostForm(request.POST or None), "posts", _("Posts of a shift"))


def _page(
    request: HttpRequest, kind: type[Word], form: WordForm, page: str, title: str
) -> HttpResponse:
    """All words of a kind; a new one, or another row for one."""
    if request.method == "POST" and form.is_valid():
        try:
            set_word(actor=request.user, kind=kind, **form.cleaned_data)
        except Problem as problem:
            complain(form, problem)
        else:
            return kept(page)
    context = {"rows": kind.objects.all(), "form": form, "title": title}
    context["with_need"] = kind is DutyPost
    status = 422 if request.method == "POST" else 200
    return show(request, "vocabulary", context, status=status)

"""Channels of the duty log, among the tables of an office.

Owns: this page. Promises: one form, one service call. Must not know: how a change is recorded.
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from realtime.problems import Problem

from ..duty.tables import set_channel
from ..forms_duty import ChannelForm
from ..models import DutyChannel
from .office import complain, kept, office_page, show


@require_http_methods(["GET", "POST"])
@office_page("table.edit")
def channels(request: HttpRequest) -> HttpResponse:
    """All of them; a new one, or other words for one."""
    form = ChannelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_channel(actor=request.user, **form.cleaned_data)
        except Problem as problem:
            complain(form, problem)
        else:
            return kept("channels")
    context = {"rows": DutyChannel.objects.all(), "form": form}
    return show(request, "channels", context, status=422 if request.method == "POST" else 200)

"""The log, for the audit administrator: who did what kind of thing, and is it as it was written.

Owns: this page. Promises: of incidents only who, when and what kind; a file of the shown rows is
recorded before it leaves. Must not know: the query, the words.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from realtime import log
from realtime.models import Envelope
from realtime.problems import Problem

from ..audit_words import lines, role_word, topic_word, type_word
from ..csvout import csv_text
from ..forms import AuditFilter
from ..link_words import reason_text
from ..selectors_audit import OPEN_TOPIC, audit_rows, last_verified, public_part, topic_of
from ..services import audit as services
from .office import office_page, sent, show

PER_PAGE = 50


@require_GET
@office_page("audit.see")
def audit(request: HttpRequest) -> HttpResponse:
    """One page of the log, newest first."""
    return _page(request, AuditFilter(request.GET))


@office_page("audit.see")
@sent
def export(request: HttpRequest) -> HttpResponse:
    """The filtered rows as CSV."""
    form = AuditFilter(request.POST)
    if not form.is_valid():
        return _page(request, form)
    rows = services.export_log(
        actor=request.user, wanted=form.wanted(), before=form.cleaned_data["before"]
    )
    head = [
        _("Position"),
        _("Time"),
        _("Topic"),
        _("Type"),
        _("Who"),
        _("About what"),
        _("Realm"),
        _("Node"),
        _("What"),
    ]
    text = csv_text(head, (_cells(row) for row in rows))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    name = f"belltower-log-{timezone.localtime():%Y%m%d-%H%M%S}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@office_page("audit.see")
@sent
def verify(request: HttpRequest) -> HttpResponse:
    """Check the chain now."""
    try:
        services.verify_now(actor=request.user)
    except Problem as problem:
        return _page(request, AuditFilter({}), complaint=problem.message, status=problem.status)
    return redirect("audit")


def _page(
    request: HttpRequest, form: AuditFilter, complaint: object = "", status: int = 200
) -> HttpResponse:
    rows: list[Envelope] = []
    valid = form.is_valid()
    if valid:
        wanted, before = form.wanted(), form.cleaned_data["before"]
        rows = audit_rows(wanted, before=before, limit=PER_PAGE + 1)
    query = form.data.copy() if hasattr(form.data, "urlencode") else None
    older = ""
    if len(rows) > PER_PAGE and query is not None:
        query["before"] = rows[PER_PAGE - 1].position
        older = query.urlencode()
    checked = last_verified()
    context = {
        "form": form,
        "rows": [_shown(row) for row in rows[:PER_PAGE]],
        "older": older,
        "position": log.head().position,
        "too_long": log.head().position >= services.VERIFY_BELOW,
        "checked_at": checked[0] if checked else None,
        "checked": checked[1] if checked else None,
        "fault": reason_text(checked[1]["reason"]) if checked else "",
        "complaint": complaint,
        "at_most": services.EXPORT_AT_MOST,
    }
    return show(request, "audit", context, status=status if valid else 422)


def _shown(row: Envelope) -> dict[str, Any]:
    """A row as the page reads it."""
    topic = topic_of(row)
    name, _at, rest = row.actor.partition("@")
    node, _blank, role = rest.partition(" ")
    return {
        "row": row,
        "type": type_word(row.type),
        "topic": topic_word(topic),
        "actor": name,
        "role": role_word(role) + ("" if node in ("", settings.NODE_ID) else f" {node}"),
        "about": row.subject if row.about == row.subject else row.about,
        "open": topic == OPEN_TOPIC,
        "lines": lines(public_part(row)),
    }


def _cells(row: Envelope) -> list[object]:
    shown = _shown(row)
    told = "; ".join(f"{label}: {value}" for label, value in shown["lines"])
    time = timezone.localtime(row.time).isoformat(timespec="seconds")
    kind = f"{shown['type']} ({row.type})"
    return [row.position, time, shown["topic"], kind, row.actor, shown["about"], row.realm,
            row.source, told]  # fmt: skip

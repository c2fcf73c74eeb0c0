"""The nodes that this one is linked with: how each link stands, pairing, and its end.

Owns: these pages. Promises: who may see the system sees them, only who may manage links acts; a
code stands on one answer and nowhere else. Must not know: what pairing means (services).
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from realtime.problems import Problem

from .. import selectors_links
from ..forms_links import (
    ClearanceForm,
    CodeForm,
    ConfirmForm,
    JoinForm,
    RevokeForm,
    RotateForm,
)
from ..permissions import may
from ..services import links
from .office import complain, office_page, sent, show


@require_GET
@office_page("system.see")
def nodes(request: HttpRequest) -> HttpResponse:
    """Every peer, and the way to a new one."""
    return _all(request)


@office_page("link.manage")
@sent
def issue_code(request: HttpRequest) -> HttpResponse:
    """A code for the administrator of a node below; the answer shows it."""
    form = CodeForm(request.POST)
    if form.is_valid():
        node = form.cleaned_data["node"]
        try:
            code = links.issue_code(actor=request.user, node=node)
        except Problem as problem:
            complain(form, problem)
        else:
            return show(request, "node_code", {"node": node, "code": code})
    return _all(request, code_form=form, status=422)


@office_page("link.manage")
@sent
def join(request: HttpRequest) -> HttpResponse:
    """Pair with the node above; the page of that node shows the number to compare."""
    form = JoinForm(request.POST)
    if form.is_valid():
        try:
            peer = links.join(actor=request.user, **form.cleaned_data)
        except Problem as problem:
            complain(form, problem)
        else:
            return _back(peer.node, "joined")
    return _all(request, join_form=form, status=422)


@office_page("link.manage")
@sent
def rotate_key(request: HttpRequest) -> HttpResponse:
    """A new key for this node."""
    form = RotateForm(request.POST)
    if form.is_valid():
        try:
            links.rotate_key(actor=request.user)
        except Problem as problem:
            complain(form, problem)
        else:
            return _back("", "rotated")
    return _all(request, rotate_form=form, status=422)


@require_GET
@office_page("system.see")
def node(request: HttpRequest, node: str) -> HttpResponse:
    """One peer: its link, what waits, what was refused, and the steps."""
    return _one(request, node)


@office_page("link.manage")
@sent
def confirm(request: HttpRequest, node: str) -> HttpResponse:
    """The numbers are equal: the link may speak."""
    form = ConfirmForm(request.POST)
    if form.is_valid():
        try:
            links.confirm(actor=request.user, node=node, cleared=form.cleaned_data["cleared"])
        except Problem as problem:
            complain(form, problem)
        else:
            return _back(node, "confirmed")
    return _one(request, node, confirm_form=form, status=422)


@office_page("link.manage")
@sent
def clearance(request: HttpRequest, node: str) -> HttpResponse:
    """May personal parts go there, of a node that is confirmed?"""
    peer = selectors_links.link(node)
    form = ClearanceForm(request.POST)
    if form.is_valid() and peer["confirmed_at"] and not peer["revoked_at"]:
        links.confirm(actor=request.user, node=node, cleared=form.cleaned_data["cleared"])
        return _back(node, "kept")
    return _one(request, node, status=422)


@office_page("system.see")
@sent
def compare(request: HttpRequest, node: str) -> HttpResponse:
    """Do both ends hold the same, now?"""
    selectors_links.link(node)
    links.compare_now(actor=request.user, node=node)
    return _back(node, "compare")


@office_page("link.manage")
@sent
def revoke(request: HttpRequest, node: str) -> HttpResponse:
    """End the link."""
    form = RevokeForm(request.POST, node=node)
    if form.is_valid():
        links.revoke(actor=request.user, node=node)
        return _back(node, "revoked")
    return _one(request, node, revoke_form=form, status=422)


def _all(
    request: HttpRequest,
    *,
    code_form: CodeForm | None = None,
    join_form: JoinForm | None = None,
    rotate_form: RotateForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = selectors_links.links() | {
        "may_manage": may(request.user, "link.manage"),
        "code_form": code_form or CodeForm(),
        "join_form": join_form or JoinForm(),
        "rotate_form": rotate_form or RotateForm(),
        "rotating": rotate_form is not None,
        "pairing_open": code_form is not None or join_form is not None,
    }
    return show(request, "nodes", context, status=status)


def _one(
    request: HttpRequest,
    node: str,
    *,
    confirm_form: ConfirmForm | None = None,
    revoke_form: RevokeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    peer = selectors_links.link(node)
    parked, parked_all = selectors_links.parked(node)
    quarantined, quarantined_all = selectors_links.quarantined(node)
    context = {
        "peer": peer,
        "may_manage": may(request.user, "link.manage"),
        "parked": parked,
        "parked_all": parked_all,
        "quarantined": quarantined,
        "quarantined_all": quarantined_all,
        "confirm_form": confirm_form or ConfirmForm(),
        "clearance_form": ClearanceForm(initial={"cleared": peer["cleared"]}),
        "revoke_form": revoke_form or RevokeForm(node=node),
        "revoking": revoke_form is not None,
    }
    return show(request, "node", context, status=status)


def _back(node: str, done: str) -> HttpResponse:
    response = redirect("node", node) if node else redirect("nodes")
    response["Location"] += f"?done={done}"
    return response

"""What the pages around the desk have in common: the door, the menu, the answer.

Owns: `office_page`, which asks for sign-in and for the verb before a page runs and turns problems
into its status; which pages a role may open, and which of them is its own. Promises: nothing that
these pages show is kept by a browser. Must not know: what a page does.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from realtime.problems import NotAllowed, NotFound, Problem

from ..models import Officer
from ..permissions import may, require
from ..rights import ADMINS


@dataclass(frozen=True)
class Page:
    """An entry of the menu; without a verb it is everybody's."""

    name: str
    title: Any
    verb: str = ""


DESK = Page("desk", _("Desk"))
PAGES = [
    Page("officers", _("Officers"), "officer.manage"),
    Page("audit", _("Audit"), "audit.see"),
    Page("why", _("Who sees what"), "rights.audit"),
    Page("duty", _("Duty log"), "duty.see"),
    Page("roster", _("Roster"), "duty.see"),
    Page("roll-calls", _("Roll call"), "duty.see"),
    Page("handover", _("Handover"), "duty.see"),
    Page("directives", _("Directives"), "directive.see"),
    Page("documents", _("Documents"), "document.see"),
    Page("plans", _("Plans"), "plan.see"),
    Page("tables", _("Tables"), "table.edit"),
    Page("nodes", _("Nodes"), "system.see"),
    Page("account", _("Account")),
]


def add_page(page: Page, *, after: str) -> None:
    """Put a page of an app that stands on this one into the menu, at the start of the process."""
    names = [one.name for one in PAGES]
    if page.name not in names:
        PAGES.insert(names.index(after) + 1, page)


def pages_for(officer: Officer) -> list[Page]:
    """The pages this officer may open; administrators have no desk."""
    desk = () if officer.role in ADMINS else (DESK,)
    return [*desk, *(page for page in PAGES if not page.verb or may(officer, page.verb))]


def home_of(officer: Officer) -> str:
    """Where this officer begins."""
    return reverse(pages_for(officer)[0].name)


def office_page(verb: str = "") -> Callable:
    """Decorator of a page: signed in, allowed, never cached."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @never_cache
        @login_required
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
            try:
                if verb:
                    require(request.user, verb)
                return view(request, *args, **values)
            except NotFound as problem:
                raise Http404 from problem
            except NotAllowed as problem:
                raise PermissionDenied from problem

        return guarded

    return decorate


def sent(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator of an address that a form is sent to and that may answer with a page itself.

    Who comes there by a link (another language, a new sign-in) goes to the page of the form.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return redirect(request.path.rpartition("/")[0])
        return require_POST(view)(request, *args, **values)

    return guarded


def show(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page in its frame; `done` in the address says what was just done."""
    frame = {"pages": pages_for(request.user), "done": request.GET.get("done", "")}
    return render(request, f"pages/{template}.html", frame | context, status=status)


def kept(page: str) -> HttpResponse:
    """Back to a page that says that it was kept."""
    response = redirect(page)
    response["Location"] += "?done=kept"
    return response


def complain(form: forms.Form, problem: Problem) -> None:
    """Put a service's problem on the form, field by field where it says which."""
    for name, message in problem.fields.items():
        form.add_error(name if name in form.fields else None, str(message))
    if not problem.fields:
        form.add_error(None, str(problem.message))


def tried(form: forms.Form, act: Callable[..., object], **said: Any) -> bool:
    """Do it; False, with the service's problem on the form, where that cannot be."""
    try:
        act(**said)
    except Problem as problem:
        complain(form, problem)
        return False
    return True

"""Officers, for the security administrator: find, add, change, lock out, give a new password.

Owns: these pages. Promises: a generated password stands on one answer and nowhere else; a step
that takes something from somebody is a form of its own. Must not know: the rules (services).
"""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from realtime.problems import NotFound, Problem

from ..factor.selectors import factor_of, identity_of
from ..forms import NewOfficerForm, OfficerFilter, OfficerForm
from ..models import Officer
from ..selectors_accounts import officer as find_officer
from ..selectors_accounts import officer_list, sessions_of, tokens_of
from ..services import accounts
from .office import complain, office_page, sent, show
from .sessions import hashing

PER_PAGE = 50


@require_GET
@office_page("officer.manage")
def officers(request: HttpRequest) -> HttpResponse:
    """The list, filtered, one page of it."""
    form = OfficerFilter(request.GET)
    if not form.is_valid():
        return show(request, "officers", {"form": form, "shown": None, "query": ""}, status=422)
    wanted = form.cleaned_data
    found = officer_list(
        text=wanted["q"],
        organisation=wanted["organisation"],
        role=wanted["role"],
        state=wanted["state"],
    )
    shown = Paginator(found, PER_PAGE).get_page(wanted["page"] or 1)
    query = request.GET.copy()
    for name in ("page", "done"):
        query.pop(name, None)
    return show(request, "officers", {"form": form, "shown": shown, "query": query.urlencode()})


@require_http_methods(["GET", "POST"])
@office_page("officer.manage")
def new_officer(request: HttpRequest) -> HttpResponse:
    """Add an officer; the answer shows the password."""
    form = NewOfficerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with hashing:
                made, password = accounts.add_officer(actor=request.user, **form.values())
        except Problem as problem:
            complain(form, problem)
        else:
            return _secret(request, made, password, is_new=True)
    status = 422 if request.method == "POST" else 200
    return show(request, "officer_new", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@office_page("officer.manage")
def officer(request: HttpRequest, pk: int) -> HttpResponse:
    """One officer: what may be changed, and the steps that take something away."""
    one = find(pk)
    form = OfficerForm(request.POST or None, initial=_initial(one))
    if request.method == "POST" and form.is_valid():
        changed = {name: form.values()[name] for name in form.changed_data if name != "rev"}
        try:
            accounts.change_officer(
                actor=request.user, officer=one, rev=form.cleaned_data["rev"], **changed
            )
        except Problem as problem:
            complain(form, problem)
        else:
            return redirect(f"{request.path}?done=kept")
    context = {
        "form": form,
        "one": one,
        "sessions": sessions_of(one),
        "tokens": tokens_of(one),
        "factor": factor_of(one),
        "identity": identity_of(one),
        "myself": one.pk == request.user.pk,
    }
    return show(request, "officer", context, status=422 if request.method == "POST" else 200)


@require_POST
@office_page("officer.manage")
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """Deactivate or reactivate."""
    is_active = request.POST.get("active") == "1"
    accounts.change_officer(actor=request.user, officer=find(pk), is_active=is_active)
    return back_to(pk, "reactivated" if is_active else "deactivated")


@office_page("officer.manage")
@sent
def new_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a generated password; the answer shows it."""
    one = find(pk)
    with hashing:
        password = accounts.reset_password(actor=request.user, officer=one)
    return _secret(request, one, password, is_new=False)


@require_POST
@office_page("officer.manage")
def end_sessions(request: HttpRequest, pk: int) -> HttpResponse:
    """End every session of the officer."""
    accounts.end_all_sessions(actor=request.user, officer=find(pk), address="")
    return back_to(pk, "sessions")


@require_POST
@office_page("officer.manage")
def revoke_tokens(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke every API token of the officer."""
    accounts.revoke_all_tokens(actor=request.user, officer=find(pk))
    return back_to(pk, "tokens")


def find(pk: int) -> Officer:
    """The officer of this address. Raises NotFound."""
    found = find_officer(pk)
    if found is None:
        raise NotFound
    return found


def _initial(one: Officer) -> dict:
    until = one.valid_until
    return {
        "name": one.name,
        "role": one.role,
        "organisation": one.organisation_id,
        "phone": one.phone,
        "valid_until": timezone.localtime(until).date() if until else None,
        "rev": one.rev,
    }


def back_to(pk: int, done: str) -> HttpResponse:
    """To the officer's page, which says what was done."""
    response = redirect("officer", pk)
    response["Location"] += f"?done={done}"
    return response


def _secret(request: HttpRequest, one: Officer, password: str, *, is_new: bool) -> HttpResponse:
    return show(request, "secret", {"one": one, "password": password, "is_new": is_new})

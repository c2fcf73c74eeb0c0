"""The desk of an exercise: the ordinary desk, in the exercise's realm.

Owns: this page, and the files of what was received. Promises: only who takes part here has it; who
looks on has no verbs on it, and nobody has any before it begins and once it is over. Must not know:
what a desk shows.
"""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from emergency import realms
from emergency.selectors import officer_self
from emergency.views.office import office_page, pages_for
from realtime.problems import NotFound

from .. import selectors
from ..selectors_conduct import delivery
from .common import attached_file


@require_GET
@office_page("drill.see")
def received(request: HttpRequest, pk: uuid.UUID, inject: uuid.UUID, sha256: str) -> HttpResponse:
    """A file that came with an inject, to save."""
    found = delivery(request.user, selectors.exercise(request.user, pk), inject)
    return attached_file(found, sha256)


@require_GET
@office_page("drill.see")
def desk(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The desk."""
    exercise = selectors.exercise(request.user, pk)
    bounds = realms.find(exercise.realm)
    stand = bounds.stand(request.user.organisation_id)
    if not stand:
        raise NotFound
    me = officer_self(request.user)
    if stand is realms.Stand.LOOK or not bounds.open:
        me["verbs"] = []
    context = {
        "me": me | {"everywhere": me["everywhere"] or stand is not realms.Stand.ACT},
        "pages": pages_for(request.user)[1:],
        "exercise": exercise,
        "realm_nodes": sorted(bounds.nodes),
    }
    return render(request, "desk.html", context)

"""The report of an exercise: as a page, as a document, as a replay in one file.

Owns: these addresses. Promises: who may read the score may read them, nobody else; every file says
演练 in its name. Must not know: what a report says (drills.report).
"""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from emergency.documents.render import TYPE
from emergency.views.office import office_page, show
from gis import sketch

from .. import selectors
from ..models import Exercise
from ..report import document
from ..report.content import Report
from ..report.content import report as content_of
from ..scoring.replay import at_moment
from ..selectors_conduct import clock_of
from ..selectors_improvement import is_over
from ..selectors_score import timeline_read_by


@require_GET
@office_page("drill.see")
def report(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The page."""
    exercise, found = _read(request, pk)
    places = _places(found)
    context = {
        "exercise": exercise,
        "report": found,
        "clock": clock_of(exercise),
        "over": is_over(exercise),
        "places": [place["name"] for place in places],
        "map": sketch.drawing(places),
    }
    return show(request, "report", context)


@require_GET
@office_page("drill.see")
def as_document(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The report, to be edited and signed."""
    exercise, found = _read(request, pk)
    places = _places(found)
    names = [place["name"] for place in places]
    content = document.write(
        found, sketch.picture(places, exercise=True), names, clock_of(exercise)
    )
    return _file(content, TYPE, _("Exercise %s report.docx") % exercise.title)


@require_GET
@office_page("drill.see")
def as_replay(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The replay, to be mailed."""
    exercise, found = _read(request, pk)
    write = import_string("drills.report.replay_file.write")  # its library loads slowly
    name = _("Exercise %s replay.html") % exercise.title
    return _file(write(found), "text/html; charset=utf-8", name)


def _read(request: HttpRequest, pk: uuid.UUID) -> tuple[Exercise, Report]:
    exercise = selectors.exercise(request.user, pk)
    return exercise, content_of(exercise, timeline_read_by(request.user, exercise))


def _places(found: Report) -> list[dict[str, Any]]:
    """Incidents as they stood at the end, those that have a place."""
    states = at_moment(found.moments, max((one.at for one in found.moments), default=0))
    return [
        {"name": f"{state['number']} {state['title']}", "lon": state["lon"], "lat": state["lat"]}
        for state in states.values()
        if state["lon"] is not None
    ]


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response

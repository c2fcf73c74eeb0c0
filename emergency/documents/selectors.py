"""Documents that were issued, whether they are as they were issued, and templates.

Owns: reads. Promises: a document is for the organisation that issued it, and while its incident may
be seen; a file that is not the one that was issued is never handed out. Must not know: how one is
made.
"""

import hashlib
import uuid
from typing import Any

import orjson
from django.conf import settings
from django.db.models import Q, QuerySet

from realtime import blobs
from realtime.models import Envelope
from realtime.problems import NotFound

from .. import realms
from ..models import Document, DocumentKind, DocumentTemplate, Incident, Officer
from ..permissions import may, require
from ..realms import REAL
from ..selectors import visible_incidents
from . import events, shipped
from .sources import MAKERS

LISTED = 200


def documents(
    officer: Officer, *, kind: str = "", q: str = "", incident: uuid.UUID | None = None
) -> tuple[list[Document], int]:
    """Those that may be read, the newest first, and how many more there are."""
    found = _readable(officer)
    if kind:
        found = found.filter(kind=kind)
    if incident:
        found = found.filter(incident=incident)
    if q:
        found = found.filter(Q(title__icontains=q) | Q(shown_number__icontains=q))
    return list(found[:LISTED]), max(0, found.count() - LISTED)


def documents_about(officer: Officer, incident: Incident) -> list[Document]:
    """All that were issued about an incident and may be read, the oldest first."""
    return list(_readable(officer).filter(incident=incident.pk).order_by("recorded_at", "pk"))


def document(officer: Officer, pk: uuid.UUID) -> Document:
    """One of them. Raises NotFound."""
    found = _readable(officer).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def _readable(officer: Officer) -> QuerySet[Document]:
    """Of the own organisation; about an incident that may be seen, or none; of a kind that may."""
    require(officer, "document.see")
    kinds = [kind for kind, (_maker, verb) in MAKERS.items() if may(officer, verb)]
    mine = Document.objects.filter(organisation=officer.organisation_id, kind__in=kinds)
    used = set(mine.exclude(realm=REAL).values_list("realm", flat=True))
    allowed = Q(realm=REAL, incident=None)
    for realm in (REAL, *(one for one in used if realms.may_see(one, officer.organisation_id))):
        allowed |= Q(realm=realm, incident__in=visible_incidents(realm, officer).values("pk"))
    return mine.filter(allowed)


def faults(one: Document) -> list[str]:
    """How a document differs from what was issued: `file` is another, `gone`, `row` differs from
    the log, `log` does not know it. Empty for one that is as it was."""
    found = []
    content = content_of(one.sha256)
    if content is None:
        found.append("gone")
    elif hashlib.sha256(content).hexdigest() != one.sha256:
        found.append("file")
    told = Envelope.objects.filter(subject=f"document/{one.pk}", source=settings.NODE_ID).first()
    if told is None or told.public is None:
        found.append("log")
    elif orjson.loads(bytes(told.public)) != events.document_data(one):
        found.append("row")
    return found


def content_of(sha256: str) -> bytes | None:
    """The bytes of a file, None where it is not there."""
    try:
        return blobs.path_of(sha256).read_bytes()
    except FileNotFoundError:
        return None


def incident_of(officer: Officer, one: Document) -> Incident | None:
    """The incident that it is about, as far as it may be seen."""
    return visible_incidents(one.realm, officer).filter(pk=one.incident).first()


def kinds() -> dict[str, DocumentKind]:
    """Kinds by their codes, as the office calls them."""
    return {one.code: one for one in DocumentKind.objects.filter(code__in=MAKERS)}


def templates() -> list[dict[str, Any]]:
    """Of each kind: {kind, current (None: the one that comes with the platform), earlier}."""
    rows = list(DocumentTemplate.objects.all())
    return [
        {
            "kind": kind,
            "current": next((one for one in rows if one.kind == code and one.in_force), None),
            "earlier": [one for one in rows if one.kind == code and not one.in_force],
        }
        for code, kind in kinds().items()
    ]


def template_in_force(kind: str) -> DocumentTemplate | None:
    """The office's template of a kind; None for the one that comes with the platform."""
    return DocumentTemplate.objects.filter(kind=kind, in_force=True).first()


def template_content(kind: str, one: DocumentTemplate | None) -> bytes:
    """The bytes of a template. Raises NotFound for one whose file is gone or another."""
    if kind not in MAKERS:
        raise NotFound
    if one is None:
        return shipped.template(kind)
    content = content_of(one.sha256)
    if content is None or hashlib.sha256(content).hexdigest() != one.sha256:
        raise NotFound
    return content

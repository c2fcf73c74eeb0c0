"""Documents issued, templates put in force.

Owns: every write of them. Promises: a number is given with the document that bears it or not at
all, and follows the last of its realm, kind, organisation and year; the file is on disk before the
row is; the same id twice is one document; a template that cannot be filled in is never in force;
nothing waits for the making of a document but who asked for it. Must not know: HTTP, what is said.
"""

import hashlib
import threading
import uuid
from datetime import UTC, datetime
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gis import sketch
from realtime import blobs, log
from realtime.problems import Conflict, Invalid, NotFound

from ..models import Document, DocumentKind, DocumentTemplate, NumberSeries, Officer
from ..permissions import require, require_realm
from ..realms import REAL, series_of
from ..selectors import signed
from ..services.numbers import BESIDE, lock_series
from ..services.once import already
from . import events, render, samples, selectors
from .sources import MAKERS, MARK, Source, source, with_head

TRIES = 5  # where other processes of the node issue too
_turn = threading.Lock()  # in this process they wait for each other


def issue_document(
    *,
    actor: Officer,
    kind: str,
    of: str,
    recipients: str,
    copies: str = "",
    id: uuid.UUID | None = None,
) -> Document:
    """Make a document of this kind about what `of` names, number it and keep it.

    Raises NotFound for what is not there or not this node's to tell, NotAllowed, Invalid (a kind
    out of use, a template that cannot be filled in), Conflict where others took every number that
    it was made with, SameIdOtherContent.
    """
    found = source(actor, kind, of)
    require_realm(actor, found.realm)
    said = {"kind": kind, "of": found.of, "recipients": recipients, "copies": copies}
    if known := already(Document, id, author=signed(actor)["author"], **said):
        return known
    row = Document(
        id=id or uuid.uuid4(),
        home=settings.NODE_ID,
        realm=found.realm,
        organisation=actor.organisation_id,
        title=found.title,
        incident=found.incident,
        **said,
        **signed(actor),
    )
    word = DocumentKind.objects.filter(pk=kind, in_use=True).first()
    if word is None:
        raise Invalid(_("Documents of this kind are not in use."))
    with _turn:
        for _try in range(TRIES):
            content = _made(row, found, word, actor)
            if _keep(row, content):
                return row
            if known := already(Document, id, author=row.author, **said):
                return known
    raise Conflict(_("Others are issuing documents at the same time. Try again."))


def _series(row: Document) -> str:
    return f"{row.kind}/{row.organisation}"


def _made(row: Document, found: Source, word: DocumentKind, actor: Officer) -> bytes:
    """The file, with the number that is next as long as nobody takes it; outside of a transaction,
    since it takes a while."""
    now = datetime.now(UTC)
    row.recorded_at, local = now, timezone.localtime(now)
    row.year = local.year
    series = {"realm": series_of(row.realm), "kind": _series(row), "year": row.year}
    last = NumberSeries.objects.filter(**series).values_list("last", flat=True).first() or 0
    row.number = last + 1
    number = word.number_form.replace("{year}", str(row.year)).replace("{n}", str(row.number))
    row.shown_number = number if row.realm == REAL else f"{BESIDE}{number}"
    to = {"recipients": row.recipients, "copies": row.copies}
    row.said = with_head(found, actor, kind=word.name, **to) | {
        "number": row.shown_number,
        "year": str(row.year),
        "date": f"{local:%Y年%m月%d日}",
        "time": f"{local:%H:%M}",
    }
    mark = row.said["mark"]
    template = selectors.template_in_force(row.kind)
    row.template = template.pk if template else None
    picture = sketch.picture(found.places, exercise=bool(mark)) if found.places else b""
    content = selectors.template_content(row.kind, template)
    return render.filled(
        content, row.said, author=actor.organisation.name, mark=mark, picture=picture
    )


def _keep(row: Document, content: bytes) -> bool:
    """Number and keep it; False where somebody else has taken its number meanwhile."""
    row.sha256, row.size = hashlib.sha256(content).hexdigest(), len(content)
    blobs.keep(row.sha256, content)
    with transaction.atomic():
        series = lock_series(realm=row.realm, kind=_series(row), at=row.recorded_at)
        if series.last + 1 != row.number or Document.objects.filter(pk=row.pk).exists():
            return False
        series.last = row.number
        series.save(update_fields=["last"])
        row.save(force_insert=True)
        log.append(
            events.DOCUMENT_ISSUED,
            subject=f"document/{row.pk}",
            actor=row.author,
            realm=row.realm,
            rev=1,
            public=events.document_data(row),
        )
    return True


def set_template(*, actor: Officer, kind: str, file: BinaryIO, note: str) -> DocumentTemplate:
    """Put a template of the office in force, after it was filled in with an example. Raises
    Invalid with the tag that cannot be, TooLarge, NotFound."""
    require(actor, "table.edit")
    if kind not in MAKERS:
        raise NotFound
    content = file.read(render.LIMIT + 1)
    render.filled(
        content,
        samples.said(kind),
        author="",
        mark=MARK,
        picture=sketch.picture(samples.places(), exercise=True),
    )
    sha256 = hashlib.sha256(content).hexdigest()
    blobs.keep(sha256, content)
    with transaction.atomic():
        log.lock()
        earlier = DocumentTemplate.objects.filter(kind=kind)
        last = earlier.order_by("-version").values_list("version", flat=True).first() or 0
        earlier.filter(in_force=True).update(in_force=False)
        row = DocumentTemplate.objects.create(
            kind=kind,
            version=last + 1,
            note=note,
            sha256=sha256,
            size=len(content),
            recorded_at=datetime.now(UTC),
            **signed(actor),
        )
        _tell(actor, kind, row)
    return row


def reset_template(*, actor: Officer, kind: str) -> None:
    """Take the template that comes with the platform again; nothing where it is in force."""
    require(actor, "table.edit")
    if kind not in MAKERS:
        raise NotFound
    with transaction.atomic():
        log.lock()
        if DocumentTemplate.objects.filter(kind=kind, in_force=True).update(in_force=False):
            _tell(actor, kind, None)


def _tell(actor: Officer, kind: str, row: DocumentTemplate | None) -> None:
    log.append(
        events.TEMPLATE_SET,
        subject=f"template/{kind}",
        actor=signed(actor)["author"],
        realm=REAL,
        rev=1,
        public=events.template_data(kind, row),
    )

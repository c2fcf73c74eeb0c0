"""Timeline entries: written, corrected, struck; never deleted.

Owns: every write to an entry. Promises: a correction is a new entry that points to the old one,
which stays readable; an entry is corrected or struck once. Must not know: requests.
"""

import uuid
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from realtime import log
from realtime.problems import Invalid, NotAllowed
from realtime.registry import EventType

from .. import events
from ..errors import WrongState
from ..models import Entry, Incident, Officer
from ..permissions import require, require_home
from ..selectors import actor_text, signed
from .once import already


def write_entry(
    *,
    actor: Officer,
    incident: Incident,
    text: str,
    id: uuid.UUID | None = None,
    occurred_at: datetime | None = None,
) -> Entry:
    """Add a line to the timeline; the same id twice is one line."""
    require(actor, "entry.write", incident)
    with transaction.atomic():
        if known := _known(id, actor, incident, text, corrects=None):
            return known
        entry = _insert(actor, incident, text, id, occurred_at)
        _append(events.ENTRY_WRITTEN, entry, actor)
    return entry


def correct_entry(*, actor: Officer, entry: Entry, text: str, id: uuid.UUID | None = None) -> Entry:
    """Write a correcting entry; both stay. Raises WrongState when it was corrected or struck."""
    require(actor, "entry.write", entry.incident)
    require_home(entry)
    if entry.text == text:
        raise Invalid(fields={"text": _("The text has not changed.")})
    with transaction.atomic():
        if known := _known(id, actor, entry.incident, text, corrects=entry):
            return known
        old = _untouched(entry)
        newer = _insert(actor, old.incident, text, id, old.occurred_at, corrects=old)
        old.rev += 1
        old.save(update_fields=["rev"])
        _append(events.ENTRY_CORRECTED, old, actor)
        _append(events.ENTRY_WRITTEN, newer, actor)
    return newer


def strike_entry(*, actor: Officer, entry: Entry, reason: str) -> Entry:
    """Strike a line through; its text stays readable. Only its author's organisation may."""
    require(actor, "entry.write", entry.incident)
    require_home(entry)
    if not reason.strip():
        raise Invalid(fields={"reason": _("Say why.")})
    if entry.author != actor_text(actor) and actor.role not in ("shift_leader", "emergency_office"):
        raise NotAllowed(_("An entry is struck by its author or the shift leader."))
    with transaction.atomic():
        old = _untouched(entry)
        old.struck_at, old.struck_by, old.struck_reason = datetime.now(UTC), actor.name, reason
        old.rev += 1
        old.save(update_fields=["struck_at", "struck_by", "struck_reason", "rev"])
        _append(events.ENTRY_STRUCK, old, actor)
    return old


def _known(
    id: uuid.UUID | None, actor: Officer, incident: Incident, text: str, corrects: Entry | None
) -> Entry | None:
    """The entry that this id was used for; the same id at the same time waits here."""
    Incident.objects.select_for_update(no_key=True).only("pk").get(pk=incident.pk)
    said = {"text": text, "author": actor_text(actor), "corrects_id": corrects and corrects.pk}
    return already(Entry, id, incident_id=incident.pk, **said)


def _untouched(entry: Entry) -> Entry:
    fresh = Entry.objects.select_for_update(no_key=True).select_related("incident").get(pk=entry.pk)
    if fresh.struck_at or Entry.objects.filter(corrects=fresh).exists():
        raise WrongState
    return fresh


def _insert(
    actor: Officer,
    incident: Incident,
    text: str,
    id: uuid.UUID | None,
    occurred_at: datetime | None,
    corrects: Entry | None = None,
) -> Entry:
    now = datetime.now(UTC)
    return Entry.objects.create(
        id=id or uuid.uuid4(),
        incident=incident,
        home=settings.NODE_ID,
        realm=incident.realm,
        text=text,
        **signed(actor),
        occurred_at=occurred_at or now,
        recorded_at=now,
        corrects=corrects,
    )


def _append(kind: EventType, entry: Entry, actor: Officer) -> None:
    log.append(
        kind,
        subject=f"entry/{entry.pk}",
        about=f"incident/{entry.incident_id}",
        actor=actor_text(actor),
        realm=entry.realm,
        rev=entry.rev,
        public=events.entry_data(entry),
        relay="about",
    )

"""A shift is handed over and taken over.

Owns: every write of it. Promises: nobody signs or takes over while a report that is overdue has no
note; who takes over is another than who hands over, and reads what was signed or what has become
overdue since; what was taken stays as it was. Must not know: requests.
"""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from realtime import log
from realtime.problems import Invalid, NotAllowed
from realtime.registry import EventType

from ..errors import StaleRevision, WrongState
from ..models import Handover, Officer
from ..permissions import require
from ..realms import REAL
from ..roster.selectors import on_duty
from ..selectors import actor_text, signed
from . import events
from .open_items import Item, needs_note, open_items


def sign_handover(
    *,
    actor: Officer,
    notes: Mapping[str, str],
    warnings: str = "",
    faults: str = "",
    sensitive: str = "",
    remarks: str = "",
    id: uuid.UUID | None = None,
) -> Handover:
    """Hand over what is open now; `notes` say by key why a report is overdue. One of the same
    officer that waits is signed anew; the form of one that was taken over meanwhile (`id`) makes no
    other. Raises Invalid with the keys that lack a note, WrongState
    where another's waits to be taken over."""
    require(actor, "duty.write")
    with transaction.atomic():
        log.lock()
        now = datetime.now(UTC)
        row = Handover.objects.filter(home=settings.NODE_ID, state=Handover.State.SIGNED).first()
        if row and row.giver != actor_text(actor):
            raise WrongState(_("The handover of %s waits to be taken over.") % row.giver_name)
        if row is None and id and Handover.objects.filter(pk=id).exists():
            raise WrongState(_("It was taken over already."))
        row = row or Handover(id=id or uuid.uuid4(), home=settings.NODE_ID)
        row.items, row.more = open_items(actor, now)
        row.notes = _notes(row.items, notes, {})
        shift, who = on_duty(settings.NODE_ID, now), signed(actor)
        row.shift = shift.pk if shift else None
        row.giver, row.giver_name, row.given_at = who["author"], who["author_name"], now
        row.warnings, row.faults = warnings, faults
        row.sensitive, row.remarks = sensitive, remarks
        _keep(events.HANDOVER_SIGNED, row, row.giver)
    return row


def take_over_shift(
    *, actor: Officer, handover: Handover, rev: int, notes: Mapping[str, str]
) -> Handover:
    """Take over what another has handed over; `notes` for reports that became overdue since. Raises
    NotAllowed for who has handed over, StaleRevision, WrongState, Invalid as `sign_handover`."""
    require(actor, "duty.write")
    with transaction.atomic():
        log.lock()
        now = datetime.now(UTC)
        row = Handover.objects.get(pk=handover.pk)
        who = signed(actor)
        if row.state != Handover.State.SIGNED or row.home != settings.NODE_ID:
            raise WrongState(_("It was taken over already."))
        if row.giver.partition("@")[0] == actor.username:
            raise NotAllowed(_("Another officer takes over."))
        if row.rev != rev:
            raise StaleRevision
        since = [one for one in open_items(actor, now)[0] if needs_note(one)]
        row.notes = row.notes | _notes(since, notes, row.notes)
        known = {one["key"] for one in row.items if needs_note(one)}
        added = [one for one in since if one["key"] not in known]
        gone = {one["key"] for one in added}
        row.items = added + [one for one in row.items if one["key"] not in gone]
        row.state, row.taken_at = Handover.State.TAKEN, now
        row.taker, row.taker_name = who["author"], who["author_name"]
        _keep(events.HANDOVER_TAKEN, row, row.taker)
    return row


def _notes(items: list[Item], given: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """A note for every report that is overdue."""
    owed = [one["key"] for one in items if needs_note(one)]
    said = {key: given.get(key, "").strip() or known.get(key, "") for key in owed}
    if lacking := [key for key, text in said.items() if not text]:
        raise Invalid(fields={key: _("Say why it is overdue.") for key in lacking})
    return said


def _keep(kind: EventType, row: Handover, actor: str) -> None:
    row.rev += 1
    row.save()
    log.append(
        kind,
        subject=f"handover/{row.pk}",
        actor=actor,
        realm=REAL,
        rev=row.rev,
        public=events.handover_data(row),
    )

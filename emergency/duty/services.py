"""The duty log: written, corrected, never changed.

Owns: every write of it. Promises: what was written stays as it was, also where it was wrong: what
corrects it is an entry of its own, and an entry is corrected once; the same id twice is one entry;
nothing is written of what has not happened yet. Must not know: requests.
"""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from realtime import log
from realtime.problems import Invalid

from ..errors import WrongState
from ..models import DutyChannel, DutyEntry, Officer
from ..permissions import require
from ..realms import REAL
from ..selectors import signed, visible_incidents
from ..services.once import already
from . import events

AHEAD = timedelta(minutes=1)  # by which the clock of a browser may be before ours


def log_duty(
    *,
    actor: Officer,
    at: datetime,
    channel: str,
    direction: str,
    party: str,
    summary: str,
    phone: str = "",
    handling: str = "",
    number: str = "",
    corrects: DutyEntry | None = None,
    id: uuid.UUID | None = None,
) -> DutyEntry:
    """Write down what came in or went out; `number` is of an incident, `corrects` an entry that
    was wrong. Raises Invalid (no such channel in use, no such incident, a time to come, nothing
    changed), WrongState for an entry that was corrected already, SameIdOtherContent."""
    require(actor, "duty.write")
    said = {
        "at": at,
        "channel": channel,
        "direction": direction,
        "party": party,
        "phone": phone,
        "summary": summary,
        "handling": handling,
        "number": number,
    }
    with transaction.atomic():
        log.lock()  # who sends the same at the same time waits here
        if known := already(
            DutyEntry, id, author=signed(actor)["author"], corrects_id=_pk(corrects), **said
        ):
            return known
        if corrects is not None:
            _require_wrong(corrects, said)
        now = datetime.now(UTC)
        if at > now + AHEAD:
            raise Invalid(fields={"at": _("This has not happened yet.")})
        entry = DutyEntry(
            id=id or uuid.uuid4(),
            home=settings.NODE_ID,
            channel_name=_channel(channel, corrects).name,
            corrects=corrects,
            recorded_at=now,
            incident=_incident(actor, number, corrects),
            **said,
            **signed(actor),
        )
        entry.save(force_insert=True)
        log.append(
            events.DUTY_LOGGED,
            subject=f"duty/{entry.pk}",
            actor=entry.author,
            realm=REAL,
            rev=1,
            public=events.entry_data(entry),
            personal=events.entry_personal(entry),
        )
    return entry


def _pk(entry: DutyEntry | None) -> uuid.UUID | None:
    return entry.pk if entry else None


def _require_wrong(old: DutyEntry, said: dict[str, Any]) -> None:
    if DutyEntry.objects.filter(corrects=old).exists():
        raise WrongState(_("This entry was corrected already. Correct the newer one."))
    if all(getattr(old, name) == value for name, value in said.items()):
        raise Invalid(fields={"summary": _("Nothing has changed.")})


def _channel(code: str, corrects: DutyEntry | None) -> DutyChannel:
    """The channel, in use now or when what is corrected was written."""
    found = DutyChannel.objects.filter(pk=code).first()
    if found is None or not (found.in_use or (corrects and corrects.channel == code)):
        raise Invalid(fields={"channel": _("There is no such channel.")})
    return found


def _incident(actor: Officer, number: str, corrects: DutyEntry | None) -> uuid.UUID | None:
    """Which incident this is about; that of what is corrected may not be here any more."""
    if not number:
        return None
    if corrects and corrects.number == number:
        return corrects.incident
    found = visible_incidents(REAL, actor).filter(number=number).values_list("pk", flat=True)
    if not found:
        raise Invalid(fields={"number": _("There is no incident of this number.")})
    return found[0]

"""Revisions of an incident: its row locked, saved as the next, appended to the log.

Owns: these steps of a write. Promises: part of the caller's transaction; what was seen before is
not written over. Must not know: what changes, who may change it.
"""

from django.utils.translation import gettext as _

from realtime import log
from realtime.registry import EventType

from .. import events
from ..errors import StaleRevision, WrongState
from ..models import Incident, Officer
from ..selectors import actor_text, withheld
from ..states import OPEN


def locked(incident: Incident, rev: int | None = None, into: Incident | None = None) -> Incident:
    """The row as it is now, locked; `into` is locked with it and must be open."""
    wanted = [incident.pk, *([into.pk] if into else [])]
    rows = Incident.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    found = {row.pk: row for row in rows}
    if rev is not None and found[incident.pk].rev != rev:
        raise StaleRevision
    if into and found[into.pk].state not in OPEN:
        raise WrongState(_("The other incident is not open any more."))
    return found[incident.pk]


def keep(incident: Incident) -> None:
    """Save it as its next revision; part of the caller's transaction."""
    incident.rev += 1
    incident.save()


def append(kind: EventType, incident: Incident, actor: Officer, *, home: str = "") -> None:
    """Append the incident as it is now; part of the caller's transaction. `home` as `log.append`
    has it. A personal part that this node never had stays as others have it."""
    log.append(
        kind,
        subject=f"incident/{incident.pk}",
        actor=actor_text(actor),
        realm=incident.realm,
        term=incident.term,
        rev=incident.rev,
        public=events.incident_data(incident),
        personal=None if withheld([incident]) else events.incident_personal(incident),
        audience=incident.audience,
        relay="parent",
        home=home,
    )

"""Which incident another came of.

Owns: that write. Promises: as `services/incidents.py`; nothing comes of itself, as far as can be
seen when it is written: two who write at once can make a circle, which is told like anything.
Must not know: what a chain means for a response.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from realtime.problems import Invalid

from .. import events
from ..errors import WrongState
from ..models import Incident, Officer
from ..permissions import require, require_home
from ..services.revisions import append, keep, locked
from ..states import State
from .selectors import ancestors


def set_parent(
    *, actor: Officer, incident: Incident, rev: int, parent: Incident | None
) -> Incident:
    """Say that an incident came of another, or of none. Raises StaleRevision, WrongState
    (archived), Invalid for one of another realm, itself, or one that came of it."""
    require(actor, "incident.edit", incident)
    require_home(incident)
    if parent and parent.realm != incident.realm:
        raise Invalid(fields={"parent": _("It belongs to another exercise, or to none.")})
    with transaction.atomic():
        incident = locked(incident, rev)
        if incident.state == State.ARCHIVED:
            raise WrongState
        if parent and incident.pk in {parent.pk, *ancestors(parent)}:
            raise Invalid(fields={"parent": _("It came of this incident itself.")})
        if incident.parent_id == (parent.pk if parent else None):
            return incident
        incident.parent = parent
        keep(incident)
        append(events.INCIDENT_CHANGED, incident, actor)
    return incident

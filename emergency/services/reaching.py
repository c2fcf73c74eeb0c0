"""To whom an incident is shown by a person.

Owns: both steps. Promises: as `services/incidents.py`; what another node is home of is shown on
this node alone, and its own data stay as they are. Must not know: rules, which show by themselves.
"""

from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from realtime.problems import Invalid

from .. import events
from ..errors import NotHomeNode, WrongState
from ..models import Incident, Officer, Organisation, Reach
from ..permissions import require
from ..realms import may_see
from ..showing_events import SHOWING_BEGUN, SHOWING_ENDED
from . import notes
from .revisions import append, keep, locked

SHOWN = {Reach.Ground.SHARED, Reach.Ground.HERE}  # by a person, who can end it


def open_to(*, actor: Officer, incident: Incident, organisation: Organisation) -> Incident:
    """Show an incident to one more organisation of this node; harmless when it was shown it.
    Raises Invalid for one that does not see the realm of the incident.

    What another node is home of is shown on this node alone: its own data stay as they are.
    """
    require(actor, "incident.share", incident)
    if not may_see(incident.realm, organisation.pk):
        message = _("This organisation takes no part in the exercise here.")
        raise Invalid(fields={"code": message})
    with transaction.atomic():
        incident = locked(incident)
        ours = incident.home == settings.NODE_ID
        now = incident.reaches.filter(organisation=organisation.pk, ended_at=None)
        if now.filter(ground__in=SHOWN).exists():
            return incident
        Reach.objects.update_or_create(
            incident=incident,
            organisation=organisation.pk,
            ground=Reach.Ground.SHARED if ours else Reach.Ground.HERE,
            defaults={"ended_at": None},
        )
        if ours:
            keep(incident)
            append(events.INCIDENT_OPENED, incident, actor)
        else:
            notes.append(SHOWING_BEGUN, incident, actor, organisation=organisation.pk)
    return incident


def close_to(*, actor: Officer, incident: Incident, organisation: Organisation) -> Incident:
    """Stop showing an incident to an organisation that was shown it.

    Raises WrongState where the organisation has it on another ground: it wrote it, or the
    incident lies in its area; NotHomeNode where another node shows it.
    """
    require(actor, "incident.share", incident)
    with transaction.atomic():
        incident = locked(incident)
        reaches = incident.reaches.filter(organisation=organisation.pk, ended_at=None)
        grounds = set(reaches.values_list("ground", flat=True))
        if grounds - SHOWN:
            raise WrongState(_("It lies in the area of this organisation, or was written there."))
        if Reach.Ground.SHARED in grounds and incident.home != settings.NODE_ID:
            raise NotHomeNode
        reaches.update(ended_at=datetime.now(UTC))
        if Reach.Ground.SHARED in grounds:
            keep(incident)
            append(events.INCIDENT_CLOSED_TO, incident, actor)
        if Reach.Ground.HERE in grounds:
            notes.append(SHOWING_ENDED, incident, actor, organisation=organisation.pk)
    return incident

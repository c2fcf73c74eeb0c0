"""The home of an incident: handed over by the node that has it, or taken over from above.

Owns: both steps. Promises: a new term begins with an envelope of the present home, or of the node
above it while it is cut off, that names the next; nothing is handed over to a node that cannot be
reached; what the old home writes afterwards in the old term is kept and never in force. Must not
know: how it is checked elsewhere (realtime.link).
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from realtime.link import sharing
from realtime.models import Peer
from realtime.problems import Conflict, Invalid
from realtime.registry import EventType

from .. import events, realms
from ..errors import StaleRevision
from ..models import Incident, Officer
from ..permissions import require, require_home
from ..selectors import actor_text
from .revisions import append

CUT_OFF = timedelta(minutes=1)  # without a word


def hand_over(*, actor: Officer, incident: Incident, rev: int, node: str) -> Incident:
    """Let a linked node be in charge of this incident from now on; it is shared with it first.

    Raises NotHomeNode, StaleRevision, Invalid for a node that is not linked, Conflict while its
    link is down: nobody could change the incident until it is back.
    """
    require(actor, "incident.share", incident)
    require_home(incident)
    next_home = _peers().filter(node=node).first()
    if next_home is None:
        raise Invalid(fields={"node": _("There is no such node.")})
    if not realms.may_go(incident.realm, node):
        raise Invalid(fields={"node": _("That node takes no part in the exercise.")})
    if _is_cut_off(next_home):
        raise Conflict(
            _("That node cannot be reached: until it is back nobody could change the incident.")
        )
    with transaction.atomic():
        incident = Incident.objects.select_for_update().get(pk=incident.pk)
        if incident.rev != rev:
            raise StaleRevision
        thing = f"incident/{incident.pk}"
        if not sharing.Sharing.of([thing]).has(thing, node):
            sharing.grant(thing=thing, node=node, actor=actor_text(actor))
        _next_term(events.INCIDENT_HANDED_OVER, incident, node, actor)
    return incident


def take_over(*, actor: Officer, incident: Incident) -> Incident:
    """Be in charge of an incident whose home, a node below, is cut off.

    Raises Conflict while the home can be asked, or where it is not below this node.
    """
    require(actor, "incident.share", incident)
    home = _peers().filter(node=incident.home, upper=False).first()
    if home is None:
        raise Conflict(_("Only an incident of a node below this one can be taken over."))
    if not _is_cut_off(home):
        raise Conflict(_("That node can be reached: ask it."))
    with transaction.atomic():
        incident = Incident.objects.select_for_update().get(pk=incident.pk)
        if incident.home != home.node:
            raise StaleRevision
        _next_term(events.INCIDENT_TAKEN_OVER, incident, settings.NODE_ID, actor)
    return incident


def _is_cut_off(peer: Peer) -> bool:
    heard = peer.heard_at
    return peer.linked_at is None or heard is None or datetime.now(UTC) - heard >= CUT_OFF


def _peers():
    return Peer.objects.filter(revoked_at=None).exclude(confirmed_at=None)


def _next_term(kind: EventType, incident: Incident, home: str, actor: Officer) -> None:
    incident.home, incident.term, incident.rev = home, incident.term + 1, incident.rev + 1
    incident.save()
    append(kind, incident, actor, home=home)

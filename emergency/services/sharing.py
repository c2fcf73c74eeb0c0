"""Which nodes hold an incident: shared by hand, withdrawn, and the rules for new ones.

Owns: the officer's side of sharing. Promises: permission once at the door; a share that has to
travel by way of the node above is given to that node too. Must not know: how a share travels
(realtime.link), requests.
"""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from realtime.link import sharing
from realtime.models import NodeKey, Peer, Share
from realtime.problems import Invalid, NotFound

from ..models import Incident, Officer, SharingRule
from ..permissions import require
from ..selectors import actor_text


def share_incident(
    *, actor: Officer, incident: Incident, node: str, until: datetime | None = None
) -> Share:
    """Let one more node hold an incident and all that is written about it.

    Raises Invalid for a node that is not known, Conflict where another node has to give it.
    """
    require(actor, "incident.share", incident)
    if node == settings.NODE_ID or not NodeKey.objects.filter(node=node, retired_at=None).exists():
        raise Invalid(fields={"node": _("There is no such node.")})
    thing, by = f"incident/{incident.pk}", actor_text(actor)
    with transaction.atomic():
        for step in [*_way_to(node), node]:
            known = sharing.Sharing.of([thing])
            if step == node or not known.has(thing, step):
                share = sharing.grant(thing=thing, node=step, actor=by, until=until)
    return share


def _way_to(node: str) -> list[str]:
    """The nodes between this one and that: none, or the one above."""
    if Peer.objects.filter(node=node, revoked_at=None).exists():
        return []
    return list(Peer.objects.filter(upper=True, revoked_at=None).values_list("node", flat=True))


def unshare_incident(*, actor: Officer, incident: Incident, node: str) -> Share:
    """Send nothing more of it to that node, which is asked to erase what it has."""
    require(actor, "incident.share", incident)
    given = Share.objects.filter(thing=f"incident/{incident.pk}", node=node, ended_at=None)
    share = given.filter(by=settings.NODE_ID).first()
    if share is None:
        raise NotFound
    return sharing.end(share=share, actor=actor_text(actor))


def share_all_with(*, node: str, source: str) -> None:
    """The rule that a new pairing begins with: the node above holds every new incident."""
    SharingRule.objects.get_or_create(node=node, type_prefix="", defaults={"source": source})

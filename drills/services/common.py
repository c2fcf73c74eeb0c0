"""What every write to an exercise begins and ends with.

Owns: the door to an exercise that this node may write, and which nodes hold one of its things.
Promises: a row is locked before it is read; a node that may hold a thing no more is asked to erase
it. Must not know: what is written.
"""

from collections.abc import Collection

from django.conf import settings
from django.utils.translation import gettext as _

from emergency.errors import NotHomeNode, StaleRevision, WrongState
from emergency.models import Officer
from emergency.permissions import require
from emergency.selectors import actor_text
from realtime.link import sharing
from realtime.models import Share

from .. import events
from ..models import Exercise
from ..models.exercises import STAFF


def locked(actor: Officer, exercise: Exercise, rev: int | None = None) -> Exercise:
    """The exercise as it is now, to be written by this node. Raises NotAllowed, NotHomeNode,
    StaleRevision where another than `rev` is there, WrongState."""
    require(actor, "drill.schedule")
    if exercise.home != settings.NODE_ID:
        raise NotHomeNode
    found = Exercise.objects.select_for_update().get(pk=exercise.pk)
    if rev is not None and found.rev != rev:
        raise StaleRevision
    if found.state != Exercise.State.SCHEDULED:
        raise WrongState(_("Only an exercise that is scheduled is changed."))
    return found


def hold(thing: str, nodes: Collection[str], actor: Officer) -> None:
    """Let these nodes hold the thing, and no others."""
    wanted = set(nodes) - {settings.NODE_ID}
    shares = Share.objects.filter(thing=thing, ended_at=None, by=settings.NODE_ID)
    held = {share.node: share for share in shares}
    for node in sorted(wanted - held.keys()):
        sharing.grant(thing=thing, node=node, actor=actor_text(actor))
    for node in sorted(held.keys() - wanted):
        sharing.end(share=held[node], actor=actor_text(actor))


def hold_script(exercise: Exercise, actor: Officer) -> None:
    """Let the nodes of those who staff the exercise hold its script, and no others."""
    staff = {one["node"] for one in exercise.participants if one["part"] in STAFF}
    hold(events.script(exercise), staff, actor)

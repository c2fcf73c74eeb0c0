"""What another node holds of a thing, or would hold with a share that nobody has given yet.

Owns: the look at the log through the eyes of one node. Promises: the rule is the sender's own
(`Sharing.may_hold`) and what is looked at are envelopes, so it cannot say another thing than what
is sent; a personal part counts only where this node sends it: to a peer that is cleared. Writes
nothing. Must not know: what a thing is.
"""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.conf import settings

from ..models import Envelope, Peer, Share
from ..problems import Conflict, NotFound
from .sharing import Sharing


@dataclass
class Holdings:
    """Envelopes about a thing, oldest first, by what becomes of them at one node.

    `cleared`: do personal parts go there; None where that is up to the node above, which is `way`.
    """

    node: str
    held: bool  # already, without a further share
    cleared: bool | None
    way: str
    goes: list[Envelope] = field(default_factory=list)
    stays: list[Envelope] = field(default_factory=list)
    unread: list[Envelope] = field(default_factory=list)  # it goes; this node cannot read it

    def in_force(self) -> list[Envelope]:
        """The newest envelope there of each subject, in the order of the log."""
        newest: dict[str, Envelope] = {}
        for row in self.goes:
            newest[row.subject] = max(row, newest.get(row.subject, row), key=rank)
        return sorted(newest.values(), key=lambda row: row.position)

    def has_personal(self, row: Envelope) -> bool:
        """Is the personal part of this envelope there, as far as this node knows?"""
        return row.personal is not None and (bool(self.cleared) or came_by(row, self.node))


def rank(row: Envelope) -> tuple[int, int, bytes]:
    """Greater is in force, on every node alike."""
    return row.term, row.rev, row.id.bytes


def came_by(row: Envelope, node: str) -> bool:
    """Did this node write the envelope, or pass it on to here? Then it has it."""
    return row.source == node or f" {node} " in row.via


def holdings(thing: str, node: str) -> Holdings:
    """What `node` holds of `thing`, or would hold once this node shared it with that one.

    Raises NotFound for a thing that is not here, Conflict where another node has to give it.
    """
    known = Sharing.of([thing])
    if thing not in known.things:
        raise NotFound
    held = known.has(thing, node)
    if not held:
        wanted = Share(id=uuid.uuid4(), thing=thing, node=node, by=settings.NODE_ID, rev=1)
        wanted.since = datetime.now(UTC)
        if not known.counts(wanted):
            raise Conflict
        known.learn_share(wanted)
    found = Holdings(node, held, *_clearance(node))
    rows = Envelope.objects.filter(about=thing).select_related("parked").order_by("position")
    for row in rows:
        if not known.may_hold(row, node) and not came_by(row, node):
            found.stays.append(row)
        elif hasattr(row, "parked") or row.public is None:
            found.unread.append(row)
        else:
            found.goes.append(row)
    return found


def _clearance(node: str) -> tuple[bool | None, str]:
    """Is it cleared, and the node that it is reached through; None is up to that one."""
    peers = Peer.objects.filter(revoked_at=None).exclude(confirmed_at=None)
    if peer := peers.filter(node=node).first():
        return peer.cleared, ""
    above = peers.filter(upper=True).first()
    if above is None:
        return False, ""
    return (None if above.cleared else False), above.node

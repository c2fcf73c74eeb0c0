"""A new key for this node: made, announced with the old one, and the old one removed at last.

Owns: the order of the steps. Promises: after a stop between any two of them the node can link and
the next start goes on: the private key is on disk before it is announced; announcement, record and
the number that the log's head names are one transaction; with the announcement the old key signs no
envelope any more, and it goes when every peer has acknowledged it. Must not know: pages, who may.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from .. import keys, log
from ..models import Envelope, LogHead, NodeKey, Peer
from ..problems import Conflict
from .nodes import KEY_ROTATED

AHEAD = timedelta(minutes=15)  # an envelope that is dated further ahead counts as not yet written


def rotate(*, actor: str) -> NodeKey:
    """A new key, which signs from now on. Raises Conflict while peers lag too far behind."""
    with transaction.atomic():
        head = log.lock()
        if len(keys.numbers()) >= keys.MOST:
            raise Conflict(_("Peers have not taken the last new keys yet: link with them first."))
        return _announce(head, head.key_number + 1, actor)


def finish() -> None:
    """At the start: announce a key that was made and not announced, or is newer than this copy."""
    number = max(keys.numbers(), default=1)
    with transaction.atomic():
        head = log.lock()
        if number > head.key_number:
            _announce(head, number, log.SYSTEM)


def _announce(head: LogHead, number: int, actor: str) -> NodeKey:
    old, new = keys.signer(head.key_number), keys.make(number)
    if old.id != new.id:  # else the old one is gone: every peer knows the new one
        until = _until()
        told = NodeKey.objects.filter(retired_at=None).exclude(node=settings.NODE_ID)
        log.append(
            KEY_ROTATED,
            subject=f"key/{new.id}",
            actor=actor,
            realm="real",
            rev=Envelope.objects.filter(subject=f"key/{new.id}").count() + 1,
            public={
                "node": settings.NODE_ID,
                "rev": Envelope.objects.filter(subject=f"key/{new.id}").count() + 1,
                "key": new.id,
                "algorithm": keys.ALGORITHM,
                "public": new.public.hex(),
                "replaces": old.id,
                "until": until.isoformat(),
            },
            audience=sorted(set(told.values_list("node", flat=True))),
        )
        NodeKey.objects.filter(pk=old.id).update(retired_at=until)
    record = keys.remember(new, replaces=old.id if old.id != new.id else "")
    LogHead.objects.filter(id=1).update(key_number=number)
    return record


def _until() -> datetime:
    """Up to when this node's envelopes are dated: now, or later where its clock was put back."""
    now = datetime.now(UTC)
    own = Envelope.objects.filter(source=settings.NODE_ID).order_by("-time")
    last = own.values_list("time", flat=True).first() or now
    return min(max(now, last) + timedelta(seconds=1), now + AHEAD)


def has_taken(peer: Peer, signer: keys.Signer) -> bool:
    """Has the peer acknowledged the announcement of this key?"""
    found = Envelope.objects.filter(subject=f"key/{signer.id}", type=KEY_ROTATED.name)
    position = found.order_by("position").values_list("position", flat=True).first()
    acked = peer.acked if peer.acked_epoch == log.head().epoch else 0
    return position is not None and position <= acked


def signer_for(peer: Peer) -> keys.Signer:
    """The newest key that the peer is known to know."""
    held = keys.held()
    return next((one for one in held if has_taken(peer, one)), held[-1])


def discard_old() -> None:
    """Remove the old private keys when no peer needs them any more."""
    if len(keys.numbers()) < 2:
        return
    now = keys.signer()
    if all(has_taken(peer, now) for peer in Peer.objects.filter(revoked_at=None)):
        with transaction.atomic():
            number = log.lock().key_number
            if keys.signer(number).id == now.id:
                keys.discard(number)

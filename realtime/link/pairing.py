"""Pairing: two nodes come to know each other's keys, and two people make sure of it.

The upper node issues a code, good once, for 24 hours, for one named node. The lower sends it with
its public key and gets the upper's. Both then show the same number, made of both keys and the code:
who stands in between has other keys and cannot make it equal. Only when both administrators have
confirmed it does either end speak over the link.

Owns: every write to peers but their cursors and health. Promises: a code is kept as a hash alone; a
revocation ends the link within a tick and withdraws the key. Must not know: HTTP, pages.
"""

import hashlib
import re
import secrets
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from typing_extensions import TypedDict

from .. import keys, log
from ..models import Envelope, NodeKey, PairingCode, Peer
from ..problems import Conflict, Invalid, NotFound
from ..registry import declare
from . import nodes
from .items import NODE

GOOD_FOR = timedelta(hours=24)
WRONG = gettext_lazy("This pairing code is not valid, or not any more.")
AHEAD = timedelta(minutes=15)  # by which the clock of a node may be wrong
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without what is mistaken on a telephone


class PeerData(TypedDict):
    """A peer and what happened to it: named, paired, confirmed, changed, revoked."""

    node: str
    name: str
    rev: int
    what: str
    upper: bool
    key: str
    cleared: bool


PEER_CHANGED = declare("peer.changed", version=1, topic="audit", data=PeerData)


def issue_code(*, node: str, actor: str) -> str:
    """A code for this node, to be told to its administrator; issued again, the old one ends."""
    if not NODE.fullmatch(node) or node == settings.NODE_ID:
        raise Invalid(fields={"node": _("A node's name has small letters, digits and hyphens.")})
    if Peer.objects.filter(node=node, revoked_at=None).exclude(confirmed_at=None).exists():
        raise Conflict(_("This node is paired already."))
    code = "-".join("".join(secrets.choice(ALPHABET) for _n in range(4)) for _m in range(4))
    with transaction.atomic():
        PairingCode.objects.filter(node=node, used_at=None).delete()
        PairingCode.objects.create(
            digest=_digest(code), node=node, expires_at=datetime.now(UTC) + GOOD_FOR
        )
        _append(node, node, "code issued", actor)
    return code


def accept(*, code: str, node: str, name: str, public: bytes) -> Peer:
    """The upper end: take a code and a key, once. Raises NotFound for every wrong code alike."""
    if not PairingCode.objects.filter(digest=_digest(code), node=node, used_at=None).exists():
        raise NotFound(WRONG)  # without a lock: anybody can ask
    with transaction.atomic():
        found = PairingCode.objects.select_for_update().filter(
            digest=_digest(code), node=node, used_at=None, expires_at__gt=datetime.now(UTC)
        )
        if not found.update(used_at=datetime.now(UTC)):
            raise NotFound(WRONG)
        peer = _pin(node=node, name=name, public=public, code=code, upper=False, url="")
        _append(node, name, "paired", log.SYSTEM)
    return peer


def joined(*, code: str, node: str, name: str, public: bytes, url: str, actor: str) -> Peer:
    """The lower end: keep what the upper answered."""
    with transaction.atomic():
        peer = _pin(node=node, name=name, public=public, code=code, upper=True, url=url)
        _append(node, name, "paired", actor)
    return peer


def _pin(*, node: str, name: str, public: bytes, code: str, upper: bool, url: str) -> Peer:
    if len(public) != 32 or not NODE.fullmatch(node) or not 0 < len(name) <= 120:
        raise Invalid
    known = Peer.objects.filter(node=node).first()
    linked = known is not None and known.revoked_at is None and known.confirmed_at is not None
    if linked and not (upper and known.key_id == keys.id_of(public)):
        raise Conflict(_("This node is paired already."))
    now = datetime.now(UTC)
    key, _new = NodeKey.objects.get_or_create(
        id=keys.id_of(public),
        defaults={
            "node": node, "algorithm": keys.ALGORITHM, "public": public, "created_at": now
        },
    )  # fmt: skip
    if key.node != node or key.retired_at is not None:
        raise Conflict(_("This key was used by another node, or was withdrawn."))
    if known is not None and known.revoked_at is not None:
        # with a new key the node is believed again, and what it wrote meanwhile with the old one
        withdrawn = NodeKey.objects.filter(node=node, retired_at=known.revoked_at)
        withdrawn.update(retired_at=now + AHEAD)
    peer = known or Peer(node=node)
    peer.name, peer.upper, peer.url, peer.key = name, upper, url, key
    peer.number, peer.paired_at = number(public, code), now
    peer.confirmed_at = peer.revoked_at = None
    peer.save()
    return peer


def number(other: bytes, code: str) -> str:
    """Eight digits that both ends make of both keys and the code."""
    both = b"".join(sorted([keys.signer().public, other]))
    value = int.from_bytes(hashlib.sha256(both + _plain(code).encode()).digest()) % 10**8
    return f"{value // 10**4:04d} {value % 10**4:04d}"


def confirm(*, node: str, actor: str, cleared: bool = False) -> Peer:
    """An administrator has compared the number; `cleared`: personal parts may go there."""
    with transaction.atomic():
        peer = _locked(node)
        if peer.revoked_at is not None:
            raise Conflict
        now = datetime.now(UTC)
        if peer.cleared != cleared and (peer.confirmed_at or peer.acked):
            peer.clearance_at = now
        peer.confirmed_at = peer.confirmed_at or now
        peer.cleared = cleared
        peer.save(update_fields=["confirmed_at", "cleared", "clearance_at"])
        _append(node, peer.name, "confirmed", actor, peer)
        nodes.introduce_own(to=node, actor=actor)
        if not peer.upper:
            nodes.introduce_all(actor=actor)
    return peer


def pin_successor(*, node: str, key: NodeKey) -> None:
    """The peer has proven the key by which it replaced its pinned one."""
    with transaction.atomic():
        peer = _locked(node)
        peer.key = key
        peer.save(update_fields=["key"])
        _append(node, peer.name, "key changed", log.SYSTEM, peer)


def revoke(*, node: str, actor: str) -> Peer:
    """Nothing goes there and nothing is taken from there any more; its key is withdrawn."""
    with transaction.atomic():
        peer = _locked(node)
        if peer.revoked_at is not None:
            return peer
        peer.revoked_at = datetime.now(UTC)
        peer.session, peer.linked_at = "", None
        peer.save(update_fields=["revoked_at", "session", "linked_at"])
        in_force = NodeKey.objects.filter(node=node, retired_at=None)
        in_force.update(retired_at=peer.revoked_at)
        _append(node, peer.name, "revoked", actor, peer)
        if not peer.upper:
            nodes.introduce_all(actor=actor)
    return peer


def _locked(node: str) -> Peer:
    peer = Peer.objects.select_for_update().filter(node=node).first()
    if peer is None:
        raise NotFound
    return peer


def _plain(code: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", code.upper())


def _digest(code: str) -> str:
    return hashlib.sha256(_plain(code).encode()).hexdigest()


def _append(node: str, name: str, what: str, actor: str, peer: Peer | None = None) -> None:
    subject = f"peer/{node}"
    peer = peer or Peer.objects.filter(node=node).first()
    log.append(
        PEER_CHANGED,
        subject=subject,
        actor=actor,
        realm="real",
        rev=(rev := Envelope.objects.filter(subject=subject).count() + 1),
        public={
            "node": node,
            "name": name,
            "rev": rev,
            "what": what,
            "upper": bool(peer and peer.upper),
            "key": peer.key_id if peer else "",
            "cleared": bool(peer and peer.cleared),
        },
    )

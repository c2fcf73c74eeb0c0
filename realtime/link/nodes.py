"""The nodes that this one knows: keys of those it is paired with, and of those it is told about.

Owns: the introduction, by which a node tells another a key, and the change of a key. Promises: a
key is believed from the pairing, about any node from the node above, and from a node about itself,
signed with a key that was not replaced or withdrawn; from nobody else. Keys are kept with the rows
that told them, at once, so that what follows can be verified. Must not know: pages, what nodes
share, where private keys are (keys.py).

What a key signed is believed up to its `retired_at`, by the time that the envelope itself says: the
rows of before stay good wherever they come from, and however late. After it the key signs nothing,
and proves nothing once its successor was proven.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

import orjson
from django.conf import settings
from django.db import transaction
from typing_extensions import TypedDict

from .. import keys, log
from ..models import Envelope, NodeKey, Peer
from ..registry import declare, find
from .items import NODE, Item, moment_of


class NodeData(TypedDict):
    """A node with its public key (hexadecimal)."""

    node: str
    name: str
    rev: int
    key: str
    algorithm: str
    public: str
    retired_at: str | None


class RotationData(TypedDict):
    """The new public key of a node; up to when envelopes signed with the old one are genuine."""

    node: str
    rev: int
    key: str
    algorithm: str
    public: str
    replaces: str
    until: str


NODE_INTRODUCED = declare("node.introduced", version=1, topic="nodes", data=NodeData)
KEY_ROTATED = declare("key.rotated", version=1, topic="nodes", data=RotationData)
TYPES = frozenset({NODE_INTRODUCED.name, KEY_ROTATED.name})


def introduce_all(*, actor: str) -> None:
    """Tell every node below about every other; after a pairing, a revocation, a change of keys."""
    with transaction.atomic():
        below = list(Peer.objects.filter(upper=False).exclude(confirmed_at=None))
        audience = [peer.node for peer in below if peer.revoked_at is None]
        for peer in below:
            for key in NodeKey.objects.filter(node=peer.node):
                _append(f"node/{key.pk}", peer.name, key, audience, actor)


def introduce_own(*, to: str, actor: str) -> None:
    """Tell a new peer which keys this node signed with before."""
    for key in NodeKey.objects.filter(node=settings.NODE_ID).exclude(retired_at=None):
        _append(f"key/{key.pk}", settings.NODE_NAME, key, [to], actor)


def _append(subject: str, name: str, key: NodeKey, audience: Sequence[str], actor: str) -> None:
    rev = Envelope.objects.filter(subject=subject).count() + 1
    log.append(
        NODE_INTRODUCED,
        subject=subject,
        actor=actor,
        realm="real",
        rev=rev,
        public={
            "node": key.node,
            "name": name,
            "rev": rev,
            "key": key.pk,
            "algorithm": key.algorithm,
            "public": bytes(key.public).hex(),
            "retired_at": key.retired_at.isoformat() if key.retired_at else None,
        },
        audience=audience,
    )


def may_introduce(node: str) -> bool:
    """Only the node above is believed about others."""
    return Peer.objects.filter(node=node, upper=True, revoked_at=None).exists()


def learn(item: Item, known: dict[str, NodeKey]) -> None:
    """Add the key that an item tells on its way in, so that what follows can be verified."""
    if item.fields["type"] in TYPES and not _objection(item.row, known):
        key = _key(item.row)
        known.setdefault(key.pk, key)


def objection(row: Envelope) -> str:
    """Why the key that this envelope tells is not believed; empty where it is."""
    return _objection(row, NodeKey.objects.in_bulk()) if row.type in TYPES else ""


def _objection(row: Envelope, known: Mapping[str, NodeKey]) -> str:
    try:
        key = _key(row)
    except (KeyError, TypeError, ValueError):
        return "a key that cannot be read"
    if row.type == NODE_INTRODUCED.name and may_introduce(row.source):
        return ""
    if key.node != row.source:
        return "a node that may not introduce others"
    if row.type == KEY_ROTATED.name and key.replaces != row.key:
        return "a key that replaces another than it is signed with"
    signed_with, told = known.get(row.key), known.get(key.pk)
    old = signed_with is not None and signed_with.retired_at is not None
    if old and (told is None or told.node != key.node):
        return "a key told by one that was replaced or withdrawn"
    return ""


def _key(row: Envelope) -> NodeKey:
    """The key that it tells. Raises KeyError, TypeError or ValueError for another shape."""
    data = orjson.loads(bytes(row.public or b""))
    public, retired = bytes.fromhex(data["public"]), data.get("retired_at")
    if keys.id_of(public) != data["key"] or len(public) != 32:
        raise ValueError("a key under the name of another")
    if not NODE.fullmatch(data["node"]) or len(data["algorithm"]) > 16:
        raise ValueError("a node or an algorithm that no record holds")
    replaces = ""  # what is introduced replaces nothing, or it could prove what it does not own
    if row.type == KEY_ROTATED.name:
        moment_of(data["until"])
        replaces = data["replaces"]
    return NodeKey(
        id=data["key"],
        node=data["node"],
        algorithm=data["algorithm"],
        public=public,
        created_at=datetime.now(UTC),
        retired_at=moment_of(retired) if retired else None,
        replaces=replaces,
    )


def keep(rows: Iterable[Envelope]) -> None:
    """Keep the keys that these rows tell, not waiting for what is parked; and tell them further.

    The end of a key can be new, or later than was said; it is never taken back.
    """
    told = [row for row in rows if row.type in TYPES and row.version <= find(row.type).version]
    for row in told:
        key = _key(row)
        names = ("node", "algorithm", "public", "created_at", "retired_at", "replaces")
        known, _new = NodeKey.objects.get_or_create(
            id=key.pk, defaults={name: getattr(key, name) for name in names}
        )
        if known.node == key.node:
            ends = [one for one in (known.retired_at, key.retired_at) if one]
            known.retired_at = max(ends, default=None)
            known.replaces = known.replaces or key.replaces
            known.save(update_fields=["retired_at", "replaces"])
        if row.type == KEY_ROTATED.name:
            until = moment_of(orjson.loads(bytes(row.public))["until"])
            old = NodeKey.objects.filter(pk=row.key, node=row.source, retired_at=None)
            old.update(retired_at=until)
    sources = {row.source for row in told}
    if Peer.objects.filter(node__in=sources, upper=False, revoked_at=None).exists():
        introduce_all(actor=log.SYSTEM)


def may_prove(pinned: NodeKey) -> list[NodeKey]:
    """The keys that prove a peer, newest first: the pinned one and those that replaced it since."""
    found = [pinned]
    while newer := NodeKey.objects.filter(node=pinned.node, replaces=found[-1].pk).first():
        if newer in found:
            break
        found.append(newer)
    return [key for key in reversed(found) if key.retired_at is None or key == pinned]

"""The nodes that this one knows: keys of those it is paired with, and of those it is told about.

Owns: the introduction, by which a node tells the nodes below it each other's keys. Promises: a key
is believed from the pairing or from the node above, and from nobody else. Must not know: pages,
what nodes share.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import orjson
from django.db import transaction
from typing_extensions import TypedDict

from .. import keys, log
from ..models import Envelope, NodeKey, Peer
from ..registry import Fact, applies, declare
from .items import Item, moment_of


class NodeData(TypedDict):
    """A node with its public key (hexadecimal)."""

    node: str
    name: str
    rev: int
    key: str
    algorithm: str
    public: str
    retired_at: str | None


NODE_INTRODUCED = declare("node.introduced", version=1, topic="nodes", data=NodeData)


def introduce_all(*, actor: str) -> None:
    """Tell every node below about every other; after a pairing, a revocation, a change of keys."""
    with transaction.atomic():
        below = list(Peer.objects.filter(upper=False).exclude(confirmed_at=None))
        audience = [peer.node for peer in below if peer.revoked_at is None]
        for peer in below:
            for key in NodeKey.objects.filter(node=peer.node):
                _append(peer, key, audience, actor)


def _append(peer: Peer, key: NodeKey, audience: Sequence[str], actor: str) -> None:
    subject = f"node/{key.pk}"
    rev = Envelope.objects.filter(subject=subject).count() + 1
    log.append(
        NODE_INTRODUCED,
        subject=subject,
        actor=actor,
        realm="real",
        rev=rev,
        public={
            "node": peer.node,
            "name": peer.name,
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
    """Add the key of an introduction on its way in, so that what follows can be verified."""
    if item.fields["type"] != NODE_INTRODUCED.name or not may_introduce(item.fields["source"]):
        return
    try:
        key = _key(orjson.loads(item.parts["public"][1]))
    except (KeyError, TypeError, ValueError):
        return
    known.setdefault(key.pk, key)


def _key(data: NodeData) -> NodeKey:
    """The key of an introduction. Raises KeyError, TypeError or ValueError for another shape."""
    public = bytes.fromhex(data["public"])
    if keys.id_of(public) != data["key"]:
        raise ValueError("a key under the name of another")
    retired = data["retired_at"]
    return NodeKey(
        id=data["key"],
        node=data["node"],
        algorithm=data["algorithm"],
        public=public,
        created_at=datetime.now(UTC),
        retired_at=moment_of(retired) if retired else None,
    )


@applies("node")
def apply_introductions(facts: Sequence[Fact]) -> None:
    """Keep the keys; of one that is known only its end can be new."""
    for fact in facts:
        key = _key(fact.public)
        known, new = NodeKey.objects.get_or_create(
            id=key.pk,
            defaults={
                name: getattr(key, name)
                for name in ("node", "algorithm", "public", "created_at", "retired_at")
            },
        )
        if not new and known.node == key.node and known.retired_at is None:
            known.retired_at = key.retired_at
            known.save(update_fields=["retired_at"])

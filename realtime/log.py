"""The node's append-only log: the one way in, and reading by position.

Owns: positions, chain, signature, the announcement after commit. Promises: `append` runs inside
the caller's transaction as its last step; it locks the head, so commit order is reading order;
on rollback nothing is left and no position is lost; readers learn of a row only after its commit.
Must not know: what is logged, who reads. Only this file calls `on_commit`.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import uuid_utils.compat as uuids
from django.conf import settings
from django.db import connection, transaction

from . import blobs, keys, wakeup
from .envelope import Part, canonical, link
from .models import Envelope, LogHead
from .registry import EventType

SYSTEM = "system"


@dataclass(frozen=True)
class Head:
    """Epoch (hex) and position of the log's end."""

    epoch: str
    position: int

    @property
    def cursor(self) -> str:
        """`epoch:position`, as browsers and links hold it."""
        return f"{self.epoch}:{self.position}"


def append(
    kind: EventType,
    *,
    subject: str,
    actor: str,
    public: dict[str, Any],
    realm: str,
    rev: int,
    term: int = 1,
    about: str | None = None,
    personal: dict[str, Any] | None = None,
    audience: Sequence[str] = (),
    relay: str = "none",
    blobs: Sequence[dict[str, Any]] = (),
    home: str = "",
) -> Envelope:
    """Append one fact as the last step of the caller's transaction and return its row.

    `audience` are the node ids that may hold it besides this one; `relay` is none, about or
    parent; `home` is who writes the subject from here on, this node where it is not given (only a
    type that hands over may name another). Raises TypeError for data that differs from the
    declaration, RuntimeError outside a transaction.
    """
    kind.check(public, personal)
    head = lock()  # before the signature, so that none is of a key that was replaced
    signer = keys.signer(head.key_number)
    parts = {"public": Part.of(public)}
    if personal is not None:
        parts["personal"] = Part.of(personal)
    now = datetime.now(UTC)
    source = settings.NODE_ID
    header = {
        "id": str(uuids.uuid7()),
        "source": source,
        "realm": realm,
        "type": kind.name,
        "version": kind.version,
        "subject": subject,
        "about": about or subject,
        "term": term,
        "rev": rev,
        "time": now.isoformat(timespec="microseconds"),
        "actor": actor,
        "audience": sorted({source, *audience}),
        "relay": relay,
        "parts": {name: part.digest for name, part in parts.items()},
        "blobs": list(blobs),
        "key": signer.id,
    }
    data = canonical(header)
    (row,) = _insert(
        head,
        [
            Envelope(
                **{name: header[name] for name in COLUMNS},
                audience=between_blanks(header["audience"]),
                home=home or source,
                time=now,
                hour=hour_of(now),
                header=data,
                hash=hashlib.sha256(data).digest(),
                signature=signer.sign(data),
                public=parts["public"].body,
                public_salt=parts["public"].salt,
                personal=parts["personal"].body if personal is not None else None,
                personal_salt=parts["personal"].salt if personal is not None else None,
            )
        ],
    )
    return row


def adopt(rows: Sequence[Envelope]) -> list[Envelope]:
    """Append envelopes of other nodes, verified and allowed, as the last step of the transaction.

    Their headers, parts and `via` are as they came; position, chain and epoch are given here.
    """
    return _insert(lock(), rows) if rows else []


def lock() -> LogHead:
    """The head, locked until the end of the transaction: nobody else writes to the log."""
    if not connection.in_atomic_block:
        raise RuntimeError("the log is written inside the transaction of what it tells")
    return LogHead.objects.select_for_update().get(id=1)


def _insert(head: LogHead, rows: Sequence[Envelope]) -> list[Envelope]:
    """Chain the rows to the head and insert them; readers are told after the commit."""
    for row in rows:
        head.position += 1
        head.chain = link(head.chain, row.header)
        row.position, row.chain, row.epoch = head.position, head.chain, head.epoch
    found = Envelope.objects.bulk_create(rows)
    blobs.note(found)
    LogHead.objects.filter(id=1).update(position=head.position, chain=head.chain)
    epoch, position = bytes(head.epoch).hex(), head.position

    def tell() -> None:
        wakeup.announce(epoch, position)

    transaction.on_commit(tell, robust=True)
    return found


def between_blanks(nodes: Iterable[str]) -> str:
    """Node ids as one searchable column: each stands between blanks."""
    return f" {' '.join(nodes)} "


def hour_of(time: datetime) -> int:
    """Hours since 1970, the bucket in which both ends of a link count an envelope."""
    return int(time.timestamp() // 3600)


COLUMNS = (
    "id source realm type version subject about term rev actor relay key".split()  # header = column
)


def head() -> Head:
    """The end of the log as last committed."""
    epoch, position = LogHead.objects.values_list("epoch", "position").get(id=1)
    return Head(bytes(epoch).hex(), position)


def read_after(position: int, limit: int) -> list[Envelope]:
    """Rows after this position in commit order, at most `limit`."""
    return list(Envelope.objects.filter(position__gt=position).order_by("position")[:limit])

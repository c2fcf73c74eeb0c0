"""Checks the log row by row: order, chain, signature, parts, columns, and the head.

Owns: what "unchanged" means. Promises: reads only, in constant memory, and stops at the first bad
row. Must not know: what rows are about.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from django.conf import settings
from django.db.models import Max

from . import keys, log
from .envelope import digest, link
from .events import EPOCH_RENEWED
from .models import Envelope, LogHead, NodeKey
from .registry import hands_over


@dataclass(frozen=True)
class Bad:
    """The first row that is not as it was written."""

    position: int
    reason: str


@dataclass(frozen=True)
class Report:
    """How many rows were good, the chain's end in hexadecimal, the first bad row; and how many
    personal parts of this node's own were erased, which a signature cannot forbid."""

    rows: int
    chain: str
    bad: Bad | None
    erased: int = 0


def verify_log(
    alias: str = "default", progress: Callable[[int, int], None] = lambda _done, _all: None
) -> Report:
    """Check the log in this database; `progress(rows done, rows in all)` is called as it goes."""
    known = {key.pk: key for key in NodeKey.objects.using(alias)}
    own = {"node": settings.NODE_ID, "algorithm": keys.ALGORITHM}
    known |= {one.id: NodeKey(id=one.id, public=one.public, **own) for one in keys.held()}
    rows, heads = Envelope.objects.using(alias), LogHead.objects.using(alias)
    head = heads.filter(id=1).first()  # first: rows that are written meanwhile come after it
    chain, position, epoch, erased = bytes(32), 0, None, 0
    upto = rows.filter(position__lte=head.position if head else 0).order_by("position")
    for row in upto.iterator(chunk_size=500):
        if row.position != position + 1:
            return Report(position, chain.hex(), Bad(position + 1, "the row is missing"))
        try:
            chain = link(chain, row.header)
            reason = _fault(row, chain, known.get(row.key)) or _epoch_fault(row, epoch)
        except (AttributeError, KeyError, TypeError, ValueError):
            reason = "a column holds what was never written there"
        if reason:
            return Report(position, chain.hex(), Bad(row.position, reason))
        position, epoch = row.position, bytes(row.epoch)
        own = row.source == settings.NODE_ID
        erased += own and row.personal is None and b'"personal":"' in bytes(row.header)
        if position % 500 == 0:
            progress(position, head.position)
    # a row is committed with its head, so the last row is asked for before the head
    last = rows.aggregate(last=Max("position"))["last"] or 0
    whole = head is not None and head.position == position and bytes(head.chain) == chain
    whole = whole and (epoch is None or bytes(head.epoch) == epoch)
    if not whole or last > heads.get(id=1).position:
        missing = Bad(position + 1, "the log is shorter or longer than its head says")
        return Report(position, chain.hex(), missing)
    return Report(position, chain.hex(), None, erased)


def _fault(row: Envelope, chain: bytes, key: NodeKey | None) -> str:
    """What is wrong with this row; empty when nothing is."""
    header_bytes = bytes(row.header)
    if bytes(row.chain) != chain:
        return "the chain is broken: this header, or one before it, was changed"
    if key is None:
        return "its key is not known"
    if not keys.verify(key.algorithm, bytes(key.public), bytes(row.signature), header_bytes):
        return "the signature does not belong to the header"
    header = orjson.loads(header_bytes)
    if header["source"] != key.node:
        return "it was signed with the key of another node"
    for name in log.COLUMNS:
        value = getattr(row, name)
        if (str(value) if name == "id" else value) != header[name]:
            return f"column {name} differs from the signed header"
    if row.audience != log.between_blanks(header["audience"]):
        return "column audience differs from the signed header"
    if bytes(row.hash) != hashlib.sha256(header_bytes).digest():
        return "column hash is not that of the header"
    if row.hour != log.hour_of(row.time):
        return "column hour differs from the signed header"
    if row.time.isoformat(timespec="microseconds") != header["time"]:
        return "column time differs from the signed header"
    if row.home != _home_of(row, header):
        return "column home differs from who writes the subject from here on"
    if header["source"] == settings.NODE_ID and row.via.strip():
        return "column via names nodes that an own envelope has not passed"
    parts = {"public": (row.public_salt, row.public), "personal": (row.personal_salt, row.personal)}
    for name, (salt, body) in parts.items():
        own = header["source"] == settings.NODE_ID
        if body is None and name == "public" and own:
            return "the public part is missing"
        if body is None:
            continue  # withheld or erased: the header stays valid
        if name not in header["parts"] or digest(salt, body) != header["parts"][name]:
            return f"the {name} part differs from its digest"
    return ""


def _home_of(row: Envelope, header: dict[str, Any]) -> str:
    """Its source; of a hand-over the node that it names, as far as its body is still here."""
    if not hands_over(header["type"], header["subject"]):
        return header["source"]
    return row.home if row.public is None else orjson.loads(bytes(row.public)).get("home", "")


def _epoch_fault(row: Envelope, before: bytes | None) -> str:
    """An epoch lasts until an envelope of this node says that a new one begins."""
    if row.type == EPOCH_RENEWED.name and row.source == settings.NODE_ID:
        before = bytes.fromhex(orjson.loads(bytes(row.public))["epoch"])
    if before is not None and bytes(row.epoch) != before:
        return "column epoch differs from what the log says of it"
    return ""

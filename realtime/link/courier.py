"""A file in the place of a link: what a peer lacks, for networks that only a courier crosses.

Owns: the form of the letter: lines of JSON: what it is, batches as they go over a link, small
files, and a seal that signs all of it. Promises: the same letter twice changes nothing, letters in
the wrong order lose nothing; nothing is taken from a letter before its seal was found good, and
from one to another node, or of a node whose key was withdrawn, nothing at all; it also says how far
its sender has taken the other's log. Must not know: who carries it.
"""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from django.conf import settings
from django.db import transaction

from .. import blobs, log
from ..models import Blob, Peer
from . import rotation
from .handshake import proven_by
from .incoming import Cursor, take
from .outgoing import Outgoing

FORMAT = 1
LONGEST = 8 * 1024 * 1024  # bytes of a line


class BadLetter(Exception):
    """It is not taken; the text says why."""


@dataclass(frozen=True)
class Read:
    """What came of a letter."""

    sender: str
    made_at: str
    items: int
    kept: int
    refused: int
    files: int


def write(*, peer: str, path: Path, everything: bool = False) -> int:
    """Write to a new file what this peer lacks, or all it may have; how many envelopes."""
    to = Peer.objects.filter(node=peer, revoked_at=None).exclude(confirmed_at=None).first()
    if to is None:
        raise BadLetter(f"{peer} is no paired node")
    head = log.head()
    after = to.acked if to.acked_epoch == head.epoch and not everything else 0
    reader, count, lines = Outgoing(peer, sent=after), 0, 0
    digest = hashlib.sha256()
    with path.open("xb") as file:

        def put(**line: Any) -> None:
            nonlocal lines
            data = orjson.dumps(line) + b"\n"
            digest.update(data)
            file.write(data)
            lines += 1

        put(
            kind="letter",
            format=FORMAT,
            sender=settings.NODE_ID,
            to=peer,
            epoch=head.epoch,
            after=after,
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            taken={"epoch": to.epoch, "position": to.position},
        )
        while (batch := reader.next()) is not None:
            count += len(batch.items)
            put(kind="batch", items=batch.items, upto=batch.upto, last=batch.last)
            for sha256, content in _files(batch.items):
                put(kind="file", sha256=sha256, data=base64.b64encode(content).decode())
        signer = rotation.signer_for(to)
        seal = {"kind": "seal", "lines": lines, "key": signer.id}
        signature = signer.sign(_sealed(digest.digest(), lines)).hex()
        file.write(orjson.dumps(seal | {"signature": signature}) + b"\n")
    return count


def _files(items: list[dict[str, Any]]) -> Iterator[tuple[str, bytes]]:
    """The small files that these envelopes name, as far as they are here."""
    for item in items:
        for blob in orjson.loads(item["header"])["blobs"]:
            path = blobs.path_of(blob["sha256"])
            if blob["size"] <= blobs.SMALL and path.exists():
                yield blob["sha256"], path.read_bytes()


def _sealed(digest: bytes, lines: int) -> bytes:
    return b"belltower letter\n" + digest + lines.to_bytes(8)


def read(path: Path) -> Read:
    """Take in a letter. Raises BadLetter."""
    with path.open("rb") as file:
        sender = _require_seal(file)
        file.seek(0)
        first, *_rest = (orjson.loads(line) for line in [file.readline()])
        count = kept = refused = files = 0
        for line in file:
            found = orjson.loads(line)
            if found["kind"] == "batch":
                taken = take(
                    peer=sender.node,
                    session=None,
                    raws=found["items"],
                    cursor=_cursor(sender.node, first, found),
                )
                count += len(found["items"])
                kept, refused = kept + taken.kept, refused + len(taken.refused)
            elif found["kind"] == "file":
                files += _keep(found["sha256"], base64.b64decode(found["data"]))
    _note_taken(sender.node, first["taken"])
    return Read(sender.node, first["made_at"], count, kept, refused, files)


def _require_seal(file: BinaryIO) -> Peer:
    """Read it once to the end; who sent it. Raises BadLetter."""
    digest, lines, previous = hashlib.sha256(), 0, b""
    first = b""
    while line := file.readline(LONGEST):
        if previous:
            digest.update(previous)
            lines += 1
        first = first or line
        previous = line
    try:
        letter, seal = orjson.loads(first), orjson.loads(previous)
        signature = bytes.fromhex(seal["signature"])
        if letter["kind"] != "letter" or letter["format"] != FORMAT or seal["kind"] != "seal":
            raise BadLetter("this is no letter, or one of another format")
        if letter["to"] != settings.NODE_ID:
            raise BadLetter(f"this letter is for {letter['to']}")
        sender = Peer.objects.select_related("key").filter(node=letter["sender"]).first()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadLetter("this is no letter, or a part of one") from error
    if sender is None or sender.confirmed_at is None or sender.revoked_at is not None:
        raise BadLetter("its sender is no paired node")
    key = proven_by(sender.key, signature, _sealed(digest.digest(), lines))
    if key is None or (seal.get("lines"), seal.get("key")) != (lines, key.pk):
        raise BadLetter("it was changed on the way, or sealed by another node")
    return sender


def _cursor(sender: str, letter: dict[str, Any], batch: dict[str, Any]) -> Cursor | None:
    """Where this batch brings the cursor; None where letters before it are still to come."""
    peer = Peer.objects.get(node=sender)
    known = peer.position if peer.epoch == letter["epoch"] else 0
    if letter["after"] > known:
        return None
    return Cursor(letter["epoch"], batch["upto"], batch["last"])


def _keep(sha256: str, content: bytes) -> int:
    """Keep a file that an envelope here names; 1 when it is new."""
    missing = Blob.objects.filter(sha256=sha256, size=len(content), here=False)
    if hashlib.sha256(content).hexdigest() != sha256 or not missing.exists():
        return 0
    blobs.keep(sha256, content)
    missing.update(here=True)
    return 1


def _note_taken(sender: str, taken: dict[str, Any]) -> None:
    """The other end has taken this log so far: the next letter begins there."""
    with transaction.atomic():
        peer = Peer.objects.select_for_update().get(node=sender)
        head = log.head()
        known = peer.acked if peer.acked_epoch == head.epoch else 0
        if taken["epoch"] == head.epoch and known < taken["position"] <= head.position:
            peer.acked_epoch, peer.acked = head.epoch, taken["position"]
            peer.save(update_fields=["acked_epoch", "acked"])

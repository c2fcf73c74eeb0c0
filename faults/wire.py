"""What was said on a recorded line: the payloads of its WebSocket frames, without their masks.

Owns: reading the files that `proxy.py` wrote. Promises: the last frame counts too where it is only
half there; the bytes as they stood on the line are searched as well as the payloads. Must not know:
what frames say.
"""

import re
from collections.abc import Iterable
from pathlib import Path

CANARY = re.compile(rb"canary-[0-9a-f]{12}")


def payload(stream: bytes) -> bytes:
    """The payloads of all frames after the HTTP head, one after the other."""
    _head, end, rest = stream.partition(b"\r\n\r\n")
    found, at = bytearray(), 0
    while end and at + 2 <= len(rest):
        length, masked = rest[at + 1] & 0x7F, rest[at + 1] & 0x80
        at += 2
        if length >= 126:
            width = 2 if length == 126 else 8
            length = int.from_bytes(rest[at : at + width])
            at += width
        mask = rest[at : at + 4] if masked else b""
        at += len(mask)
        found += _unmasked(rest[at : at + length], mask)
        at += length
    return bytes(found)


def _unmasked(data: bytes, mask: bytes) -> bytes:
    if not mask or not data:
        return data
    whole = (mask * (len(data) // 4 + 1))[: len(data)]
    number = int.from_bytes(data) ^ int.from_bytes(whole)
    return number.to_bytes(len(data))


def texts(folder: Path) -> Iterable[bytes]:
    """Everything on the lines recorded in this folder: raw, and as payloads."""
    for path in sorted(folder.iterdir()):
        stream = path.read_bytes()
        yield stream
        yield payload(stream)


def canaries_in(text: bytes) -> set[str]:
    """Every canary that stands in these bytes."""
    return {found.decode() for found in CANARY.findall(text)}


def canaries_on(folder: Path) -> set[str]:
    """Every canary that stands anywhere in the record."""
    return set().union(*map(canaries_in, texts(folder)))

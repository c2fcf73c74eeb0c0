"""The frames of a link, all there are, and their shapes.

Owns: building and parsing. Promises: a frame that is parsed has exactly its fields, each of its
type and in its range; anything else raises Broken with a close code. Must not know: what a frame
leads to.

hello{node, epoch, protocol, types, clock, nonce} · prove{signature} · resume{epoch, after, last}
batch{items, upto, last} · ack{position, refused} · digest{set, level, sums, until} ·
want{ids} · ping{clock}; of files: ask{sha256, offset} · piece{sha256, offset, size, data}
"""

from typing import Any

import orjson

from ..blobs import HASH

PROTOCOL = 2
LIMIT = 1024 * 1024  # bytes of one frame, once both ends are proven
BEFORE_PROOF = 64 * 1024  # bytes of all frames before
POSITIONS = 2**63 - 1
IDS = 10_000

FORBIDDEN, UNKNOWN, REVOKED, SLOW, REPLACED, FLOOD = 4400, 4401, 4403, 4408, 4409, 4429


class Broken(Exception):
    """A frame, or its sender, that ends the session with this close code."""

    def __init__(self, code: int, reason: str):
        super().__init__(reason)
        self.code, self.reason = code, reason


def _text(value: Any, least: int = 0, most: int = 200) -> bool:
    return isinstance(value, str) and least <= len(value) <= most


def _whole(value: Any) -> bool:
    return type(value) is int and 0 <= value <= POSITIONS


def _texts(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= IDS and all(_text(one) for one in value)


def _types(value: Any) -> bool:
    return isinstance(value, dict) and len(value) <= 500 and all(map(_whole, value.values()))


def _refused(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, list) and len(one) == 2 and all(map(_text, one)) for one in value
    )


def _hash(value: Any) -> bool:
    return isinstance(value, str) and HASH.fullmatch(value) is not None


def _sums(value: Any) -> bool:
    return isinstance(value, dict) and len(value) <= IDS


SHAPES = {
    "hello": {
        "node": lambda value: _text(value, 1, 64),
        "epoch": lambda value: _text(value, 32, 32),
        "protocol": _whole,
        "types": _types,
        "clock": _text,
        "nonce": lambda value: _text(value, 64, 64),
    },
    "prove": {"signature": lambda value: _text(value, 128, 512) and len(value) % 128 == 0},
    "resume": {"epoch": _text, "after": _whole, "last": _text},
    "batch": {
        "items": lambda value: isinstance(value, list) and len(value) <= 1000,
        "upto": lambda value: value is None or _whole(value),
        "last": _text,
    },
    "ack": {"position": _whole, "refused": _refused},
    "digest": {"set": _text, "level": _text, "sums": _sums, "until": _text},
    "want": {"ids": _texts},
    "ping": {"clock": _text},
    "ask": {"sha256": _hash, "offset": _whole},
    "piece": {
        "sha256": _hash,
        "offset": _whole,
        "size": _whole,
        "data": lambda value: _text(value, 0, 100_000),
    },
}


def frame(kind: str, **fields: Any) -> bytes:
    """The bytes of one frame."""
    return orjson.dumps({"kind": kind} | fields)


def parse(data: bytes | str) -> dict[str, Any]:
    """A frame with exactly its fields. Raises Broken."""
    try:
        found = orjson.loads(data)
    except ValueError as error:
        raise Broken(FORBIDDEN, "a frame that is no JSON") from error
    kind = found.get("kind") if isinstance(found, dict) else None
    shape = SHAPES.get(kind) if isinstance(kind, str) else None
    if shape is None:
        raise Broken(FORBIDDEN, "a frame of no known kind")
    if found.keys() != {"kind", *shape}:
        raise Broken(FORBIDDEN, f"{kind} has other fields than it should")
    for name, fits in shape.items():
        if not fits(found[name]):
            raise Broken(FORBIDDEN, f"{name} of {kind} is out of shape")
    return found

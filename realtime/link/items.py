"""An envelope on its way between two nodes: its form, and the check that it is genuine.

Owns: the wire form and every check that needs no table but the keys. Promises: header bytes are
relayed as they were signed, never made again; whatever is malformed raises Malformed with a reason
and nothing else escapes. Must not know: who may hold an envelope (sharing.py), what it says.
"""

import hashlib
import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import orjson

from .. import keys
from ..blobs import HASH
from ..envelope import HEADER_LIMIT, NotCanonical, canonical, digest
from ..log import between_blanks, hour_of
from ..models import Envelope, NodeKey
from ..registry import Fact, hands_over

FIELDS = frozenset(
    "id source realm type version subject about term rev time actor audience relay parts blobs key"
    .split()
)  # fmt: skip
TEXTS = {"source": 64, "realm": 64, "type": 64, "subject": 120, "about": 120, "actor": 200}
RELAYS = frozenset({"none", "about", "parent"})
NODE = re.compile(r"[a-z0-9-]{1,64}")
REALM = re.compile(r"real|ex:[0-9a-f-]{36}")
HOPS = 6
LARGEST = 2**40  # bytes of one file
GREATEST = {"version": 2**15 - 1, "term": 2**31 - 1, "rev": 2**31 - 1}  # what the columns hold
BY_KEY = frozenset({"key", "node"})  # things that are called by the id of a key
EARLIEST, LATEST = 1900, 2200  # years between which times of bodies lie


class Malformed(ValueError):
    """It is not what a node that follows the protocol sends; the text says why."""


@dataclass(frozen=True)
class Item:
    """One envelope as it came, parsed and found genuine."""

    header: bytes
    fields: Mapping[str, Any]
    signature: bytes
    parts: Mapping[str, tuple[bytes, bytes]]  # name to salt and body; absent where withheld
    via: tuple[str, ...]
    time: datetime
    raw: dict[str, Any]

    @cached_property
    def id(self) -> uuid.UUID:
        return uuid.UUID(self.fields["id"])

    @cached_property
    def hash(self) -> bytes:
        return hashlib.sha256(self.header).digest()

    @property
    def home(self) -> str:
        """Who writes the subject from here on."""
        if hands_over(self.fields["type"], self.fields["subject"]) and "public" in self.parts:
            return str(orjson.loads(self.parts["public"][1]).get("home", ""))
        return self.fields["source"]

    @cached_property
    def row(self) -> Envelope:
        """The row that `log.adopt` completes."""
        names = "source realm type version subject about term rev actor relay key".split()
        public_salt, public = self.parts.get("public", (b"", None))
        personal_salt, personal = self.parts.get("personal", (None, None))
        return Envelope(
            id=self.id,
            time=self.time,
            hour=hour_of(self.time),
            audience=between_blanks(self.fields["audience"]),
            home=self.home,
            header=self.header,
            hash=self.hash,
            signature=self.signature,
            public=public,
            public_salt=public_salt,
            personal=personal,
            personal_salt=personal_salt,
            via=between_blanks(self.via),
            **{name: self.fields[name] for name in names},
        )


def fact_of(row: Envelope) -> Fact:
    """What appliers get. Raises ValueError for bodies that are no JSON."""
    names = "id type subject about source home realm term rev time".split()
    return Fact(
        public=orjson.loads(bytes(row.public)) if row.public is not None else {},
        personal=orjson.loads(bytes(row.personal)) if row.personal is not None else None,
        **{name: getattr(row, name) for name in names},
    )


def pack(row: Envelope, *, cleared: bool, via: Sequence[str]) -> dict[str, Any]:
    """The wire form of a row; its personal part only for a peer that is cleared for it."""
    parts = {}
    if row.public is not None:
        parts["public"] = [bytes(row.public_salt).hex(), bytes(row.public).decode()]
    if cleared and row.personal is not None:
        parts["personal"] = [bytes(row.personal_salt).hex(), bytes(row.personal).decode()]
    return {
        "header": bytes(row.header).decode(),
        "signature": bytes(row.signature).hex(),
        "parts": parts,
        "via": list(via),
    }


def unpack(raw: Any, known: Mapping[str, NodeKey]) -> Item:
    """Parse and verify one item with the known keys by id. Raises Malformed."""
    if not isinstance(raw, dict) or raw.keys() != {"header", "signature", "parts", "via"}:
        raise Malformed("an item has other fields than it should")
    header, fields = _header(raw["header"])
    signature = _hex(raw["signature"], 64)
    key = known.get(fields["key"])
    if key is None or key.node != fields["source"]:
        raise Malformed("the key is not one of its source")
    if not keys.verify(key.algorithm, bytes(key.public), signature, header):
        raise Malformed("the signature does not belong to the header")
    time = _time(fields["time"])
    if key.retired_at and time > key.retired_at:
        raise Malformed("the key was withdrawn before it was used")
    via = raw["via"]
    if not isinstance(via, list) or not all(isinstance(one, str) for one in via):
        raise Malformed("via is no list of nodes")
    if len(via) > HOPS or len(set(via)) < len(via) or not all(NODE.fullmatch(one) for one in via):
        raise Malformed("it came by too many hops, or in a circle")
    parts = _parts(raw["parts"], fields)
    return Item(header, fields, signature, parts, tuple(via), time, raw)


def _header(text: Any) -> tuple[bytes, dict[str, Any]]:
    if not isinstance(text, str) or len(text) > HEADER_LIMIT:
        raise Malformed("the header is too large")
    try:
        fields = json.loads(
            text, object_pairs_hook=_once, parse_float=_never, parse_constant=_never
        )
        header = text.encode()
        if not isinstance(fields, dict) or canonical(fields) != header:
            raise Malformed("the header is not canonical")
    except (NotCanonical, ValueError, RecursionError) as error:
        raise Malformed("the header is not canonical") from error
    if fields.keys() != FIELDS:
        raise Malformed("the header has other fields than it should")
    for name, limit in TEXTS.items():
        value = fields[name]
        if not isinstance(value, str) or not 0 < len(value) <= limit or "\0" in value:
            raise Malformed(f"{name} is no text of the right length")
    for name, greatest in GREATEST.items():
        if type(fields[name]) is not int or not 0 < fields[name] <= greatest:
            raise Malformed(f"{name} is out of range")
    if not REALM.fullmatch(fields["realm"]):
        raise Malformed("a realm that there is not")
    if not isinstance(fields["relay"], str) or fields["relay"] not in RELAYS:
        raise Malformed("a relay that there is not")
    if not isinstance(fields["key"], str):
        raise Malformed("the key is no text")
    _require_audience(fields)
    _require_blobs(fields["blobs"])
    try:
        if str(uuid.UUID(fields["id"])) != fields["id"]:
            raise Malformed("the id is not written as ids are")
    except (ValueError, AttributeError, TypeError) as error:
        raise Malformed("the id is no UUID") from error
    for name in ("subject", "about"):
        _require_spelling(fields[name])
    return header, fields


def _require_spelling(thing: str) -> None:
    """An id has one spelling: by another the same row would be another thing."""
    kind, _slash, tail = thing.partition("/")
    if kind in BY_KEY:
        return
    try:
        same = str(uuid.UUID(tail)) == tail
    except ValueError:
        return
    if not same:
        raise Malformed("the id of a thing is not written as ids are")


def _require_blobs(blobs: Any) -> None:
    if not isinstance(blobs, list) or not all(isinstance(one, dict) for one in blobs):
        raise Malformed("the blobs are no list of objects")
    for one in blobs:
        if one.keys() != {"sha256", "size", "media_type"} or type(one["size"]) is not int:
            raise Malformed("a blob is not hash, size and media type")
        texts = one["sha256"], one["media_type"]
        if not all(isinstance(text, str) for text in texts) or not HASH.fullmatch(one["sha256"]):
            raise Malformed("a blob is named by its hash alone")
        if not 0 < one["size"] <= LARGEST:
            raise Malformed("a blob of no size that there is")


def _require_audience(fields: dict[str, Any]) -> None:
    audience = fields["audience"]
    if not isinstance(audience, list) or not all(
        isinstance(one, str) and NODE.fullmatch(one) for one in audience
    ):
        raise Malformed("the audience is no list of nodes")
    if audience != sorted(set(audience)) or fields["source"] not in audience:
        raise Malformed("the audience is not sorted, or lacks the source")


def _parts(raw: Any, fields: dict[str, Any]) -> dict[str, tuple[bytes, bytes]]:
    declared = fields["parts"]
    if not isinstance(declared, dict) or not declared.keys() <= {"public", "personal"}:
        raise Malformed("the header names other parts than there are")
    if not isinstance(raw, dict) or not raw.keys() <= declared.keys():
        raise Malformed("there are parts that the header does not name")
    parts = {}
    for name, part in raw.items():
        if not isinstance(part, list) or len(part) != 2 or not isinstance(part[1], str):
            raise Malformed(f"the {name} part is not salt and body")
        try:
            salt, body = _hex(part[0], 16), part[1].encode()
        except UnicodeEncodeError as error:
            raise Malformed(f"the {name} part is no text") from error
        if digest(salt, body) != declared[name]:
            raise Malformed(f"the {name} part differs from its digest")
        parts[name] = (salt, body)
        _require_agreement(name, body, fields)
    return parts


def _require_agreement(name: str, body: bytes, fields: dict[str, Any]) -> None:
    """A body is an object; where it repeats what the signed header says, it says the same."""
    try:
        data = orjson.loads(body)
    except ValueError as error:
        raise Malformed(f"the {name} part is no JSON") from error
    if not isinstance(data, dict):
        raise Malformed(f"the {name} part is no object")
    said = {"id": fields["subject"].partition("/")[2]}
    said |= {name: fields[name] for name in ("realm", "term", "rev")}
    if not hands_over(fields["type"], fields["subject"]):
        said["home"] = fields["source"]
    if any(name in data and data[name] != value for name, value in said.items()):
        raise Malformed(f"the {name} part is of another thing than the header says")


def _hex(text: Any, length: int) -> bytes:
    try:
        data = bytes.fromhex(text)
    except (TypeError, ValueError) as error:
        raise Malformed("signature or salt is not hexadecimal") from error
    if len(data) != length:
        raise Malformed("signature or salt has the wrong length")
    return data


def _time(text: Any) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise Malformed("the time cannot be read") from error
    if time.utcoffset() != timedelta(0) or time.isoformat(timespec="microseconds") != text:
        raise Malformed("the time is not written as times are")
    return time.astimezone(UTC)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _value in pairs}) < len(pairs):
        raise Malformed("a key stands twice")
    return dict(pairs)


def _never(_text: str) -> Any:
    raise Malformed("a header holds integers only")


def moment_of(text: str) -> datetime:
    """A time in a body; without a zone it could not be compared, and outside of these years not be
    shown in every zone. Raises ValueError, TypeError."""
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError("a time without a zone")
    if not EARLIEST < time.year < LATEST:
        raise ValueError("a time that cannot be")
    return time

"""The envelope as bytes: canonical header, salted digests of the parts, bodies.

Owns: the one form in which a header is signed, stored, relayed and verified. Promises: header
bytes are canonical JSON (UTF-8, NFC, sorted keys, strings, integers, lists and objects only) and
are made once; parts stand outside of them by digest, so a part can be withheld or erased and the
signature still verifies. Must not know: the database, what the parts say.
"""

import hashlib
import json
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Any

import orjson

HEADER_LIMIT = 8 * 1024  # bytes


class NotCanonical(ValueError):
    """A value that a header cannot hold."""


def _normal(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, bool) or not isinstance(value, int | list | tuple | dict):
        raise NotCanonical(f"a header cannot hold {value!r}")
    if isinstance(value, int):
        return value
    if isinstance(value, dict):
        normal = {_normal(key): _normal(item) for key, item in value.items()}
        if len(normal) != len(value) or not all(isinstance(key, str) for key in normal):
            raise NotCanonical("keys must be text and differ after normalisation")
        return normal
    return [_normal(item) for item in value]


def canonical(header: dict[str, Any]) -> bytes:
    """The exact bytes to sign. Raises NotCanonical; equal headers give equal bytes."""
    text = json.dumps(_normal(header), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        raise NotCanonical("a header cannot hold half of a surrogate pair") from error
    if len(data) > HEADER_LIMIT:
        raise NotCanonical(f"a header of {len(data)} bytes is over {HEADER_LIMIT}")
    return data


@dataclass(frozen=True)
class Part:
    """A body with its salt; only the digest stands in the header."""

    body: bytes
    salt: bytes

    @classmethod
    def of(cls, data: dict[str, Any]) -> "Part":
        """The part of this data. Raises TypeError or ValueError for what JSON cannot hold."""
        try:
            return cls(orjson.dumps(data, option=orjson.OPT_SORT_KEYS), secrets.token_bytes(16))
        except orjson.JSONEncodeError as error:
            raise NotCanonical(str(error)) from error

    @property
    def digest(self) -> str:
        """SHA-256 over salt and body, hexadecimal."""
        return digest(self.salt, self.body)


def digest(salt: bytes, body: bytes) -> str:
    """SHA-256 over salt and body, hexadecimal."""
    return hashlib.sha256(bytes(salt) + bytes(body)).hexdigest()


def link(previous: bytes, header: bytes) -> bytes:
    """The next value of the hash chain: SHA-256(previous chain, header)."""
    return hashlib.sha256(bytes(previous) + bytes(header)).digest()

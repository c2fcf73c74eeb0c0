"""The node's signing keys and the check of signatures.

Owns: the private key files (readable by the owner alone; the first is `node.pem`, a later one
`node-N.pem`) and the choice of algorithm. Promises: a private key never leaves this file and is on
disk before anybody hears of it; what signs is the key whose number the log's head names; other
algorithms can join behind the same two functions because the algorithm is written in the key's
record. Must not know: what is signed, when keys are changed (link/rotation.py).
"""

import hashlib
import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from .models import LogHead, NodeKey

ALGORITHM = "ed25519"
MOST = 4  # private keys that are held at a time


class Signer:
    """Signs with a private key of this node; `id` names its public key record."""

    def __init__(self, private: Ed25519PrivateKey):
        self._private = private
        self.public = private.public_key().public_bytes_raw()
        self.id = id_of(self.public)

    def sign(self, message: bytes) -> bytes:
        """The signature of exactly these bytes."""
        return self._private.sign(message)


@cache
def _load(path: Path) -> Signer:
    return Signer(serialization.load_pem_private_key(path.read_bytes(), password=None))


def _path(number: int) -> Path:
    name = "node.pem" if number == 1 else f"node-{number}.pem"
    return Path(settings.KEYS_DIR) / name


def numbers() -> list[int]:
    """The private keys that are here, oldest first."""
    names = (path.stem.partition("-")[2] for path in Path(settings.KEYS_DIR).glob("node*.pem"))
    return sorted(int(name or 1) for name in names)


def make(number: int) -> Signer:
    """The key of this number, made where there is none; on disk when this returns."""
    path = _path(number)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        fresh = path.with_suffix(f".{os.getpid()}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(handle)
        os.replace(fresh, path)
        _sync(path.parent)
    return _load(path)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def signer(number: int | None = None) -> Signer:
    """This node's signer, of the number that the log's head names; made on the first call ever."""
    if number is None:
        number = LogHead.objects.values_list("key_number", flat=True).filter(id=1).first()
    if number is None or not _path(number).exists():
        number = max(numbers(), default=1)  # before the log has begun, or from an old copy
    return make(number)


def held() -> list[Signer]:
    """Every private key that is here, newest first; a peer may still know an older one alone."""
    return [_load(_path(number)) for number in reversed(numbers())]


def discard(before: int) -> None:
    """Remove the private keys that came before the one of this number."""
    for number in numbers():
        if number < before:
            _path(number).unlink(missing_ok=True)


def remember(one: Signer | None = None, *, replaces: str = "") -> NodeKey:
    """The record of this node's public key, written where it is not known yet."""
    one = one or signer()
    made, _new = NodeKey.objects.get_or_create(
        id=one.id,
        defaults={
            "node": settings.NODE_ID,
            "algorithm": ALGORITHM,
            "public": one.public,
            "created_at": datetime.now(UTC),
            "replaces": replaces,
        },
    )
    return made


def id_of(public: bytes) -> str:
    """The name of a public key's record, made of the key itself."""
    return hashlib.sha256(public).hexdigest()[:32]


def verify(algorithm: str, public: bytes, signature: bytes, message: bytes) -> bool:
    """Does the signature over these bytes belong to this public key?"""
    if algorithm != ALGORITHM:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True

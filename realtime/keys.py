"""The node's signing key and the check of signatures.

Owns: the private key file (readable by the owner alone) and the choice of algorithm. Promises:
the private key never leaves this file; other algorithms can join behind the same two functions
because the algorithm is written in the key's record. Must not know: what is signed.
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

from .models import NodeKey

ALGORITHM = "ed25519"


class Signer:
    """Signs with this node's private key; `id` names its public key record."""

    def __init__(self, private: Ed25519PrivateKey):
        self._private = private
        self.public = private.public_key().public_bytes_raw()
        self.id = id_of(self.public)

    def sign(self, message: bytes) -> bytes:
        """The signature of exactly these bytes."""
        return self._private.sign(message)


@cache
def _load(path: Path) -> Signer:
    try:
        pem = path.read_bytes()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(handle)
    return Signer(serialization.load_pem_private_key(pem, password=None))


def signer() -> Signer:
    """This node's signer; its key is made on the first call ever."""
    return _load(Path(settings.KEYS_DIR) / "node.pem")


def remember() -> None:
    """Write the record of this node's public key where it is not known yet."""
    NodeKey.objects.get_or_create(
        id=signer().id,
        defaults={
            "node": settings.NODE_ID,
            "algorithm": ALGORITHM,
            "public": signer().public,
            "created_at": datetime.now(UTC),
        },
    )


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

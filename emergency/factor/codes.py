"""The second factor as numbers: the secret, the code of a moment, recovery codes.

Owns: making, reading and comparing them, and the form in which a secret is kept. Promises: a code
is of RFC 6238 (SHA-1, six digits, 30 seconds, as every authenticator takes it) and may be one step
early or late; a secret is sealed with the node's own secret, so that a copy of the database alone
opens nothing; of a recovery code (79 bits) a hash is kept. Must not know: officers, who needs one.
"""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.utils.crypto import constant_time_compare

from ..spoken import groups

STEP, DIGITS, DRIFT = 30, 6, 1
SECRET_BYTES = 20  # RFC 4226, 4: 160 bits
RECOVERY_CODES = 10


def new_secret() -> bytes:
    """A secret that nobody has yet."""
    return secrets.token_bytes(SECRET_BYTES)


def by_hand(secret: bytes) -> str:
    """The secret in groups of four, for an authenticator that cannot read the picture."""
    text = base64.b32encode(secret).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def address(secret: bytes, username: str, node: str) -> str:
    """What the picture says to an authenticator (otpauth://)."""
    return _totp(secret).get_provisioning_uri(username, node)


def code_at(secret: bytes, moment: datetime) -> str:
    """The code of a moment."""
    return _totp(secret).generate(moment.timestamp()).decode()


def step_of(secret: bytes, code: str, moment: datetime, after: int) -> int | None:
    """The step, later than `after`, whose code this is; None for a wrong or used one."""
    now = int(moment.timestamp()) // STEP
    for step in range(max(now - DRIFT, after + 1), now + DRIFT + 1):
        if constant_time_compare(_totp(secret).generate(step * STEP).decode(), code):
            return step
    return None


def recovery_codes() -> list[str]:
    """Codes for the day on which the authenticator is lost, each good once."""
    return [groups(4) for _code in range(RECOVERY_CODES)]


def kept(codes: Sequence[str]) -> list[str]:
    """What is kept of recovery codes."""
    return [hashlib.sha256(read(code).encode()).hexdigest() for code in codes]


def read(text: str) -> str:
    """A code as people type it, without blanks, lines and capitals."""
    return "".join(sign for sign in text.lower() if sign.isalnum())[:64]


def sealed(secret: bytes) -> str:
    """The form in which a secret is kept."""
    return _seal().encrypt(secret).decode()


def opened(text: str) -> bytes | None:
    """The secret again; None where it was sealed with another secret of the node."""
    try:
        return _seal().decrypt(text.encode())
    except InvalidToken:
        return None


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, DIGITS, SHA1(), STEP, enforce_key_length=False)


def _seal() -> MultiFernet:
    words = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [hashlib.sha256(f"second factor\n{word}".encode()).digest() for word in words]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])

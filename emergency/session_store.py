"""Sessions in the database, asked only for keys that Django could have made.

Owns: nothing but that check. Promises: a forged cookie (control characters, other alphabets) is
nobody's and never reaches the database, which may refuse such text with an error. Must not know:
what a session holds.
"""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS

_ALLOWED = frozenset(VALID_KEY_CHARS)


def is_key(text: Any) -> bool:
    """Could this be the key of a session?"""
    return isinstance(text, str) and 8 <= len(text) <= 40 and _ALLOWED.issuperset(text)


class SessionStore(db.SessionStore):
    """Django's own, with a stricter idea of a key."""

    def _validate_session_key(self, key: Any) -> bool:
        return is_key(key)

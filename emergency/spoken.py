"""Secrets that people read out and type: groups of four letters and figures.

Owns: the alphabet and the draw. Promises: no sign that is read as another; almost 20 bits a group.
Must not know: what they open.
"""

import secrets

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"


def groups(count: int) -> str:
    """So many groups at random, with lines between them."""
    drawn = ("".join(secrets.choice(LETTERS) for _letter in range(4)) for _group in range(count))
    return "-".join(drawn)

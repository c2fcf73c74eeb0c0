"""Whether this node runs: every process of it holds one lock together, who replaces its data alone.

Owns: the lock file of the node. Promises: the lock ends with its process, however that ends; on
which port the node listens does not matter. Must not know: what the processes do.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

FILE = "running.lock"
_held: list = []  # for as long as the process lives


class Running(Exception):
    """A process of this node holds the lock."""


def hold() -> None:
    """This process is one of the node's from now on. Raises Running while its data is replaced."""
    _held.append(_locked(fcntl.LOCK_SH))


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else runs, or begins, meanwhile. Raises Running."""
    with _locked(fcntl.LOCK_EX):
        yield


def _locked(how: int):
    settings.NODE_DIR.mkdir(parents=True, exist_ok=True)
    file = (settings.NODE_DIR / FILE).open("a")
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise Running(f"{settings.NODE_ID} is running, or its data is being replaced") from error
    return file

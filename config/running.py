"""Whether this node runs: every process of it holds one lock together, who replaces its data alone.

Owns: the lock file of the node, and how each of its processes begins. Promises: no process writes
before the log's epoch is proven, or a restored log could grow past its marker unseen; the lock ends
with its process, however that ends. Must not know: what the processes do.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management.base import CommandError

from realtime import log
from realtime.start import NotDurable, open_log

FILE = "running.lock"
_held: list = []  # for as long as the process lives


class Running(Exception):
    """A process of this node holds the lock."""


def begin() -> log.Head:
    """This process is one of the node's from now on; where its log stands. Raises CommandError
    while its data is replaced, and for a database that may lose a commit."""
    try:
        _held.append(_locked(fcntl.LOCK_SH))
        return open_log()
    except (Running, NotDurable) as error:
        raise CommandError(str(error)) from error


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

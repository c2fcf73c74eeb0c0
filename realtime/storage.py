"""How much room is left for what has to be kept: files, and the database where it is a file.

Owns: the states ok, low and full, and which error means full. Promises: asks the file systems
themselves, so that a full disk is known without a write. Must not know: who tells people; the disk
of a PostgreSQL server elsewhere, whose errors alone say that it is full.
"""

import errno
import shutil
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _

from .problems import Problem

FULL_SQLSTATE = "53100"  # PostgreSQL: disk_full


class StorageFull(Problem):
    """Nothing more can be kept; what was asked for is not stored."""

    status = 507
    code = "storage_full"
    message = _("The disk of this node is full. This was not saved. Tell the system administrator.")


def state() -> str:
    """ok; low: an administrator should act; full: writes are about to be refused, or are."""
    free = min(shutil.disk_usage(path).free for path in _places()) / 2**20
    if free < settings.DISK_FULL_MB:
        return "full"
    return "low" if free < settings.DISK_LOW_MB else "ok"


def _places() -> list[Path]:
    """The folders, or what there is of the way to them."""
    wanted = [Path(settings.FILES_DIR), Path(settings.NODE_DIR) / "db"]
    return [next(one for one in (path, *path.parents) if one.exists()) for path in wanted]


def says_full(error: BaseException | None) -> bool:
    """Is this, or what caused it, the error of a full disk?"""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if getattr(error, "sqlstate", None) == FULL_SQLSTATE:
            return True
        if isinstance(error, DatabaseError) and "disk is full" in str(error):
            return True
        error = error.__cause__
    return False

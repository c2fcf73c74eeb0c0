"""A backup of a node as one file, taken while it runs, and its way back.

Owns: the form of the file: a tar with `manifest.json`, the database, files and keys. Promises: the
database is one consistent state; files are copied after it, so that what it names is there; the
file can be read by its owner alone; nothing is replaced on the way back unless it was asked for,
and what was there is moved aside, not deleted. The marker is neither saved nor touched: at the next
start it shows that the database is older, and the log begins a new epoch. Must not know: what rows
mean.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from config import running
from realtime import log

FORMAT = 1
SQLITE, DUMP = "database.sqlite3", "database.dump"
FOLDERS = ("files", "keys")
Say = Callable[[str], None]


class BackupError(Exception):
    """It cannot be done; the text says why and what to do."""


def back_up(target: Path, *, say: Say) -> dict[str, Any]:
    """Write a backup of this node to `target`, which must not exist; its manifest."""
    if target.exists():
        raise BackupError(f"{target} exists already")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as work:
        say("database …")
        database = _dump(Path(work))
        manifest = {
            "format": FORMAT,
            "node": settings.NODE_ID,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "database": database.name,
            "sha256": _sha256(database),
            "cursor_at_least": _position_in(database),
        }
        (Path(work) / "manifest.json").write_text(json.dumps(manifest, indent=2))
        fresh = target.with_name(f".{target.name}.part")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file, tarfile.open(fileobj=file, mode="w") as tar:
            for name in ("manifest.json", database.name):
                tar.add(Path(work) / name, arcname=name)
            for name, folder in _folders().items():
                say(f"{name} …")
                if folder.exists():
                    tar.add(folder, arcname=name, filter=_only_whole)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, target)
    return manifest


def restore(source: Path, *, replace: bool, say: Say) -> dict[str, Any]:
    """Put a backup in the place of this node's data; its manifest. The node must not run."""
    try:
        with running.alone():
            return _restore(source, replace, say)
    except running.Running as error:
        raise BackupError(f"{error}: stop the node first") from error


def _restore(source: Path, replace: bool, say: Say) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(dir=settings.VAR_DIR, prefix=".restore-") as work:
        say("reading …")
        manifest = _unpack(source, Path(work))
        database = Path(work) / manifest["database"]
        if (manifest["database"] == SQLITE) != (connection.vendor == "sqlite"):
            raise BackupError("the backup is of another kind of database than this node has")
        _put_aside(replace, say)
        say("database …")
        _load(database)
        for name, folder in _folders().items():
            if (Path(work) / name).exists():
                folder.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(Path(work) / name, folder)
    return manifest


def _folders() -> dict[str, Path]:
    return {"files": Path(settings.FILES_DIR), "keys": Path(settings.KEYS_DIR)}


def _only_whole(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Without pieces of files that are still on their way."""
    return None if member.name.endswith(".part") else member


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _dump(work: Path) -> Path:
    """One consistent state of the database, without stopping anybody."""
    if connection.vendor != "sqlite":
        target = work / DUMP
        _run(["pg_dump", "--format=custom", f"--file={target}", *_where()])
        return target
    target = work / SQLITE
    origin = sqlite3.connect(f"file:{connection.settings_dict['NAME']}?mode=ro", uri=True)
    copy = sqlite3.connect(target)
    try:
        origin.backup(copy)
    finally:
        copy.close()
        origin.close()
    return target


def _position_in(database: Path) -> int:
    """The position that the log has in the copy; on a server, that it had at least."""
    if database.name != SQLITE:
        return log.head().position
    copy = sqlite3.connect(database)
    try:
        return copy.execute("SELECT position FROM realtime_loghead").fetchone()[0]
    finally:
        copy.close()


def _unpack(source: Path, work: Path) -> dict[str, Any]:
    try:
        with tarfile.open(source) as tar:
            tar.extractall(work, filter="data")
        manifest = json.loads((work / "manifest.json").read_text())
        if manifest["format"] != FORMAT or manifest["node"] != settings.NODE_ID:
            raise BackupError(f"this is a backup of {manifest['node']}, not of {settings.NODE_ID}")
        if _sha256(work / manifest["database"]) != manifest["sha256"]:
            raise BackupError("the database in the backup is damaged")
    except (OSError, tarfile.TarError, ValueError, KeyError) as error:
        raise BackupError(f"{source} is no backup, or a damaged one: {error}") from error
    return manifest


def _put_aside(replace: bool, say: Say) -> None:
    """Move what is there out of the way."""
    known = [folder for folder in _folders().values() if folder.exists()]
    if connection.vendor == "sqlite":
        file = Path(connection.settings_dict["NAME"])
        connection.close()
        known += [path for end in ("", "-wal", "-shm") if (path := Path(f"{file}{end}")).exists()]
    if not known:
        return
    if not replace:
        raise BackupError("this node has data; --replace moves it aside")
    aside = settings.NODE_DIR / f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    aside.mkdir(parents=True)
    for path in known:
        shutil.move(path, aside / path.name)
    say(f"what was there is in {aside}")


def _load(database: Path) -> None:
    if connection.vendor != "sqlite":
        connection.close()
        _run(["pg_restore", "--clean", "--if-exists", "--no-owner", *_where(), str(database)])
        return
    target = Path(connection.settings_dict["NAME"])
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(database, target)


def _where() -> list[str]:
    """How PostgreSQL's own programs find the database."""
    own = connection.settings_dict
    words = [f"--dbname={own['NAME']}"]
    for option, name in (("host", "HOST"), ("port", "PORT"), ("username", "USER")):
        if own.get(name):
            words.append(f"--{option}={own[name]}")
    return words


def _run(command: list[str]) -> None:
    env = os.environ | {"PGPASSWORD": connection.settings_dict.get("PASSWORD") or ""}
    try:
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise BackupError(f"{command[0]} is missing: install PostgreSQL's client") from error
    if done.returncode:
        raise BackupError(f"{command[0]} failed: {done.stderr.strip()[-500:]}")

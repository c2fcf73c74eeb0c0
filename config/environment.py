"""Reads the process environment once, with names, kinds and defaults in one place.

Owns: every BELLTOWER_* name (docs/settings.md and .env.example list them; a test compares).
Promises: a wrong value stops the start with the name and what was expected. Must not know:
Django.
"""

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
NODE_PATTERN = re.compile(r"[a-z0-9-]+")
NAMES: dict[str, str] = {}


class BadSetting(Exception):
    """An environment value that cannot be used."""


def text(name: str, default: str = "") -> str:
    """The value of BELLTOWER_<name>, or the default."""
    NAMES[name] = default
    return os.environ.get(f"BELLTOWER_{name}", default)


def number(name: str, default: int) -> int:
    """A whole number."""
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit():
        raise BadSetting(f"BELLTOWER_{name} must be a whole number, not {value!r}")
    return int(value)


def flag(name: str, default: bool) -> bool:
    """1 or 0."""
    value = text(name, "1" if default else "0")
    if value not in ("0", "1"):
        raise BadSetting(f"BELLTOWER_{name} must be 0 or 1, not {value!r}")
    return value == "1"


def choice(name: str, known: tuple[str, ...], default: str) -> str:
    """One of a few words."""
    value = text(name, default)
    if value not in known:
        raise BadSetting(f"BELLTOWER_{name} must be one of {', '.join(known)}, not {value!r}")
    return value


def words(name: str, default: str = "") -> list[str]:
    """Comma-separated values, empty ones left out."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def file(name: str) -> str:
    """What stands in the file of this name; empty where none is named."""
    path = text(name)
    try:
        return Path(path).read_text(encoding="utf-8").strip() if path else ""
    except OSError as error:
        raise BadSetting(f"BELLTOWER_{name}: {path} cannot be read") from error


def node_id() -> str:
    """This node's id: small Latin letters, digits and hyphens."""
    value = text("NODE", "xian")
    if not NODE_PATTERN.fullmatch(value):
        raise BadSetting(f"BELLTOWER_NODE must match [a-z0-9-]+, not {value!r}")
    return value


def own(folder: Path) -> Path:
    """This folder, made if it is not there, open to the owner alone with all that lies in it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.stat().st_mode & 0o077:
        with suppress(OSError):  # of another owner, or where nothing can be written
            folder.chmod(0o700)
    return folder


def secret(path: Path) -> str:
    """The secret in this file; made on the first start, readable by the owner alone."""
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(64))
    return path.read_text().strip()

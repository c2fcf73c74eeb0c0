"""What the tests need from the machine itself: PostgreSQL, Redis, a browser, Chinese fonts, and an
office program that opens the documents.

Owns the list, how each is recognised and how Debian names it. Promises to touch nothing that is
already there, to start no database cluster, and, where it may not install (no root, no sudo
without a password, no apt-get), to say what is missing and how to get it.
"""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from scripts.steps import StepFailed, run_step

OLDEST_POSTGRESQL = 15
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")
CHINESE_FONT = re.compile(r"CJK|wqy|wenquan|HanSans|HanSerif|uming|ukai", re.IGNORECASE)
NO_CLUSTER = "/etc/postgresql-common/createcluster.d/no-main-cluster.conf"


@dataclass(frozen=True)
class Need:
    """One thing the tests need and the Debian package that brings it."""

    name: str
    package: str
    present: bool


def postgresql_bin() -> Path | None:
    """The folder with initdb and postgres of the newest PostgreSQL that is new enough."""
    found = sorted(
        (int(folder.parent.name), folder)
        for folder in Path("/usr/lib/postgresql").glob("*/bin")
        if folder.parent.name.isdigit() and (folder / "initdb").exists()
    )
    if found and found[-1][0] >= OLDEST_POSTGRESQL:
        return found[-1][1]
    on_path = shutil.which("initdb")
    if on_path:
        version = subprocess.run([on_path, "--version"], capture_output=True, text=True).stdout
        major = re.search(r"(\d+)", version)
        if major and int(major[1]) >= OLDEST_POSTGRESQL:
            return Path(on_path).resolve().parent
    return None


def browser() -> str | None:
    """The path of a Chromium, or the one named by BELLTOWER_CHROMIUM."""
    named = os.environ.get("BELLTOWER_CHROMIUM")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)


def has_chinese_font() -> bool:
    """True when some installed font draws Chinese."""
    folders = (Path(folder) for folder in FONT_FOLDERS)
    return any(CHINESE_FONT.search(file.name) for folder in folders for file in folder.rglob("*"))


def needs() -> list[Need]:
    """All that the tests need from the machine, with what is there."""
    return [
        Need("PostgreSQL 15 or newer", "postgresql", postgresql_bin() is not None),
        Need("Redis", "redis-server", shutil.which("redis-server") is not None),
        Need("Chromium", "chromium", browser() is not None),
        Need("LibreOffice Writer", "libreoffice-writer-nogui", shutil.which("soffice") is not None),
        Need("a Chinese font", "fonts-noto-cjk", has_chinese_font()),
    ]


def bring_system_packages() -> None:
    """Install what is missing, or say plainly what to install."""
    missing = [need for need in needs() if not need.present]
    if not missing:
        return
    packages = [need.package for need in missing]
    prefix = _as_root()
    if prefix is None or not shutil.which("apt-get"):
        raise StepFailed(
            f"The tests need {', '.join(need.name for need in missing)}, and this account may not "
            f"install packages.\nInstall and start again:\n"
            f"    sudo apt-get install {' '.join(packages)}"
        )
    if "postgresql" in packages:
        folder = os.path.dirname(NO_CLUSTER)
        script = f"mkdir -p {folder} && echo create_main_cluster=false > {NO_CLUSTER}"
        run_step("PostgreSQL without a cluster of its own", [*prefix, "sh", "-c", script])
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    apt += ["-o", "DPkg::Lock::Timeout=300"]
    run_step("Package lists", [*apt, "update"])
    install = [*apt, "install", "--yes", "--no-install-recommends", *packages]
    run_step(f"System packages: {', '.join(packages)}", install)
    still = [need.name for need in needs() if not need.present]
    if still:
        raise StepFailed(f"Installed, but still not found: {', '.join(still)}.")


def _as_root() -> list[str] | None:
    """The words before a command that needs root; None where there is no way."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True).returncode == 0:
        return [sudo, "-n"]
    return None

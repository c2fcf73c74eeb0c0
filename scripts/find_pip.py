"""Bring pip into a virtual environment on a Python that ships without ensurepip.

Debian splits ensurepip into a package of its own. Tried in order, none of them as root:
ensurepip, the machine's own pip, Debian's signed package of the pip wheel unpacked in a folder of
ours. Promises a working `python -m pip` or a StepFailed that names the package to install.
"""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.steps import StepFailed, run_step

WHEEL_PACKAGE = "python3-pip-whl"


def has_pip(python: Path) -> bool:
    """True when this interpreter starts and has pip."""
    if not python.exists():
        return False
    return subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode == 0


def bring_pip(python: Path, scratch: Path) -> None:
    """Install pip for `python` by the first way that this machine offers."""
    title = "pip for the virtual environment"
    if importlib.util.find_spec("ensurepip"):
        run_step(title, [python, "-m", "ensurepip", "--default-pip"])
    elif importlib.util.find_spec("pip"):
        run_step(title, [sys.executable, "-m", "pip", "--python", python, "install", "pip"])
    elif shutil.which("apt-get") and shutil.which("dpkg-deb"):
        wheel = _wheel_from_debian(scratch)
        run_step(title, [python, wheel / "pip", "install", "--no-index", wheel])
    shutil.rmtree(scratch, ignore_errors=True)
    if not has_pip(python):
        raise StepFailed(
            "This Python has neither ensurepip nor pip. Install one of them and start again:\n"
            "    sudo apt-get install python3-venv"
        )


def _wheel_from_debian(scratch: Path) -> Path:
    """The pip wheel out of Debian's package, fetched with package lists of our own."""
    lists, cache = scratch / "lists", scratch / "cache"
    shutil.rmtree(scratch, ignore_errors=True)
    for folder in (lists / "partial", cache / "archives" / "partial"):
        folder.mkdir(parents=True)
    own = ["-o", f"Dir::State::lists={lists}", "-o", f"Dir::Cache={cache}"]
    own += ["-o", "Acquire::Languages=none", "-o", "APT::Sandbox::User="]
    run_step("Package lists", ["apt-get", *own, "update"])
    where = subprocess.run(
        ["apt-get", *own, "download", WHEEL_PACKAGE],
        cwd=scratch,
        capture_output=True,
        text=True,
        check=False,
    )
    packages = list(scratch.glob(f"{WHEEL_PACKAGE}_*.deb"))
    if not packages:
        raise StepFailed(
            f"apt-get could not download {WHEEL_PACKAGE}:\n{where.stderr}\n"
            "Install it by hand and start again:\n    sudo apt-get install python3-venv"
        )
    run_step("Unpacking pip", ["dpkg-deb", "-x", packages[0], scratch / "unpacked"])
    return next((scratch / "unpacked/usr/share/python-wheels").glob("pip-*.whl"))

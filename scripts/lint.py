"""`make lint`: every check of the tree, all of them run, one line each.

Owns the list and the order. Promises that each check runs even when an earlier one failed, that a
failing one shows its whole output and that the exit code is then 1. The checks need no database.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
CHECKS = {
    "style": [PYTHON, "-m", "ruff", "check", "."],
    "format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "import directions": [
        PYTHON,
        "-c",
        "from importlinter.cli import lint_imports_command as run; run()",
    ],
    "file lengths": [PYTHON, "-m", "scripts.check_files"],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "translations": [PYTHON, "-m", "scripts.check_translations"],
    "templates": [PYTHON, "-m", "scripts.check_templates"],
    "names in modules": [PYTHON, "-m", "scripts.check_names"],
}


def main() -> int:
    """Run all checks; 0 when all pass."""
    clean = {name: value for name, value in os.environ.items() if "BELLTOWER_" not in name}
    failed = []
    with tempfile.TemporaryDirectory() as var:
        for title, command in CHECKS.items():
            started = time.monotonic()
            done = subprocess.run(
                command,
                cwd=ROOT,
                env=clean | {"BELLTOWER_VAR": var, "DJANGO_SETTINGS_MODULE": "config.settings"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            outcome = "FAILED" if done.returncode else "ok"
            print(f"{title}: {outcome} ({time.monotonic() - started:.1f} s)", flush=True)
            if done.returncode:
                failed.append(title)
                print(done.stdout, flush=True)
    print(f"lint: {', '.join(failed)} failed" if failed else f"lint: {len(CHECKS)} checks passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

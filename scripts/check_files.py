"""Files stay short: nothing that people write is longer than the limit.

Owns the limit and what it covers. Migrations and translations are exempt. Promises one line per
file that is too long and exit code 1 then.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 320
KINDS = ("*.py", "*.js", "*.css", "*.html")
EXEMPT = {"migrations", "locale"}


def too_long(root: Path, files: list[str]) -> list[str]:
    """One line for each of these files that passes the limit."""
    found = []
    for name in files:
        if EXEMPT.intersection(Path(name).parts):
            continue
        lines = len((root / name).read_text(encoding="utf-8").splitlines())
        if lines > LONGEST:
            found.append(f"{name}: {lines} lines, at most {LONGEST}")
    return found


def project_files(*patterns: str) -> list[str]:
    """What git knows or would add under these patterns, so that ignored folders stay out."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    names = set(filter(None, done.stdout.split("\0")))
    return sorted(name for name in names if (ROOT / name).is_file())


def main() -> int:
    """Print what is too long; 0 when nothing is."""
    found = too_long(ROOT, project_files(*KINDS))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

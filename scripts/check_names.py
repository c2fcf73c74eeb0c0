"""Names in ES modules that are constants of another module and not imported.

Owns: that one check. Promises: exported names in capitals that a module uses without importing or
declaring them are told, one line each, and the exit code is then 1. Must not know: anything else of
JavaScript.
"""

import re
import sys
from pathlib import Path

from scripts.check_files import ROOT

EXPORT = re.compile(r"^export (?:const|let|function|async function|class) (\w+)", re.MULTILINE)
IMPORT = re.compile(r"import\s*\{([^}]*)\}", re.DOTALL)
DECLARED = re.compile(r"\b(?:const|let|var|function|class)\s+(\w+)")
TEXT = re.compile(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"", re.DOTALL)
CAPITALS = re.compile(r"(?<![.\w])([A-Z][A-Z_]{2,})\b(?!\s*:)")


def main() -> int:
    """0 when every such name is known where it is used."""
    modules = {path: path.read_text(encoding="utf-8") for path in sorted(_modules())}
    exported = {name for text in modules.values() for name in EXPORT.findall(text)}
    found = 0
    for path, text in modules.items():
        imported = [part for group in IMPORT.findall(text) for part in group.split(",")]
        known = {part.split(" as ")[-1].strip() for part in imported}
        known |= set(DECLARED.findall(text))
        for name in sorted(set(CAPITALS.findall(TEXT.sub(" ", text))) & exported - known):
            print(f"{path.relative_to(ROOT)}: {name} is not imported")
            found += 1
    return 1 if found else 0


def _modules() -> list[Path]:
    return list((ROOT / "static/js").glob("*.js"))


if __name__ == "__main__":
    sys.exit(main())

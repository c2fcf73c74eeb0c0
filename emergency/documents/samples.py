"""An example of what a document of each kind says.

Owns: `samples.json`. Promises: every tag of a kind with a value as it may be; a new template is
filled in with it before it is put in force, and an office reads from it which tags there are. Must
not know: templates.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("samples.json")


@cache
def _all() -> dict[str, dict[str, Any]]:
    return json.loads(FILE.read_text(encoding="utf-8"))


def said(kind: str) -> dict[str, Any]:
    """All that a document of this kind says."""
    own = _all()[kind]
    if kind == "special":
        own = _all()["report"] | own
    return _all()["common"] | own


def places() -> list[dict[str, Any]]:
    """Of the sketch."""
    return _all()["special"]["places"]


def tags(kind: str) -> list[tuple[str, str]]:
    """Each tag as it is written in a template, with its example; of rows and paragraphs also what
    repeats them."""
    found = []
    for name, value in said(kind).items():
        if not isinstance(value, list):
            found.append((f"{{{{ {name} }}}}", value))
        elif value and isinstance(value[0], dict):
            found.append((f"{{%tr for row in {name} %}} … {{%tr endfor %}}", ""))
            found += [(f"{{{{ row.{one} }}}}", str(text)) for one, text in value[0].items()]
        else:
            found.append((f"{{%p for line in {name} %}} … {{%p endfor %}}", ""))
            found.append(("{{ line }}", value[0] if value else ""))
    if kind == "special":
        found.append(("{{ picture }}", ""))
    return found

"""A foreign file that fits into memory, handed to a confined child on its stdin.

Owns: the child's start, its environment and its deadline. Promises: two children at a time; one
that crashes, hangs or says nothing has read a damaged file. Must not know: what the child reads.
"""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from .confine import namespace

ROOT = Path(__file__).resolve().parent.parent.parent
DAMAGED: dict[str, Any] = {"code": "damaged", "detail": ""}
_turn = threading.BoundedSemaphore(2)  # children at a time


def in_child(module: str, content: bytes, *, seconds: int) -> tuple[dict[str, Any], bytes]:
    """What this module says of the content in its first line (JSON), and what comes after it."""
    prefix = namespace()
    where = ["in-namespace"] if prefix else []
    with _turn:
        try:
            done = subprocess.run(
                [*prefix, sys.executable, "-m", module, *where],
                input=content,
                capture_output=True,
                cwd=ROOT,
                env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "PYTHONUTF8": "1"},
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return DAMAGED, b""
    line, _newline, rest = done.stdout.partition(b"\n")
    if done.returncode or not line:
        return DAMAGED, b""
    return json.loads(line), rest

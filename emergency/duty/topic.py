"""Who is told live of the duty log, of rosters, roll calls and
handovers.

Owns: the answer to the one door of rights. Promises: the desk of the node's own organisation, and
nobody else. Must not know: how it is told.
"""

from collections.abc import Collection
from typing import Any

from realtime.access import View

from ..rights import Rights
from ..roles import VERBS

KINDS = frozenset({"duty", "roster", "swap", "rollcall", "handover"})


def scopes(_abouts: Collection[str]) -> dict[str, Any]:
    """An entry is for the whole desk or for nobody."""
    return {}


def view(rights: Rights, _scope: object) -> View:
    """All of it or nothing."""
    here = rights.everywhere and "duty.see" in VERBS[rights.role]
    return View.FULL if here else View.NONE

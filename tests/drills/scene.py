"""What the tests of drills share: an exercise, as a service and as a page take it.

Owns: no rules.
"""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

PEOPLE = [
    {"organisation": "610100", "part": "control"},
    {"organisation": "dept-fire", "part": "play"},
    {"organisation": "dept-police", "part": "evaluate"},
]


def said(**fields: Any) -> dict[str, Any]:
    """What an exercise is, for the service."""
    base = {
        "title": "汛期桌面演练", "plan": "flood", "form": "tabletop", "scope": "full",
        "purpose": "test", "objectives": ["检验会商"], "minutes": 120, "participants": PEOPLE,
        "starts_at": datetime.now(UTC) + timedelta(days=30),
    }  # fmt: skip
    return base | fields


def form(people: list[dict[str, str]] = PEOPLE, known: int = 0, **fields: Any) -> dict[str, str]:
    """The same as the page sends it."""
    sent = {
        "title": "汛期桌面演练", "plan": "flood", "form": "tabletop", "scope": "full",
        "purpose": "test", "objectives": "检验会商\n检验转移", "minutes": "120",
        "starts_at": "2099-06-01T09:00", "id": str(uuid.uuid4()),
        "people-TOTAL_FORMS": len(people) + 4, "people-INITIAL_FORMS": known,
    }  # fmt: skip
    for place, one in enumerate([*people, {}, {}, {}, {}]):
        for name, value in one.items():
            sent[f"people-{place}-{name}"] = value
    return sent | fields

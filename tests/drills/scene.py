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


def line(number: int = 1, **fields: Any) -> dict[str, Any]:
    """What an inject says, for the service."""
    truth = {
        "type_code": "11B03", "grade": 2, "level": "II", "lon": 108.94, "lat": 34.02, "dead": None,
        "injured": 3, "missing": None, "trapped": 0, "share_with": ["dept-police"],
    }  # fmt: skip
    expected = [
        {"metric": "T1", "organisation": "dept-fire", "target": 1, "limit": 5, "weight": 2,
         "note": "接到电话后登记"},
        {"metric": "A3", "organisation": "dept-fire", "target": 50, "limit": 500, "weight": 1,
         "note": ""},
    ]  # fmt: skip
    base = {
        "number": number, "minutes": number * 5, "phase": "先期处置", "channel": "phone",
        "sender": "群众", "recipients": ["dept-fire"], "content": f"第{number}个：村道被淹",
        "place": "喂子坪村", "late": "send", "optional": False, "truth": truth,
        "expected": expected,
    }  # fmt: skip
    return base | fields


def inject_form(one: dict[str, Any], known: int = 0, **fields: Any) -> dict[str, Any]:
    """The same as the page sends it."""
    truth = one["truth"]
    sent = {name: value for name, value in one.items() if name not in ("truth", "expected")}
    sent |= {name: value for name, value in truth.items() if value is not None}
    sent["position"] = f"{truth['lon']}, {truth['lat']}"
    for name in ("lon", "lat"):
        sent.pop(name, None)
    if not sent.pop("optional"):
        sent.pop("optional", None)
    sent |= {
        "id": str(uuid.uuid4()),
        "expected-TOTAL_FORMS": len(one["expected"]) + 3,
        "expected-INITIAL_FORMS": known,
    }
    for place, each in enumerate([*one["expected"], {}, {}, {}]):
        for name, value in ({"weight": 1} | each).items():
            sent[f"expected-{place}-{name}"] = value
    return sent | fields

"""What an event must look like to be read: everything else is left out, the same at every node.

Owns: for each kind of thing the fields that timeline, metrics, judges and replay read, and what
they may hold. Promises: pure; never raises. The log checks the names of fields alone, and a version
that was superseded before it came is never applied, so nothing of another node is taken on trust
here. Must not know: what a field means.
"""

import math
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from .. import shapes

Check = Callable[[Any], bool]
MOST = 10**12  # milliseconds, metres, points: beyond anything that is meant
OWN = frozenset(str(points) for points in range(101))  # what a row that is measured takes


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _whole(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MOST


def _or_none(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _moment(value: Any) -> bool:
    try:
        return datetime.fromisoformat(value).utcoffset() is not None
    except (TypeError, ValueError):
        return False


def _degrees(most: float) -> Check:
    def check(value: Any) -> bool:
        number = type(value) in (int, float)
        return number and math.isfinite(value) and abs(value) <= most

    return check


def _fields(checks: Mapping[str, Check], more: Mapping[str, Check] | None = None) -> Check:
    """A dict with these fields, and with those of `more` where they are there."""
    known = dict(more or {})

    def check(value: Any) -> bool:
        return (
            isinstance(value, dict)
            and all(name in value and checks[name](value[name]) for name in checks)
            and all(one(value[name]) for name, one in known.items() if name in value)
        )

    return check


def _each(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(map(check, value))


def _raises_not(check: Callable[[Any], None]) -> Check:
    def held(value: Any) -> bool:
        try:
            check(value)
        except (ValueError, TypeError, KeyError):
            return False
        return True

    return held


_PLACE = _fields({"lon": _degrees(180), "lat": _degrees(90)})
_GRADE = _or_none(lambda value: type(value) is int and 1 <= value <= 4)
_TRUTH = _fields({}, {
    "type_code": _or_none(_text), "grade": _GRADE, "level": _or_none(_text),
    "lon": _or_none(_degrees(180)), "lat": _or_none(_degrees(90)), "share_with": _texts,
})  # fmt: skip
_EXPECTED = _fields({
    "metric": _text, "organisation": _text, "target": _whole, "limit": _whole, "weight": _whole,
})  # fmt: skip
_INJECT = _fields(
    {"id": _text, "number": _whole, "state": _text, "at": _or_none(_whole),
     "recipients": _texts, "truth": _TRUTH, "expected": _each(_EXPECTED)},
    {"content": _text, "sender": _text},
)  # fmt: skip
_ABOUT = {"incident": _text}
_WORDS = {"author_name": _text, "text": _text, "name": _text, "matter": _text}
KINDS: dict[str, Check] = {
    "exercise": _fields(
        {"participants": _each(_fields({"organisation": _text, "node": _text, "part": _text}))},
        {"home": _text},
    ),
    "clock": _fields({"since": _moment, "at": _whole, "state": _text,
                      "speed": lambda value: type(value) is int and 1 <= value <= 100}),
    "inject": lambda data: _INJECT(data) and (data["state"] != "sent" or data["at"] is not None),
    "criteria": _fields({"items": _raises_not(shapes.criteria),
                         "grades": _raises_not(shapes.points)}),
    "mark": _fields({"row": _text, "value": _text, "note": _text, "author": _text,
                     "author_name": _text, "organisation": _text}),
    "arrival": _fields({"inject": _text, "at": _whole}),
    "reply": _fields({"inject": _text, "incident": _text, "organisation": _text}),
    "incident": _fields(
        {"id": _text, "organisations": _each(_fields({"code": _text, "ground": _text})),
         "state": _text, "grade": _GRADE, "type_code": _text, "location": _or_none(_PLACE)},
        {"title": _text, "type_name": _text, "number": _text, "district_name": _text,
         "received_by": _text, "home": _text},
    ),
    "report": _fields(_ABOUT | {"kind": _text, "reported_at": _moment,
                                "filled": _texts, "lacking": _texts}, _WORDS),
    "activation": _fields(_ABOUT | {"level": _text}, _WORDS),
    "task": _fields(_ABOUT | {"id": _text, "organisation": _text, "due_at": _moment}, _WORDS),
    "step": _fields({"task": _text, "kind": _text}, _WORDS | _ABOUT),
    "receipt": _fields(_ABOUT | {"organisation": _text}, _WORDS),
    "entry": _fields(_ABOUT, _WORDS),
    "attachment": _fields(_ABOUT, _WORDS),
    "end": _fields(_ABOUT, _WORDS),
}  # fmt: skip


def fits(subject: str, data: Any) -> bool:
    """May this be read as the kind that its subject says? Kinds that nobody reads do."""
    check = KINDS.get(subject.partition("/")[0])
    return check is None or check(data)

"""What the data of another node must look like before anything here reads it.

Owns: shapes beyond the names of fields, which the log checks. Promises: raises ValueError, so that
what is of no use is parked and counts nowhere. Must not know: tables, who sent it.
"""

from datetime import datetime
from typing import Any

LINE, KEY = 500, 120
YEARS = 1970, 2999
MOST_POINTS, MOST_WEIGHT = 100, 100
CRITERION = {
    "id": 32, "organisation": 40, "objective": LINE, "text": LINE, "scale": 8,
}  # fmt: skip


def texts(said: dict[str, Any], limits: dict[str, int]) -> None:
    """Each of these is a text of at most so many characters."""
    for name, limit in limits.items():
        if not isinstance(said[name], str) or len(said[name]) > limit or "\0" in said[name]:
            raise ValueError(f"{name}: of no possible length")


def moment(text: Any) -> datetime:
    """A moment with its zone, of a year that can be shown."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None or not YEARS[0] <= found.year <= YEARS[1]:
        raise ValueError("no possible moment")
    return found


def whole(value: Any, most: int) -> None:
    """A whole number from 0 to `most`."""
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError("a number out of bounds")


def points(table: Any) -> None:
    """Values of a scale, or grades, each with its points of a hundred."""
    if not isinstance(table, dict) or not all(isinstance(name, str) for name in table):
        raise ValueError("of another shape of points")
    for value in table.values():
        whole(value, MOST_POINTS)


def criteria(items: Any) -> None:
    """Items of an evaluation."""
    if not isinstance(items, list):
        raise ValueError("of another shape of items")
    for one in items:
        if not isinstance(one, dict) or one.keys() != {*CRITERION, "points", "weight", "veto"}:
            raise ValueError("of another shape of an item")
        texts(one, CRITERION)
        points(one["points"])
        whole(one["weight"], MOST_WEIGHT)
        if not isinstance(one["veto"], bool):
            raise ValueError("of another shape of a veto")

"""Every byte of a sample item flipped: nothing that was changed is taken for genuine.

Owns: the changes. `unpack` and the known keys are handed in, so that the same loop runs on whatever
checks items. Must not know: how items are checked.
"""

from collections.abc import Callable, Iterator
from typing import Any

import orjson

Fields = dict[str, Any]


def flipped(item: Fields) -> Iterator[tuple[int, bytes]]:
    """Each byte of the item as it stands in a frame, with one of its bits changed."""
    data = orjson.dumps(item)
    for at in range(len(data)):
        changed = bytearray(data)
        changed[at] ^= 1 << at % 8
        yield at, bytes(changed)


def taken_for_genuine(
    item: Fields, unpack: Callable[[Any], Any], malformed: type[Exception]
) -> tuple[int, list[int]]:
    """How many changes were tried, and where one was not noticed though it says something else."""
    tried, passed = 0, []
    for at, data in flipped(item):
        tried += 1
        try:
            raw = orjson.loads(data)
        except ValueError:
            continue  # no frame at all
        try:
            unpack(raw)
        except malformed:
            continue
        if not _means_the_same(raw, item):
            passed.append(at)
    return tried, passed


def _means_the_same(raw: Fields, item: Fields) -> bool:
    """Is all that a node stores the same: hexadecimal may be written in capitals?"""

    def stored(one: Fields) -> Any:
        parts = {name: (salt.lower(), body) for name, (salt, body) in one["parts"].items()}
        return one["header"], one["signature"].lower(), parts

    return stored(raw) == stored(item)

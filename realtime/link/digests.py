"""Proof of equality: what both ends of a link may hold, counted and summed by the hour, by the day
where that is long ago.

Owns: the sums, and the questions and answers by which two ends find what one of them lacks: hours
that differ, then parts of an hour (by the first byte of the hash), then ids. Promises: only equal
states of sharing are compared: set `first` is what both may hold by its header alone, the shares
between them among it, so that it needs no knowledge to be counted alike: a share with a third node
needs its thing, which may be what was lost. A node that lost its own things gets them back before
anything is judged by them; set `rest` follows once `first` is equal. Where a log never rests, a
comparison is of what is stamped `until` a moment: what both were told by then is equal or is not,
whatever comes meanwhile. What is found missing is asked for and sent, in at most three round trips;
reading goes on from where the last comparison ended. Must not know: frames, who asks when.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Sum
from django.utils import timezone

from .. import log
from ..models import Envelope, Share
from .sharing import Sharing

CHUNK = 2000
MODULUS = 2**256
MOST_IDS = 5000
MOST_KEYS, MOST_PARTS = 512, 4096  # of one answer; the next comparison goes on with the others
RECENT = 62 * 24  # hours that are told one by one
DAY = "d"
LATEST = 2**31 - 1  # hours since 1970 that the column holds
Sums = dict[str, list]
# what a sum needs of an envelope, as a tuple: a hundred thousand are read at once
POSITION, HOUR, HASH, AUDIENCE, RELAY, ABOUT = range(6)
COLUMNS = ("position", "hour", "hash", "audience", "relay", "about")


@dataclass(frozen=True)
class Answer:
    """What follows from a digest: the next one, ids to ask for, ids to send; or equality."""

    equal: bool = False
    next: tuple[str, str, dict[str, Any]] | None = None
    want: list[str] = field(default_factory=list)
    surplus: list[str] = field(default_factory=list)


class Ledger:
    """The sums over everything that this node holds and both it and one peer may hold."""

    def __init__(self, peer: str):
        self.peer = peer
        self._ends = f" {settings.NODE_ID} ", f" {peer} "
        self._position = 0
        self._state: Any = None
        self._hours: dict[str, dict[int, tuple[int, int]]] = {}

    def forget(self) -> None:
        """Begin anew at the next question: something did not fit."""
        self._state = None

    def hours(self, which: str, until: datetime | None = None) -> Sums:
        """Count and sum by hour, of `first` or of `rest`; `until` this moment, None for all."""
        self._read_on()
        hours = dict(self._hours[which])
        later = {"time__gt": until, "position__lte": self._position}
        for row in self._rows(**later) if until else ():
            if self._set_of(row) == which:
                count, total = hours.get(row[HOUR], (0, 0))
                hours[row[HOUR]] = (count - 1, (total - int.from_bytes(row[HASH])) % MODULUS)
        told: dict[str, tuple[int, int]] = {}
        since = (int((until or timezone.now()).timestamp()) // 86400) * 24 - RECENT
        for hour, (count, total) in hours.items():
            key = str(hour) if hour >= since else f"{hour // 24}{DAY}"
            counted, summed = told.get(key, (0, 0))
            told[key] = counted + count, (summed + total) % MODULUS
        return {key: [count, f"{total:064x}"] for key, (count, total) in told.items() if count}

    def _read_on(self) -> None:
        state = Share.objects.aggregate(n=Count("id"), revs=Sum("rev"))
        if state != self._state:
            self._state, self._position = state, 0
            self._hours = {"first": {}, "rest": {}}
        after, self._position = self._position, log.head().position
        for row in self._rows(position__gt=after, position__lte=self._position):
            hours = self._hours[self._set_of(row)]
            count, total = hours.get(row[HOUR], (0, 0))
            hours[row[HOUR]] = (count + 1, (total + int.from_bytes(row[HASH])) % MODULUS)

    def of_hours(
        self, which: str, hours: list[str], until: datetime | None = None
    ) -> dict[str, dict[str, list[tuple]]]:
        """The rows of these hours, or days, by them and by part."""
        found: dict[str, dict[str, list[tuple]]] = {key: {} for key in hours}
        key_of = {hour: key for key in hours for hour in _hours_of(key)}
        for row in self._rows(hour__in=list(key_of), **({"time__lte": until} if until else {})):
            if self._set_of(row) == which:
                part = bytes(row[HASH][:1]).hex()
                found[key_of[row[HOUR]]].setdefault(part, []).append(row)
        return found

    def _rows(self, **wanted: Any) -> Iterator[tuple]:
        """Rows that both ends may hold now, in the order of the log."""
        found = Envelope.objects.filter(**wanted).order_by("position").values_list(*COLUMNS)
        chunk: list[tuple] = []
        for row in found.iterator(chunk_size=CHUNK):
            chunk.append(row)
            if len(chunk) == CHUNK:
                yield from self._held(chunk)
                chunk = []
        yield from self._held(chunk)

    def _held(self, chunk: list[tuple]) -> Iterator[tuple]:
        """Those of a chunk that both may hold; most are decided by their header alone."""
        here, there = self._ends
        open_, about = [], set()
        for row in chunk:
            by_header = self._by_header(row)
            if by_header or row[RELAY] != "none":
                open_.append((row, by_header))
            if row[RELAY] != "none" and not by_header:
                about.add(row[ABOUT])
        known = Sharing.of(about) if about else Sharing()
        for row, by_header in open_:
            if by_header or (self._may(row, here, known) and self._may(row, there, known)):
                yield row

    def _by_header(self, row: tuple) -> bool:
        here, there = self._ends
        return here in row[AUDIENCE] and there in row[AUDIENCE]

    def _set_of(self, row: tuple) -> str:
        return "first" if self._by_header(row) else "rest"

    def _may(self, row: tuple, node: str, known: Sharing) -> bool:
        return node in row[AUDIENCE] or known.has(row[ABOUT], node.strip())

    def opening(
        self, which: str = "first", until: datetime | None = None
    ) -> tuple[str, str, dict[str, Any]]:
        """The first digest of a comparison."""
        return which, "hours", self.hours(which, until)

    def answer(
        self, which: str, level: str, sums: dict[str, Any], until: datetime | None = None
    ) -> Answer:
        """Answer a digest. Raises ValueError, TypeError or KeyError for one of another shape."""
        if which not in ("first", "rest"):
            raise ValueError("a digest of an unknown set")
        return {
            "hours": self._on_hours,
            "parts": self._on_parts,
            "ids": self._on_ids,
            "equal": self._on_equal,
        }[level](which, sums, until)

    def _on_hours(self, which: str, theirs: dict[str, Any], until: datetime | None) -> Answer:
        mine = self.hours(which, until)
        differ = [hour for hour in mine | theirs if mine.get(hour) != theirs.get(hour)]
        if not differ:
            return Answer(equal=which == "rest", next=(which, "equal", {}))
        self.forget()
        some, left = [], MOST_PARTS
        for key in sorted(differ, key=_hours_of)[:MOST_KEYS]:
            if left > 0:
                some.append(key)
                left -= min(256, max(mine.get(key, [0])[0], int(theirs.get(key, [0])[0])))
        rows = self.of_hours(which, some, until)
        parts = {
            hour: {part: _sum(found) for part, found in by.items()} for hour, by in rows.items()
        }
        return Answer(next=(which, "parts", parts))

    def _on_parts(self, which: str, theirs: dict[str, Any], until: datetime | None) -> Answer:
        self.forget()
        ids: dict[str, dict[str, list[str]]] = defaultdict(dict)
        left = MOST_IDS
        for hour, mine in self.of_hours(which, list(theirs)[:MOST_KEYS], until).items():
            for part in mine | theirs[hour]:
                rows = mine.get(part, [])
                if left > 0 and _sum(rows) != theirs[hour].get(part, _sum([])):
                    ids[hour][part] = list(self._ids(rows).values())
                    left -= len(rows) + 1
        return Answer(next=(which, "ids", ids))

    def _on_ids(self, which: str, theirs: dict[str, Any], until: datetime | None) -> Answer:
        want, surplus = [], []
        for hour, mine in self.of_hours(which, list(theirs)[:MOST_KEYS], until).items():
            for part, ids in theirs[hour].items():
                ids_here = self._ids(mine.get(part, []))
                held = {one: position for position, one in ids_here.items()}
                want += [one for one in ids if one not in held]
                surplus += [(held[one], one) for one in held.keys() - set(ids)]
        return Answer(want=want[:MOST_IDS], surplus=[one for _at, one in sorted(surplus)])

    def _on_equal(self, which: str, _sums: dict[str, Any], until: datetime | None) -> Answer:
        if which == "first":
            return Answer(next=self.opening("rest", until))
        return Answer(equal=True)

    def _ids(self, rows: list[tuple]) -> dict[int, str]:
        """Position to id."""
        found = Envelope.objects.filter(position__in=[row[POSITION] for row in rows])
        return {position: str(pk) for position, pk in found.values_list("position", "id")}

    def to_send(self, ids: list[str]) -> Iterator[list[Envelope]]:
        """Rows that the peer asked for, as far as it may have them, a chunk at a time."""
        wanted = [uuid.UUID(one) for one in ids]
        found = [row[POSITION] for row in self._rows(id__in=wanted)]
        for start in range(0, len(found), 200):
            positions = found[start : start + 200]
            yield list(Envelope.objects.filter(position__in=positions).order_by("position"))


def _hours_of(key: str) -> list[int]:
    """The hours that a key of a digest is about. Raises ValueError where there are none such."""
    if key.endswith(DAY):
        first = int(key.removesuffix(DAY)) * 24
        hours = list(range(first, first + 24))
    else:
        hours = [int(key)]
    if any(abs(hour) > LATEST for hour in hours):
        raise ValueError("an hour that no envelope can be of")
    return hours


def _sum(rows: list[tuple]) -> list:
    total = sum(int.from_bytes(row[HASH]) for row in rows) % MODULUS
    return [len(rows), f"{total:064x}"]

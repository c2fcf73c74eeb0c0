"""How rounds are counted, whose turn it is, and what is to be said: pure functions.

Owns: the rules. Promises: rounds are numbered from 1 on, without a gap, from the order on; what is
reported as a round ends is in time; a reminder is given once, the last that has come, and not to
who has reported; who was missing when a round ended is said for each. Must not know: the database,
the time now.
Source: domain rules of information reporting: 零报告 is missing from the 61st minute on.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ..deadlines.limits import MINUTE, MOST_PERCENT, at_percent, minutes_late

LEAST, MOST = 10, 1_440  # minutes of a round
MOST_REPORTERS = 300
MOST_NO = 100_000  # years of rounds
WHOLE = 100  # per cent: the round is over
LOOK_BACK = 48  # rounds; what was over before is not said any more
REPORTER = {"organisation": 40, "name": 120, "node": 64}  # characters at most


@dataclass(frozen=True)
class Due:
    """A reminder that is to be given: of which round, at which per cent."""

    no: int
    percent: int


def current(passed: timedelta, every: int) -> int:
    """The round that runs so long after the order."""
    return max(0, passed // (every * MINUTE)) + 1


def late(passed: timedelta, every: int, no: int) -> int:
    """Minutes begun after the end of a round; 0 for what is in time."""
    return minutes_late(passed, every * no)


def percents(rules: Iterable[int]) -> list[int]:
    """At which per cent of a round this desk reminds: as of a limit, and always at its end."""
    return sorted({one for one in rules if one < WHOLE} | {WHOLE})


def reminders(
    passed: timedelta, every: int, marks: Sequence[int], given: Mapping[int, Collection[int]]
) -> Iterator[Due]:
    """What has come and was not said; `given` are per cents by round. Of rounds that are over the
    end alone, of the one that runs the last that has come."""
    now = current(passed, every)
    for no in range(max(1, now - LOOK_BACK), now):
        if WHOLE not in given.get(no, ()):
            yield Due(no, WHOLE)
    run = passed - timedelta(minutes=every) * (now - 1)
    come = [one for one in marks if at_percent(every, one) <= run]
    if come and come[-1] > max(given.get(now, ()), default=0):
        yield Due(now, come[-1])


def next_look(passed: timedelta, every: int, marks: Sequence[int]) -> timedelta:
    """How long after the order the next reminder may be due."""
    begun = timedelta(minutes=every) * (current(passed, every) - 1)
    coming = (begun + at_percent(every, one) for one in marks)
    return min(one for one in coming if one > passed)


def is_every(value: Any) -> bool:
    """Is this an interval that a level can ask for? 0 asks for none."""
    return type(value) is int and (value == 0 or LEAST <= value <= MOST)


def are_reporters(told: Any) -> bool:
    """Are these organisations that report, as an order names them?"""
    return isinstance(told, list) and len(told) <= MOST_REPORTERS and all(map(_is_one, told))


def _is_one(told: Any) -> bool:
    return isinstance(told, dict) and all(
        isinstance(told.get(name), str) and len(told[name]) <= most
        for name, most in REPORTER.items()
    )


def is_no(value: Any) -> bool:
    """Is this the number of a round?"""
    return type(value) is int and 1 <= value <= MOST_NO


def is_percent(value: Any) -> bool:
    """Is this a per cent of a reminder?"""
    return type(value) is int and 1 <= value <= MOST_PERCENT

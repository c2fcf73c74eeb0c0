"""The clock of an exercise: pure functions of what was last said of it and of the wall.

Owns: the arithmetic. Promises: time of the exercise never runs backwards, stands still while it is
paused, and is whole milliseconds, so that every node works out the same. Must not know: exercises,
who may turn the clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MINUTE = 60_000  # milliseconds
FASTEST = 10


@dataclass(frozen=True)
class Reading:
    """What was said of the clock: from `since` (UTC) on it shows `at` milliseconds and runs
    `speed` times as fast as the wall, or stands."""

    since: datetime
    at: int
    speed: int
    running: bool

    def now(self, wall: datetime) -> int:
        """Milliseconds of the exercise at this moment; never before `at`."""
        if not self.running:
            return self.at
        passed = max(timedelta(), wall - self.since)
        return self.at + passed // timedelta(milliseconds=1) * self.speed

    def wall_at(self, shown: int) -> datetime | None:
        """The first moment at which it shows this much; None while it stands before it."""
        if shown <= self.at:
            return self.since
        if not self.running:
            return None
        wait = -(-(shown - self.at) // self.speed)
        return self.since + timedelta(milliseconds=wait)


def shown_at(history: Sequence[Reading], wall: datetime) -> int | None:
    """What the clock showed at this moment, by all that was said of it, the earliest first."""
    said = [one for one in history if one.since <= wall]
    return said[-1].now(wall) if said else None

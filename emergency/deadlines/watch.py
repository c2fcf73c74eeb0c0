"""The look, once a second, at what has to be done about deadlines.

Owns: which incidents are looked at, and by which time. Promises: every incident of this node when
the process starts and now and then, otherwise those of which the log told something; what is done
to the clock of the machine is noticed. Must not know: what is done (services).
"""

import logging
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q

from realtime import log
from realtime.models import Envelope

from . import selectors, services

EVERY = 1.0  # seconds
LOOKED_AT, WRITTEN = 100, 10  # incidents at a look
ALL_EVERY, AGAIN = 300.0, 60.0  # seconds: everything, and what failed
JUMP = timedelta(seconds=2)  # of the clock of the machine; less is the network's time service
ABOUT = "incident/"
TELLING = Q(type__startswith="incident.") | Q(type__startswith="report.")  # of what ends limits

logger = logging.getLogger(__name__)


@dataclass
class Wall:
    """The clock of the machine, beside one that nobody sets."""

    last: datetime | None = None
    at: float = 0.0

    def jump(self) -> timedelta:
        """By how much the clock was set since the last time it was asked; at first, by how much at
        least it was set back since this node last wrote anything."""
        wall, at = datetime.now(UTC), time.clock_gettime(time.CLOCK_BOOTTIME)
        last, self.last = self.last, wall
        passed, self.at = at - self.at, at
        if last:
            return wall - last - timedelta(seconds=passed)
        told = selectors.last_told()
        return min(timedelta(), wall - told) if told else timedelta()


@dataclass
class DeadlineWatch:
    """Settles the deadlines of what has changed, and gives reminders; a bounded number at a look,
    since other timers wait meanwhile."""

    wall: Wall = field(default_factory=Wall)
    position: int | None = None  # of the log, up to where it was looked at
    waiting: list[uuid.UUID] = field(default_factory=list)
    failed: dict[uuid.UUID, float] = field(default_factory=dict)  # and when to try again
    not_reminded: dict[int, float] = field(default_factory=dict)  # limits, in the same way
    newest: int | None = None  # of the limits, at the last look
    all_at: float = 0.0

    def __call__(self) -> None:
        if abs(jump := self.wall.jump()) > JUMP:
            logger.warning("the clock of the machine was set by %s s", jump.total_seconds())
            since = () if self.newest is None else selectors.begun(self.newest, self.wall.last)
            services.shift(by=jump, but=since)
        self.newest = selectors.last_watched()
        fresh = self._fresh()
        queue = [*fresh, *(one for one in self.waiting if one not in fresh)]
        some, self.waiting = queue[:LOOKED_AT], queue[LOOKED_AT:]
        left, failed = services.settle(some, most=WRITTEN)
        self.waiting = [*left, *self.waiting]
        self.failed |= dict.fromkeys(failed, time.monotonic() + AGAIN)
        failed = services.remind(most=WRITTEN, without=self.not_reminded.keys())
        self.not_reminded |= dict.fromkeys(failed, time.monotonic() + AGAIN)

    def _fresh(self) -> dict[uuid.UUID, None]:
        """What is to be looked at now, each once, in its order."""
        now, head = time.monotonic(), log.head().position
        found = [*self._touched(head), *_ripe(self.failed, now)]
        _ripe(self.not_reminded, now)
        if self.position is None or now >= self.all_at:
            found += selectors.open_here()
            self.all_at = now + ALL_EVERY
        self.position = head
        return dict.fromkeys(found)

    def _touched(self, head: int) -> list[uuid.UUID]:
        """Incidents of which the log told something since the last look."""
        if self.position is None:
            return []
        rows = Envelope.objects.filter(position__gt=self.position, position__lte=head)
        said = rows.filter(TELLING, about__startswith=ABOUT)
        return list(things(said.values_list("about", flat=True)))


def _ripe(failed: dict[Any, float], now: float) -> list[Any]:
    """Take out what is to be tried again."""
    ripe = [pk for pk, at in failed.items() if at <= now]
    for pk in ripe:
        del failed[pk]
    return ripe


def things(abouts: Iterable[str]) -> Iterator[uuid.UUID]:
    """The ids of incidents in the log's words; what no incident can be called is left out."""
    for about in abouts:
        with suppress(ValueError):
            yield uuid.UUID(about.removeprefix(ABOUT))

"""The look, once a second, at what has to be done about deadlines.

Owns: which incidents are looked at, and by which time. Promises: every incident of this node when
the process starts, then those of which the log told something; time never runs backwards here,
whatever is done to the clock of the machine. Must not know: what is done (services).
"""

import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from realtime import log
from realtime.models import Envelope

from . import selectors, services

EVERY = 1.0  # seconds
ABOUT = "incident/"
OWN = "deadline."


@dataclass
class SteadyTime:
    """The time of the machine, but never earlier than it was, and going on while the clock of the
    machine is behind."""

    last: datetime | None = None
    at: float = 0.0

    def now(self) -> datetime:
        """The time, UTC."""
        wall, at = datetime.now(UTC), time.monotonic()
        if self.last:
            wall = max(wall, self.last + timedelta(seconds=at - self.at))
        self.last, self.at = wall, at
        return wall


@dataclass
class DeadlineWatch:
    """Settles the deadlines of what has changed, and gives reminders."""

    time: SteadyTime = field(default_factory=SteadyTime)
    position: int | None = None  # of the log, up to where it was looked at
    again: set[uuid.UUID] = field(default_factory=set)

    def __call__(self) -> None:
        head, now = log.head().position, self.time.now()
        touched = self._touched(head) | self.again
        self.position, self.again = head, touched  # a failure is tried again
        try:
            services.settle(touched, now=now)
            self.again = set()
        finally:
            services.remind(now=now)

    def _touched(self, head: int) -> set[uuid.UUID]:
        if self.position is None:
            return set(selectors.open_here())
        rows = Envelope.objects.filter(position__gt=self.position, position__lte=head)
        said = rows.filter(about__startswith=ABOUT).exclude(type__startswith=OWN)
        return set(things(said.values_list("about", flat=True)))


def things(abouts: Iterable[str]) -> Iterator[uuid.UUID]:
    """The ids of incidents in the log's words; what no incident can be called is left out."""
    for about in abouts:
        with suppress(ValueError):
            yield uuid.UUID(about.removeprefix(ABOUT))

"""The look, once a second, at whether rounds have something to be said of.

Owns: when to look. Promises: at once when the process starts, when the log told something of
rounds, incidents or tables, and when the next reminder comes; what is done to the clock of the
machine is noticed. Must not know: what is said (services).
"""

import time
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Q

from realtime import log
from realtime.models import Envelope

from ..deadlines.watch import JUMP, Wall
from . import selectors, services

ALL_EVERY = timedelta(minutes=1)  # whatever was told
TELLING = Q(type__in=("round.ordered", "table.changed"))


@dataclass
class RoundWatch:
    """Gives reminders of rounds."""

    wall: Wall = field(default_factory=Wall)
    position: int | None = None  # of the log, up to where it was looked at
    next_at: float = 0.0

    def __call__(self) -> None:
        jump = self.wall.jump()
        if self.position is not None and abs(jump) > JUMP:
            services.shift(by=jump, but=selectors.ordered_after(self.position))
            self.next_at = 0.0
        head = log.head().position
        if not self._told(head) and time.monotonic() < self.next_at:
            return
        wait = services.remind()
        self.position = head  # after it: what failed is looked at again
        wait = ALL_EVERY if wait is None else min(wait, ALL_EVERY)
        self.next_at = time.monotonic() + wait.total_seconds()

    def _told(self, head: int) -> bool:
        """Did the log tell anything since the last look that may begin rounds or end them?"""
        if self.position in (None, head):
            return self.position is None
        rows = Envelope.objects.filter(position__gt=self.position, position__lte=head)
        own = [f"incident/{pk}" for pk in selectors.here().values_list("pk", flat=True)]
        return rows.filter(TELLING | Q(type__startswith="incident.", subject__in=own)).exists()

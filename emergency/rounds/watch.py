"""The look, once a second, at whether rounds have something to be said of.

Owns: when to look. Promises: at once when the process starts, when the log told something of
rounds, incidents or tables, and when the next reminder comes; what is done to the clock of the
machine is noticed. Must not know: what is said (services).
"""

import time
from dataclasses import dataclass, field

from django.db.models import Q

from realtime import log
from realtime.models import Envelope

from ..deadlines.watch import JUMP, Wall
from . import selectors, services

TELLING = Q(type__in=("round.ordered", "table.changed"))


@dataclass
class RoundWatch:
    """Gives reminders of rounds."""

    wall: Wall = field(default_factory=Wall)
    position: int | None = None  # of the log, up to where it was looked at
    next_at: float = 0.0

    def __call__(self) -> None:
        if abs(jump := self.wall.jump()) > JUMP:
            services.shift(by=jump)
            self.next_at = 0.0
        head = log.head().position
        if not self._told(head) and time.monotonic() < self.next_at:
            return
        self.position = head
        wait = services.remind()
        self.next_at = float("inf") if wait is None else time.monotonic() + wait.total_seconds()

    def _told(self, head: int) -> bool:
        """Did the log tell anything since the last look that may begin rounds or end them?"""
        if self.position is None:
            return True
        rows = Envelope.objects.filter(position__gt=self.position, position__lte=head)
        own = [f"incident/{pk}" for pk in selectors.here().values_list("pk", flat=True)]
        return rows.filter(TELLING | Q(type__startswith="incident.", subject__in=own)).exists()

"""The look at whether casualties are to be reported.

Owns: when to look. Promises: when the process starts, when the log told something of an incident,
a report or a table, and once a minute. Must not know: what is said (services).
"""

import time
from dataclasses import dataclass

from django.db.models import Q

from realtime import log
from realtime.models import Envelope

from . import services

ALL_EVERY, MOST = 60.0, 20  # seconds, reminders at a look
TELLING = Q(type__startswith="incident.") | Q(type="report.issued") | Q(type="table.changed")


@dataclass
class SupplementWatch:
    """Lets it be said."""

    position: int | None = None  # of the log, up to where it was looked at
    next_at: float = 0.0

    def __call__(self) -> None:
        head = log.head().position
        if time.monotonic() < self.next_at and not self._told(head):
            return
        self.position, self.next_at = head, time.monotonic() + ALL_EVERY
        if services.remind(most=MOST) == MOST:
            self.next_at = 0.0

    def _told(self, head: int) -> bool:
        rows = Envelope.objects.filter(position__gt=self.position, position__lte=head)
        return head != self.position and rows.filter(TELLING).exists()

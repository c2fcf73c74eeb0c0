"""What drills do by themselves: injects go out when they are due, what came late is said.

Owns: how often it is looked. Promises: while an exercise runs here, five times a second; otherwise
every two seconds, and then at the cost of one query. Must not know: what is due (services.conduct).
"""

import time
from dataclasses import dataclass

from .services.arrivals import note_late
from .services.conduct import deliver_due

TICK, REST = 0.2, 2.0  # seconds
OPEN_EVERY = 5.0


@dataclass
class InjectWatch:
    """Looks for what is due, seldom while nothing runs."""

    rests_until: float = 0.0

    def __call__(self) -> None:
        now = time.monotonic()
        if now < self.rests_until:
            return
        self.rests_until = now + REST  # also after a failure
        if deliver_due():
            self.rests_until = now
        note_late()

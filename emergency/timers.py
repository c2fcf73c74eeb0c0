"""What happens by itself: jobs that look, every few seconds, whether there is something to do.

Owns: the list of jobs and the loop. Promises: a job that fails is logged and tried again; each job
is idempotent, so that a crash or a second runner does no harm; the loop ends when it is told to.
Must not know: who runs it (the embedded node in a thread, `runtimers` in service).
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import connections

from gis import selectors as gis
from realtime.link.applying import retry
from realtime.link.erasing import erase_due
from realtime.link.health import comes_back

from .deadlines import watch
from .directives.reminders import remind
from .rollcall.services import close_due
from .rounds.watch import RoundWatch
from .services import ties
from .session_store import SessionStore
from .supplements.watch import SupplementWatch

TICK = 0.2  # seconds

logger = logging.getLogger(__name__)


@dataclass
class LayerWatch:
    """Ties open incidents anew when a layer has a new version."""

    known: dict[str, str] = field(default_factory=dict)

    def __call__(self) -> None:
        versions = gis.versions()
        if versions != self.known:
            ties.tie_open_incidents_anew()
            self.known = versions


Job = Callable[[], object]
_more: list[tuple[float, Job]] = []


def add_job(every: float, job: Job) -> None:
    """Let an app that stands on this one look too, from the start of the process on."""
    _more.append((every, job))


def jobs() -> list[tuple[float, Job]]:
    """Seconds between two runs, and what to run."""
    own = [(2.0, LayerWatch()), (1.0, close_due), (5.0, erase_due), (60.0, retry)]
    own += [(600.0, SessionStore.clear_expired)]
    reminding = [(watch.EVERY, watch.DeadlineWatch()), (1.0, RoundWatch()), (5.0, remind)]
    reminding += [(1.0, SupplementWatch())]
    return [*own, *((every, once_back(job)) for every, job in reminding), *_more]


def once_back(job: Job) -> Job:
    """The job, not while a node that went on from an old copy fetches back what it had reminded of
    before."""
    return lambda: None if comes_back(datetime.now(UTC)) else job()


def run(stop: threading.Event) -> None:
    """Run every job in its turn until `stop` is set."""
    turns = [[0.0, every, job] for every, job in jobs()]
    while not stop.wait(TICK):
        for turn in turns:
            due, every, job = turn
            if time.monotonic() < due:
                continue
            try:
                job()
            except Exception:
                logger.exception("a timer failed; it runs again in %s s", every)
            finally:
                connections.close_all()
            turn[0] = time.monotonic() + every

"""The look at limits of reports, timed; beside it every limit loaded and looked through.

Owns: nothing. Promises: the look is the one that the node takes; nothing is due meanwhile; the peer
finds the same: nothing.
"""

import json
import sys
import time
from datetime import UTC, datetime, timedelta

import django

django.setup()

from emergency.deadlines.watch import DeadlineWatch  # noqa: E402
from emergency.models import Deadline, DeadlineStep, Officer  # noqa: E402
from emergency.services import incidents  # noqa: E402


def begin(running: int) -> DeadlineWatch:
    """So many limits that run, two of each incident; the watch that has settled them."""
    actor, now = Officer.objects.get(username="duty"), datetime.now(UTC)
    for number in range(running // 2):
        incidents.report_incident(
            actor=actor, title=f"积水 {number}", type_code="13A00", received_at=now
        )
    watch = DeadlineWatch()
    watch()
    while watch.waiting:
        watch()
    watch()
    return watch


def peer() -> list[Deadline]:
    """Those that are due, by looking through all."""
    ended = set(DeadlineStep.objects.exclude(kind="reminded").values_list("deadline", flat=True))
    now = datetime.now(UTC)
    return [
        one
        for one in Deadline.objects.all()
        if one.limit not in ended and one.started_at + timedelta(minutes=one.minutes / 2) <= now
    ]


def cpu(act, looks: int) -> list[float]:
    """Milliseconds of CPU of each look."""
    found = []
    for _turn in range(looks):
        started = time.process_time()
        act()
        found.append((time.process_time() - started) * 1000)
    return found


if __name__ == "__main__":
    size, turns = int(sys.argv[1]), int(sys.argv[2])
    watch = begin(size)
    assert not DeadlineStep.objects.exists()
    running = Deadline.objects.count()
    found = {"ours": cpu(watch, turns), "peer": cpu(peer, turns), "running": running}
    print(json.dumps(found))

"""Report drafts of an incident with many entries, timed; beside them the same rows read and joined.

Owns: nothing. Promises: the draft is the one that an officer is proposed; the peer reads the same
entries by one query and joins their texts, with no rule at all.
"""

import json
import sys
import time
import uuid
from datetime import timedelta

import django

django.setup()

from emergency.models import Entry, Incident, Officer  # noqa: E402
from emergency.reporting import selectors, services  # noqa: E402
from emergency.services import incidents  # noqa: E402


def incident(entries: int) -> Incident:
    """One with a first report by phone and so many entries since."""
    actor = Officer.objects.get(username="duty")
    made, _new = incidents.report_incident(actor=actor, title="山洪", type_code="11A51")
    report = services.make_first_report(actor=actor, incident=made, kind="phone", recipient="省")
    made.refresh_from_db()
    said = {"incident": made, "home": made.home, "realm": made.realm, "author": report.author}
    Entry.objects.bulk_create(
        Entry(
            id=uuid.uuid4(),
            text=f"第{number}条：转移群众，已到位{number}人",
            author_name=report.author_name,
            occurred_at=report.recorded_at + timedelta(seconds=number),
            recorded_at=report.recorded_at + timedelta(seconds=number),
            **said,
        )
        for number in range(1, entries + 1)
    )
    return made


def ours(made: Incident) -> str:
    """The follow-up that is proposed."""
    return selectors.proposal(made, "followup")["text"]


def peer(made: Incident) -> str:
    """The same entries, joined."""
    rows = Entry.objects.filter(incident=made).values_list("occurred_at", "text")
    return "\n".join(f"{at:%H:%M} {text}" for at, text in rows)


def timed(act, made: Incident, repeats: int) -> list[float]:
    """Milliseconds of each run."""
    found = []
    for _turn in range(repeats):
        started = time.perf_counter()
        assert act(made)
        found.append((time.perf_counter() - started) * 1000)
    return found


if __name__ == "__main__":
    size, turns = int(sys.argv[1]), int(sys.argv[2])
    one = incident(size)
    print(json.dumps({"ours": timed(ours, one, turns), "peer": timed(peer, one, turns)}))

"""Twenty at once: numbers without gaps, one report for one id, one writer who wins."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections, transaction

from emergency.errors import StaleRevision
from emergency.models import Entry, Incident
from emergency.services import entries, incidents
from realtime.verify import verify_log
from tests import factories

PARALLEL = 20


def at_once(act: Callable[[int], Any]) -> list[Any]:
    """What each of twenty threads returned or raised, all set off together."""
    gate = threading.Barrier(PARALLEL)
    found: list[Any] = [None] * PARALLEL

    def run(number: int) -> None:
        try:
            gate.wait()
            found[number] = act(number)
        except Exception as error:  # handed to the test
            found[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(PARALLEL)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.fixture
def officer(live_node):
    """A duty officer whose writes are real commits."""
    return factories.officer("duty_officer")


def test_numbers_have_no_gap_under_parallel_reports_and_rollbacks(officer):
    def report(number: int) -> str:
        with transaction.atomic():
            incident = factories.incident(officer, title=str(number))
            if number % 4 == 0:
                raise ZeroDivisionError
        return incident.number

    given = [found for found in at_once(report) if isinstance(found, str)]
    assert len(given) == PARALLEL * 3 // 4
    numbers = sorted(int(number[-6:]) for number in given)
    assert numbers == list(range(1, len(given) + 1))
    assert verify_log().bad is None


def test_the_same_report_at_the_same_time_is_one_incident(officer):
    pk = uuid.uuid4()

    def report(_number: int) -> bool:
        made = {"title": "same", "type_code": "12D02", "id": pk}
        return incidents.report_incident(actor=officer, **made)[1]

    assert sorted(at_once(report)) == [False] * (PARALLEL - 1) + [True]
    assert Incident.objects.get().number[-6:] == "000001"


def test_the_same_entry_at_the_same_time_is_one_line(officer):
    incident, pk = factories.incident(officer), uuid.uuid4()

    def write(_number: int) -> uuid.UUID:
        return entries.write_entry(actor=officer, incident=incident, text="x", id=pk).pk

    assert set(at_once(write)) == {pk}
    assert Entry.objects.count() == 1


def test_of_twenty_changes_of_one_revision_one_wins(officer):
    incident = factories.incident(officer)

    def change(number: int) -> int:
        changed = incidents.change_incident(
            actor=officer, incident=incident, rev=1, title=f"by {number}"
        )
        return int(changed.title[3:])

    found = at_once(change)
    winners = [one for one in found if isinstance(one, int)]
    assert len(winners) == 1
    assert sum(isinstance(one, StaleRevision) for one in found) == PARALLEL - 1
    incident.refresh_from_db()
    assert (incident.rev, incident.title) == (2, f"by {winners[0]}")

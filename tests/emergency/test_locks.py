"""Two people write about one incident at the same moment: neither waits for the other for ever.

Foreign keys are checked at the commit, when the head of the log is held; so nobody who still waits
for the head may hold the row that they point to.
"""

import threading
import uuid

import pytest
from django.db import connection

from emergency.services import entries
from realtime import log
from tests import factories

pytestmark = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite has one writer at a time and no locks of rows"
)


def test_two_entries_about_one_incident_do_not_wait_for_each_other(live_node, monkeypatch):
    officer = factories.officer()
    incident = factories.incident(officer)
    first, second = uuid.uuid4(), uuid.uuid4()
    has_row, has_head = threading.Event(), threading.Event()
    append, known, faults = log.append, entries._known, []

    def appended(*given, **named):
        if named["subject"] == f"entry/{first}":
            assert has_head.wait(20)
        row = append(*given, **named)
        if named["subject"] == f"entry/{second}":
            has_head.set()
        return row

    def known_once(pk, *given, **named):
        if pk == second:  # as what comes over a link: the row of the incident is not locked
            return None
        found = known(pk, *given, **named)
        has_row.set()
        return found

    monkeypatch.setattr(entries.log, "append", appended)
    monkeypatch.setattr(entries, "_known", known_once)

    def write_first() -> None:
        try:
            entries.write_entry(actor=officer, incident=incident, text="one", id=first)
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=write_first)
    thread.start()
    assert has_row.wait(20)
    entries.write_entry(actor=officer, incident=incident, text="two", id=second)
    thread.join(30)
    assert faults == []

"""Refusals: counted, bounded, written once a minute, never lost to a database error."""

import threading

import orjson
import pytest
from django.db import DatabaseError, connections

from realtime import log, refusals
from realtime.models import Envelope
from tests import factories
from tests.emergency.desk import Api


def told() -> list[dict]:
    rows = Envelope.objects.filter(type="refusals.counted").order_by("position")
    return [orjson.loads(bytes(row.public)) for row in rows]


def test_refusals_are_appended_once_per_actor_and_kind(node):
    for _number in range(5):
        refusals.count("10.0.0.1", "knocked")
    refusals.count("10.0.0.2", "knocked")
    assert refusals.flush() == 2
    assert [(one["who"], one["count"]) for one in told()] == [("10.0.0.1", 5), ("10.0.0.2", 1)]
    assert refusals.flush() == 0


def test_memory_stays_bounded_however_many_knock(node, monkeypatch):
    monkeypatch.setattr(refusals, "LIMIT", 10)
    for number in range(1000):
        refusals.count(f"10.0.{number}", f"kind {number % 100}")
    assert refusals.flush() == 11
    assert sum(one["count"] for one in told()) == 1000


def test_a_database_error_keeps_the_counts(node, monkeypatch):
    refusals.count("10.0.0.1", "knocked")
    written = log.append

    def away(*_args, **_fields):
        raise DatabaseError

    monkeypatch.setattr(log, "append", away)
    assert refusals.flush() == 0
    refusals.count("10.0.0.1", "knocked")
    monkeypatch.setattr(log, "append", written)
    assert refusals.flush() == 1
    assert told()[0]["count"] == 2


def test_an_error_in_the_middle_loses_and_doubles_nothing(node, monkeypatch):
    monkeypatch.setattr(refusals, "BATCH", 2)
    for number in range(5):
        refusals.count(f"10.0.0.{number}", "knocked")
    written, calls = log.append, []

    def third_time_away(*args, **fields):
        calls.append(1)
        if len(calls) == 4:
            raise DatabaseError
        return written(*args, **fields)

    monkeypatch.setattr(log, "append", third_time_away)
    assert refusals.flush() == 2
    assert refusals.flush() == 3
    assert sorted(one["who"] for one in told()) == [f"10.0.0.{number}" for number in range(5)]


@pytest.mark.parametrize("who", ["\ud800", "a\x00b", "x" * 10_000, "", "换\n行"])
def test_any_text_can_be_written(node, who):
    refusals.count(who, who)
    assert refusals.flush() == 1


def test_counting_in_parallel_loses_none(live_node):
    def knock() -> None:
        for _number in range(200):
            refusals.count("10.0.0.1", "knocked")
        connections.close_all()

    threads = [threading.Thread(target=knock) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refusals.flush()
    assert sum(one["count"] for one in told()) == 1600


def test_what_is_refused_at_the_api_is_recorded_with_who_and_what(duty):
    stranger = factories.officer("district_officer", "610122")
    observer = factories.officer("observer")
    incident = factories.incident(duty)
    entry = Api(duty).post(f"/incidents/{incident.pk}/entries", text="x").json()
    Api(stranger).get(f"/incidents/{incident.pk}")
    Api(stranger).post(f"/entries/{entry['id']}/strike", reason="x")
    Api(stranger).get(f"/attachments/{incident.pk}")
    Api(observer).report()
    refusals.flush()
    assert {(one["who"], one["what"]) for one in told()} == {
        (stranger.username, "incident not found or hidden"),
        (stranger.username, "entry not found or hidden"),
        (stranger.username, "attachment not found or hidden"),
        (observer.username, "incident.report"),
    }


def test_hidden_and_absent_get_the_same_answer(duty):
    incident = factories.incident(duty)
    stranger = Api(factories.officer("district_officer", "610122"))
    hidden = stranger.get(f"/incidents/{incident.pk}")
    absent = stranger.get("/incidents/00000000-0000-0000-0000-000000000001")
    assert (hidden.status_code, hidden.content) == (absent.status_code, absent.content)

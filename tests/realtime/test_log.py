"""The log: one way in, order, chain, signatures, nothing left of what was rolled back."""

import threading
from typing import TypedDict

import pytest
from django.db import connection, connections, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from realtime import envelope, log, marker, registry
from realtime.models import Envelope, LogHead
from realtime.start import NotDurable, open_log, require_durable
from realtime.verify import verify_log


class NoteData(TypedDict):
    text: str


class NotePersonal(TypedDict):
    phone: str


NOTE = registry.find("test.noted") or registry.declare(
    "test.noted", version=1, topic="tests", data=NoteData, personal=NotePersonal
)


def note(text: str = "one", **fields) -> Envelope:
    with transaction.atomic():
        return log.append(
            NOTE,
            subject="note/1",
            actor="a@xian",
            public={"text": text},
            **{"realm": "real", "rev": 1} | fields,
        )


def test_positions_follow_each_other_and_the_chain_verifies(node):
    before = node.position
    rows = [note(str(number)) for number in range(5)]
    assert [row.position for row in rows] == list(range(before + 1, before + 6))
    assert verify_log().bad is None


def test_a_rolled_back_append_leaves_nothing_and_no_gap(node):
    before = log.head()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        note()
        raise ZeroDivisionError
    assert log.head() == before
    assert note().position == before.position + 1


def test_the_log_cannot_be_written_outside_a_transaction(live_node):
    with pytest.raises(RuntimeError):
        log.append(NOTE, subject="s", actor="a", public={"text": ""}, realm="real", rev=1)


def test_a_field_too_many_or_too_few_is_refused(node):
    for data in ({}, {"text": "a", "more": 1}):
        with pytest.raises(TypeError), transaction.atomic():
            log.append(NOTE, subject="s", actor="a", public=data, realm="real", rev=1)


def test_commit_order_is_reading_order_for_parallel_writers(live_node):
    def write(name: int) -> None:
        for number in range(10):
            note(f"{name}-{number}")
        connections.close_all()

    writers = [threading.Thread(target=write, args=(name,)) for name in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    rows = list(Envelope.objects.filter(type="test.noted").order_by("position"))
    assert len(rows) == 40
    assert [row.position for row in rows] == list(range(rows[0].position, rows[0].position + 40))
    assert verify_log().bad is None


def test_the_announcement_comes_after_the_commit(live_node, monkeypatch):
    seen = []
    monkeypatch.setattr("realtime.wakeup.announce", lambda epoch, position: seen.append(position))
    with transaction.atomic():
        row = note()
        assert seen == []
    assert seen == [row.position]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("public", b'{"text":"forged"}'),
        ("personal", b"{}"),
        ("actor", "somebody@else"),
        ("header", b"{}"),
        ("signature", bytes(64)),
        ("realm", "ex:1"),
        ("chain", bytes(32)),
        ("public", None),
        ("epoch", bytes(16)),
        ("via", " evil "),
        ("audience", " evil "),
        ("hour", 1),
        ("home", "xian-yanta"),
    ],
)
def test_one_changed_row_is_named(node, column, value):
    note("first")
    row = note("second", personal={"phone": "1"})
    note("third")
    Envelope.objects.filter(pk=row.pk).update(**{column: value})
    assert verify_log().bad.position == row.position


@pytest.mark.parametrize("column", ["public", "header", "signature", "chain", "time"])
def test_a_value_of_another_kind_is_named_too(node, column):
    row = note("x")
    value = "'yesterday'" if connection.vendor == "sqlite" else "NULL"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE realtime_envelope ALTER COLUMN {column} DROP NOT NULL")
        cursor.execute(
            f"UPDATE realtime_envelope SET {column} = {value} WHERE position = %s", [row.position]
        )
    assert verify_log().bad.position == row.position


def test_a_removed_row_and_a_cut_off_tail_are_named(node):
    first, middle, last = note("1"), note("2"), note("3")
    Envelope.objects.filter(pk=last.pk).delete()
    assert verify_log().bad.position == last.position
    Envelope.objects.filter(pk=middle.pk).delete()
    assert verify_log().bad.position == middle.position
    assert first.position == middle.position - 1


def test_an_erased_personal_part_still_verifies_and_is_counted(node):
    row = note("x", personal={"phone": "13800000000"})
    Envelope.objects.filter(pk=row.pk).update(personal=None)
    report = verify_log()
    assert (report.bad, report.erased) == (None, 1)


def test_a_proven_log_keeps_its_epoch(node):
    note()
    end = log.head()
    marker.write(end.epoch, end.position)
    assert open_log().epoch == end.epoch


@pytest.mark.parametrize("doubt", ["missing", "ahead", "foreign", "unreadable"])
def test_a_log_that_cannot_be_proven_begins_a_new_epoch_and_says_why(node, settings, doubt):
    note()
    end = log.head()
    path = settings.MARKER_FILE
    path.unlink(missing_ok=True)
    if doubt == "ahead":
        marker.write(end.epoch, end.position + 1)
    elif doubt == "foreign":
        marker.write("00" * 16, 1)
    elif doubt == "unreadable":
        path.write_text("{")
    fresh = open_log()
    assert fresh.epoch != end.epoch
    assert Envelope.objects.get(position=fresh.position).type == "epoch.renewed"
    assert verify_log().bad is None


def test_the_marker_never_goes_backwards(node):
    marker.write("aa", 5)
    marker.write("aa", 3)
    assert marker.read() == marker.Marker("aa", 5)


def test_weak_durability_is_refused(live_node):
    if connection.vendor == "sqlite":
        statement, restore = "PRAGMA synchronous=NORMAL", "PRAGMA synchronous=FULL"
    else:
        statement, restore = "SET synchronous_commit=off", "SET synchronous_commit=on"
    with connection.cursor() as cursor:
        cursor.execute(statement)
    try:
        with pytest.raises(NotDurable):
            require_durable()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(restore)


values = st.recursive(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abcé", max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), values, max_size=4))
@settings(max_examples=200)
def test_equal_headers_have_equal_bytes_whatever_the_order(header):
    backwards = dict(reversed(header.items()))
    assert envelope.canonical(header) == envelope.canonical(backwards)


@pytest.mark.parametrize("value", [1.5, None, True, float("nan"), b"x", "\ud800", {1: 2}])
def test_what_a_header_cannot_hold_is_refused(value):
    with pytest.raises(envelope.NotCanonical):
        envelope.canonical({"a": value})


def test_there_is_one_head(node):
    assert LogHead.objects.count() == 1

"""A full disk: told before it is full, and nothing is acknowledged that is not stored."""

import errno

import psycopg
import pytest
from django.db import OperationalError, connection

from emergency.models import Incident
from realtime import log, storage
from realtime.models import Envelope
from tests import factories
from tests.emergency.desk import Api

EVERYTHING_MB = 10**12


def test_room_is_known_without_writing(settings):
    settings.DISK_LOW_MB = settings.DISK_FULL_MB = 0
    assert storage.state() == "ok"
    settings.DISK_LOW_MB = EVERYTHING_MB
    assert storage.state() == "low"
    settings.DISK_FULL_MB = EVERYTHING_MB
    assert storage.state() == "full"


def test_a_node_without_its_folders_yet_is_asked_about_the_way_to_them(settings, tmp_path):
    settings.NODE_DIR = tmp_path / "not" / "made"
    settings.FILES_DIR = settings.NODE_DIR / "files"
    assert storage.state() in ("ok", "low", "full")


def test_health_says_how_much_room_there_is(client, node, settings):
    settings.DISK_FULL_MB = EVERYTHING_MB
    assert client.get("/healthz").json()["storage"] == "full"


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "no space"),
        OperationalError("database or disk is full"),
        psycopg.errors.DiskFull("could not extend file"),
    ],
)
def test_every_way_in_which_a_full_disk_shows_is_known(error):
    assert storage.says_full(error)
    try:
        raise RuntimeError("while writing") from error
    except RuntimeError as wrapped:
        assert storage.says_full(wrapped)


def test_other_errors_are_not_taken_for_a_full_disk():
    assert not storage.says_full(OperationalError("database is locked"))
    assert not storage.says_full(OSError(errno.EACCES, "denied"))


def test_what_a_full_disk_refuses_is_said_in_words_and_nothing_is_stored(live_node, monkeypatch):
    api = Api(factories.officer("duty_officer"), "zh-hans")
    before = Envelope.objects.count()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")  # other tests have left room inside the file
            (pages,) = cursor.execute("PRAGMA page_count").fetchone()
            cursor.execute(f"PRAGMA max_page_count = {pages}")
        answer = api.report(summary="字" * 9_000)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 4294967294")
    else:

        def full(*_given, **_more):
            raise OperationalError from psycopg.errors.DiskFull("could not extend file")

        with monkeypatch.context() as patch:
            patch.setattr(log, "append", full)
            answer = api.report()
    assert (answer.status_code, answer.json()["code"]) == (507, "storage_full")
    assert "磁盘已满" in answer.json()["message"]
    assert (Incident.objects.count(), Envelope.objects.count()) == (0, before)
    assert api.report().status_code == 201

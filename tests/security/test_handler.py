"""The threads of requests: they keep their connection, unless something failed on it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection

from config.handler import released


def fine(_request):
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return connection.connection


def failing(_request):
    with connection.cursor() as cursor:
        cursor.execute("select nothing_of_this_name")


def kept():
    return connection.connection


@pytest.mark.django_db
def test_a_thread_keeps_its_connection_and_not_one_on_which_something_failed():
    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(released(fine), None).result()
        assert (thread.submit(kept).result() is first) == (connection.vendor == "sqlite")
        with pytest.raises(DatabaseError):
            thread.submit(released(failing), None).result()
        assert thread.submit(kept).result() is None

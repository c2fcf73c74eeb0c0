"""Fixtures of every test: an open log, people, a clean marker and clean counters.

Owns: what differs by one field from test to test. The stack (SQLite alone, or PostgreSQL with
Redis) is chosen by `--stack` in tests/stack.py, before settings are read.
"""

import os
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client

from emergency.models import Officer
from realtime import refusals
from realtime.start import open_log
from tests import factories

# guards do not depend on the stack and are taken out one by one: once is enough
collect_ignore = ["test_guards.py"] if "BELLTOWER_DATABASE_URL" in os.environ else []

APART = ("browser", "faults", "processes")  # browsers and whole nodes: one after the other


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses by it
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what fills the machine by itself: it runs alone, after what several workers share."""
    for item in items:
        if item.path.parent.name in APART:
            item.add_marker(pytest.mark.apart)


@pytest.fixture(autouse=True, scope="session")
def cheap_passwords() -> None:
    """The same hash with less work: what is tested does not depend on its cost."""
    Argon2PasswordHasher.time_cost = Argon2PasswordHasher.parallelism = 1
    Argon2PasswordHasher.memory_cost = 8


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch) -> None:
    """Every test has files and a marker of its own."""
    monkeypatch.setattr(settings, "FILES_DIR", tmp_path / "files")
    monkeypatch.setattr(settings, "MARKER_FILE", tmp_path / "marker.json")


@pytest.fixture(autouse=True)
def no_refusals_left() -> Iterator[None]:
    """Counters of refusals start empty and start no timer that outlives the test."""
    yield
    refusals.forget()


@pytest.fixture
def node(db):
    """A node whose log is open."""
    return open_log()


@pytest.fixture
def live_node(django_db_serialized_rollback, transactional_db):
    """A node whose log is open, with real commits."""
    return open_log()


@pytest.fixture
def duty(node) -> Officer:
    """A duty officer of the city."""
    return factories.officer("duty_officer")


@pytest.fixture
def client_of() -> Callable[[Officer], Client]:
    """A signed-in client of this officer."""
    return factories.client

"""Nodes for the tests of links. The database of the test run itself is never used here."""

import contextlib
from collections.abc import Callable, Iterator

import pytest

from tests.link.world import CITY, Clock, Databases, Node, pair


@pytest.fixture(scope="session")
def databases(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Databases]:
    with django_db_blocker.unblock():
        yield Databases(tmp_path_factory.mktemp("nodes"))


@pytest.fixture
def node_of(databases, django_db_blocker, tmp_path) -> Iterator[Callable[[str], Node]]:
    """Make a node by its name; every node of a test has the same clock."""
    clock = Clock()
    with django_db_blocker.unblock(), contextlib.ExitStack() as stack:

        def make(name: str) -> Node:
            folder = tmp_path / f"{name}-{len(made)}"
            folder.mkdir()
            node = Node(name, folder, databases.fresh(), clock)
            made.append(node)
            stack.callback(node.close)
            return node

        made: list[Node] = []
        yield make


@pytest.fixture
def city(node_of) -> Node:
    return node_of(CITY)


@pytest.fixture
def paired(node_of, city) -> Callable[..., Node]:
    """A node below the city, paired with it."""

    def make(name: str, **options: bool) -> Node:
        node = node_of(name)
        pair(city, node, **options)
        return node

    return make

"""Who plans exercises, in the tests of drills."""

import pytest
from django.test import Client
from django.utils import translation

from tests import factories


@pytest.fixture
def office(node) -> Client:
    factories.plan()
    return factories.client(factories.officer("emergency_office"))


@pytest.fixture
def planner(node):
    factories.plan()
    return factories.officer("emergency_office")


@pytest.fixture(scope="module")
def chinese():
    with translation.override("zh-hans"):
        yield

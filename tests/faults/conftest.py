"""A real city with two districts and peers of our own, once for all tests of faults."""

from collections.abc import Iterator

import pytest

from faults.federation import Federation, Template, federation
from faults.report import Outcome


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> Iterator[Federation]:
    folder = tmp_path_factory.mktemp("faults")
    with federation(Template(folder / "template"), folder / "nodes") as made:
        yield made


@pytest.fixture
def holds():
    """Fails with all that does not hold; figures of time are measured elsewhere."""

    def require(outcome: Outcome) -> None:
        assert outcome.wrong == [], "\n".join(outcome.wrong)

    return require

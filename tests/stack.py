"""The pytest plugin behind `--stack=embedded|service`.

Owns the environment that Django's settings read: a fresh var folder for every run and, for the
service stack, a PostgreSQL and a Redis started for this run. It is loaded by `-p` because settings
are read before any conftest. Promises that values of the caller's shell never reach the tests and
that everything started here is ended with the run.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import servers

STACKS = ("embedded", "service")
_started = ExitStack()


def start_stack(name: str) -> dict[str, str]:
    """Start the servers of one stack; the environment of a node that uses them."""
    folder = tempfile.TemporaryDirectory(prefix="belltower-var-", ignore_cleanup_errors=True)
    env = {"BELLTOWER_VAR": _started.enter_context(folder)}
    if name == "service":
        env["BELLTOWER_DATABASE_URL"] = _started.enter_context(servers.postgres())
        env["BELLTOWER_SECOND_FACTOR"] = "roles"  # tests of "all" say so
        env["BELLTOWER_REDIS_URL"] = _started.enter_context(servers.redis())
    return env


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--stack`, the embedded node by default, and `--migrated`."""
    parser.addoption("--stack", choices=STACKS, default="embedded", help="what the node runs on")
    parser.addoption("--migrated", metavar="FILE", help="begin with a copy of this SQLite database")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Before Django's plugin reads the settings: the environment of the chosen stack."""
    kept = ("BELLTOWER_CHROMIUM",)
    for name in [name for name in os.environ if name.startswith("BELLTOWER_")]:
        if name not in kept:
            del os.environ[name]
    options = early_config.known_args_namespace
    if not (options.help or options.version):
        os.environ.update(start_stack(options.stack))
        if options.migrated:
            node = Path(options.migrated).parent.parent.name
            folder = Path(os.environ["BELLTOWER_VAR"], node, "db")
            folder.mkdir(parents=True)
            shutil.copy(options.migrated, folder / "test.sqlite3")
    return (yield)


def pytest_report_header(config: pytest.Config) -> str:
    """Which stack this run is about."""
    return f"stack: {config.getoption('stack')}"


def pytest_unconfigure() -> None:
    """End what was started."""
    _started.close()


atexit.register(_started.close)  # an error before configuration ends the servers too

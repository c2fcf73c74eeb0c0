"""A node as a process of its own, for what only a real server can show."""

import json
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import servers

ORGANISATIONS = Path(__file__).resolve().parents[2] / "emergency/demo/organisations.csv"


@dataclass(frozen=True)
class Made:
    """A migrated node with one duty officer; its processes come and go."""

    env: dict[str, str]
    var: Path
    user: str
    password: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def manage(self, *arguments: str) -> str:
        return servers.manage(*arguments, env=self.env)


@pytest.fixture(scope="session")
def made_node(tmp_path_factory) -> Made:
    """The node, made once."""
    url = os.environ.get("BELLTOWER_DATABASE_URL", "")
    return make(tmp_path_factory, url and servers.create_database(url, f"n{uuid.uuid4().hex}"))


@pytest.fixture(scope="session")
def sqlite_node(made_node, tmp_path_factory) -> Made:
    """The node where it keeps a file of its own; another one where it does not."""
    if not made_node.env["BELLTOWER_DATABASE_URL"]:
        return made_node
    return make(tmp_path_factory, "")


def make(folders: pytest.TempPathFactory, database: str) -> Made:
    """A node with this database; "" is a file of its own."""
    var = folders.mktemp("var")
    env = {"BELLTOWER_VAR": str(var), "BELLTOWER_DATABASE_URL": database}
    servers.manage("migrate", "-v0", env=env)
    servers.manage("importorganisations", str(ORGANISATIONS), env=env)
    officer = ["--name", "李晨", "--role", "duty_officer", "--organisation", "610100", "--token"]
    account = json.loads(servers.manage("addofficer", "duty", *officer, env=env))
    return Made(env, var, account["user"], account["password"], account["token"])


@pytest.fixture(scope="session")
def port(made_node) -> Iterator[int]:
    """The port of a web process of this node."""
    free = servers.free_port()
    with servers.node(made_node.env, free, var=made_node.var):
        yield free

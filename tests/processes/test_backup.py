"""A backup of a running node, and a node that goes on from it."""

import json
import os
import stat
import sys
import uuid
from pathlib import Path

import httpx
import pytest

from tests import servers

ORGANISATIONS = Path(__file__).resolve().parents[2] / "emergency/demo/organisations.csv"


@pytest.fixture
def env(tmp_path) -> dict[str, str]:
    """The environment of a node with one duty officer."""
    own = {"BELLTOWER_VAR": str(tmp_path), "BELLTOWER_PORT": str(servers.free_port())}
    if url := os.environ.get("BELLTOWER_DATABASE_URL"):
        own["BELLTOWER_DATABASE_URL"] = servers.create_database(url, f"n{uuid.uuid4().hex}")
    servers.manage("migrate", "-v0", env=own)
    servers.manage("importorganisations", str(ORGANISATIONS), env=own)
    officer = ["--name", "李晨", "--role", "duty_officer", "--organisation", "610100", "--token"]
    own["TOKEN"] = json.loads(servers.manage("addofficer", "duty", *officer, env=own))["token"]
    return own


def running(env: dict[str, str]):
    return servers.node(env, int(env["BELLTOWER_PORT"]), var=Path(env["BELLTOWER_VAR"]))


def client(env: dict[str, str]) -> httpx.Client:
    return httpx.Client(
        base_url=f"http://127.0.0.1:{env['BELLTOWER_PORT']}/api",
        headers={"Authorization": f"Bearer {env['TOKEN']}"},
        trust_env=False,
    )


def report(env: dict[str, str], title: str) -> None:
    with client(env) as api:
        body = {"id": str(uuid.uuid4()), "title": title, "type_code": "12D02"}
        assert api.post("/incidents", json=body).status_code == 201


def titles(env: dict[str, str]) -> set[str]:
    with client(env) as api:
        return {one["title"] for one in api.get("/incidents").json()["items"]}


def epoch(env: dict[str, str]) -> str:
    with client(env) as api:
        return api.get("/incidents").json()["cursor"].partition(":")[0]


def test_a_node_goes_on_from_a_backup_taken_while_it_ran_in_a_new_epoch(env, tmp_path):
    file = tmp_path / "node.backup"
    with running(env):
        report(env, "before")
        servers.manage("backup", str(file), env=env)
        report(env, "after")
        old = epoch(env)
        with pytest.raises(RuntimeError, match="xian is running.*stop the node first"):
            elsewhere = env | {"BELLTOWER_PORT": "1"}  # the port that it listens on says nothing
            servers.manage("restore", str(file), "--replace", env=elsewhere)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(RuntimeError, match="--replace moves it aside"):
        servers.manage("restore", str(file), env=env)
    told = servers.manage("restore", str(file), "--replace", env=env)
    with running(env):
        assert titles(env) == {"before"}
        assert epoch(env) != old
    assert "rows verified" in servers.manage("verifylog", env=env)
    assert "new epoch" in told
    assert list((tmp_path / "xian").glob("before-restore-*/keys/node.pem"))


@pytest.mark.parametrize(
    ("command", "says"), [("runtimers", "timers run"), ("runlink", "links run")]
)
def test_no_process_of_a_restored_node_writes_before_its_epoch_is_new(env, tmp_path, command, says):
    file = tmp_path / "node.backup"
    with running(env):
        report(env, "before")
        servers.manage("backup", str(file), env=env)
        report(env, "after")
        old = epoch(env)
    servers.manage("restore", str(file), "--replace", env=env)
    output = tmp_path / "other.log"
    words = [sys.executable, "manage.py", command]
    own = os.environ | env | {"PYTHONUNBUFFERED": "1"}
    with servers.running(words, log=output, env=own) as process:
        servers.wait_for(
            lambda: says in output.read_text(), what=command, process=process, log=output
        )
        asked = "from realtime import log; print(log.head().cursor)"
        assert old not in servers.manage("shell", "-v0", "-c", asked, env=env)


def test_a_damaged_backup_or_one_of_another_node_is_refused(env, tmp_path):
    file = tmp_path / "node.backup"
    servers.manage("backup", str(file), env=env)
    with pytest.raises(RuntimeError, match="exists already"):
        servers.manage("backup", str(file), env=env)
    with pytest.raises(RuntimeError, match="not of xian-yanta"):
        servers.manage("restore", str(file), env=env | {"BELLTOWER_NODE": "xian-yanta"})
    content = bytearray(file.read_bytes())
    at = content.index(b"manifest.json") + 1500  # inside of what follows the manifest
    content[at : at + 4000] = bytes(4000)
    file.write_bytes(content)
    with pytest.raises(RuntimeError, match="damaged"):
        servers.manage("restore", str(file), "--replace", env=env)

"""A node as real processes: one on SQLite, two Daphne processes on PostgreSQL with Redis.

The same sentences hold on both stacks; `--stack` decides which it is.
"""

import asyncio
import contextlib
import json
import os
import socket
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import websockets

from tests import servers

ORGANISATIONS = Path(__file__).resolve().parents[2] / "emergency/demo/organisations.csv"


@dataclass
class Node:
    """A node's environment, its token, and the ports of its processes."""

    env: dict[str, str]
    var: Path
    token: str
    ports: list[int] = field(default_factory=list)

    @contextlib.contextmanager
    def process(self, port: int | None = None) -> Iterator:
        """One more web process of this node."""
        port = port or servers.free_port()
        with servers.node(self.env, port, var=self.var) as process:
            self.ports.append(port)
            yield process

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def report(self, port: int, title: str) -> str:
        """Report an incident; its id."""
        answer = httpx.post(
            f"http://127.0.0.1:{port}/api/incidents",
            json={"id": str(uuid.uuid4()), "title": title, "type_code": "12D02"},
            headers=self.headers,
        )
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def feed(self, port: int, **options):
        return websockets.connect(
            f"ws://127.0.0.1:{port}/ws/feed",
            additional_headers=self.headers,
            proxy=None,
            **options,
        )


async def frame(socket, *kinds: str) -> dict:
    """The next frame of one of these kinds."""
    async with asyncio.timeout(20):
        while (told := json.loads(await socket.recv()))["kind"] not in kinds:
            pass
    return told


@pytest.fixture(scope="module")
def made_node(tmp_path_factory) -> Node:
    """A node with one duty officer; it is made once, its processes come and go."""
    var = tmp_path_factory.mktemp("var")
    env = {}
    if url := os.environ.get("BELLTOWER_DATABASE_URL"):
        env["BELLTOWER_DATABASE_URL"] = servers.create_database(url, f"n{uuid.uuid4().hex}")
    own = env | {"BELLTOWER_VAR": str(var)}
    servers.manage("migrate", "-v0", env=own)
    servers.manage("importorganisations", str(ORGANISATIONS), env=own)
    officer = ["--name", "李晨", "--role", "duty_officer", "--organisation", "610100", "--token"]
    account = json.loads(servers.manage("addofficer", "duty", *officer, env=own))
    return Node(env, var, account["token"])


@pytest.fixture
def redis_of_its_own() -> Iterator[contextlib.ExitStack]:
    """Where a test may stop Redis without harm to the others."""
    with contextlib.ExitStack() as stack:
        yield stack


@pytest.fixture
def fresh_node(made_node, redis_of_its_own) -> Node:
    """The node, without a process yet, with a Redis of its own in service."""
    env = dict(made_node.env)
    if "BELLTOWER_REDIS_URL" in os.environ:
        env["BELLTOWER_REDIS_URL"] = redis_of_its_own.enter_context(servers.redis())
    return Node(env, made_node.var, made_node.token)


@pytest.fixture
def running_node(fresh_node) -> Iterator[Node]:
    """The node with as many web processes as its stack allows."""
    with contextlib.ExitStack() as stack:
        for _number in range(2 if "BELLTOWER_REDIS_URL" in fresh_node.env else 1):
            stack.enter_context(fresh_node.process())
        yield fresh_node


async def test_what_one_process_commits_the_other_tells_its_browsers(running_node):
    first, last = running_node.ports[0], running_node.ports[-1]
    async with running_node.feed(last) as socket:
        await socket.send(json.dumps({"kind": "hello"}))
        await frame(socket, "ready")
        pk = await asyncio.to_thread(running_node.report, first, "甲醇罐车泄漏")
        told = await frame(socket, "event")
    assert told["item"]["id"] == pk


async def test_without_redis_nothing_is_lost(running_node, redis_of_its_own):
    async with running_node.feed(running_node.ports[-1]) as socket:
        await socket.send(json.dumps({"kind": "hello"}))
        await frame(socket, "ready")
        redis_of_its_own.close()
        written = [
            await asyncio.to_thread(running_node.report, running_node.ports[0], str(number))
            for number in range(5)
        ]
        told = [(await frame(socket, "event"))["item"]["id"] for _number in range(5)]
    assert told == written


async def test_a_browser_that_stops_reading_is_told_to_resync_and_misses_nothing(running_node):
    first, last = running_node.ports[0], running_node.ports[-1]
    pk = await asyncio.to_thread(running_node.report, first, "甲醇罐车泄漏")
    address = f"http://127.0.0.1:{first}/api/incidents/{pk}/entries"
    still = socket.socket()
    still.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    still.connect(("127.0.0.1", last))
    async with running_node.feed(last, sock=still, max_queue=1) as browser:
        await browser.send(json.dumps({"kind": "hello"}))
        cursor = (await frame(browser, "ready"))["cursor"]
        written = []
        async with httpx.AsyncClient(headers=running_node.headers) as client:
            for _number in range(30):
                answer = await client.post(address, json={"text": "钟" * 9_000})
                written.append(answer.json()["id"])
        told = []
        while (one := await frame(browser, "event", "resync"))["kind"] == "event":
            told.append(one["item"]["id"])
            cursor = one["cursor"]
        assert len(told) < len(written)
        await browser.send(json.dumps({"kind": "hello", "after": cursor}))
        while len(told) < len(written):
            told.append((await frame(browser, "event"))["item"]["id"])
    assert told == written


async def test_a_killed_process_comes_back_and_the_browser_misses_nothing(fresh_node):
    port = servers.free_port()
    acknowledged: list[str] = []
    with fresh_node.process(port) as process:
        async with fresh_node.feed(port) as socket:
            await socket.send(json.dumps({"kind": "hello"}))
            cursor = (await frame(socket, "ready"))["cursor"]
            for number in range(10):
                pk = await asyncio.to_thread(fresh_node.report, port, str(number))
                acknowledged.append(pk)
            told = [await frame(socket, "event") for _number in range(5)]
            cursor = told[-1]["cursor"]
            process.kill()
            process.wait()
    with fresh_node.process(port):
        async with fresh_node.feed(port) as socket:
            await socket.send(json.dumps({"kind": "hello", "after": cursor}))
            rest = [await frame(socket, "event") for _number in range(5)]
    assert [one["item"]["id"] for one in told + rest] == acknowledged
    env = fresh_node.env | {"BELLTOWER_VAR": str(fresh_node.var)}
    assert "rows verified" in servers.manage("verifylog", env=env)


def test_a_node_on_a_database_that_is_not_migrated_does_not_start(tmp_path):
    env = {}
    if url := os.environ.get("BELLTOWER_DATABASE_URL"):
        env["BELLTOWER_DATABASE_URL"] = servers.create_database(url, f"n{uuid.uuid4().hex}")
    empty = Node(env, tmp_path, "")
    with pytest.raises(RuntimeError, match="not up to date"), empty.process():
        pass


async def test_the_application_serves_the_feed_under_another_server_too(fresh_node):
    port = servers.free_port()
    own = fresh_node.env | {
        "BELLTOWER_VAR": str(fresh_node.var), "BELLTOWER_PORT": str(port)
    }  # fmt: skip
    command = [servers.sys.executable, "-m", "uvicorn", "config.asgi:application"]
    command += ["--port", str(port), "--lifespan", "off", "--log-level", "warning"]
    log = fresh_node.var / "uvicorn.log"
    with servers.running(command, log=log, env=os.environ | own) as process:
        servers.wait_for(lambda: servers.is_healthy(port), what="uvicorn", process=process, log=log)
        async with fresh_node.feed(port) as socket:
            await socket.send(json.dumps({"kind": "hello"}))
            await frame(socket, "ready")
            pk = await asyncio.to_thread(fresh_node.report, port, "under uvicorn")
            assert (await frame(socket, "event"))["item"]["id"] == pk

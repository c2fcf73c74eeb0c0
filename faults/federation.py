"""A city, its districts, the lines between them, and peers of our own: made, paired and running.

Owns: databases, pairing and the order of the start. Promises: the stack is that of the environment
(`tests/stack.py`): SQLite, or PostgreSQL and Redis with two web processes at the city and one for
the links at each lower node; each lower node dials the city through a fault
proxy of its own; everything ends with the federation. Must not know: faults, writers, checks.
"""

import contextlib
import json
import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from faults.nodes import CHANGAN, CITY, LIARS, LOWER, REVOKED, WAITING, YANTA, Node, Redis
from faults.proxy import FaultProxy
from tests import servers

ORGANISATIONS = servers.ROOT / "emergency/demo/organisations.csv"


@dataclass
class Federation:
    """A city, lower nodes, a proxy for each of them, and keys of paired peers that are no nodes."""

    folder: Path
    city: Node
    lower: dict[str, Node]
    proxies: dict[str, FaultProxy]
    liars: dict[str, Ed25519PrivateKey]
    redis: Redis | None

    def nodes(self) -> list[Node]:
        return [self.city, *self.lower.values()]

    def node(self, name: str) -> Node:
        return self.city if name == self.city.name else self.lower[name]


class Template:
    """A migrated database with organisations, of which each node gets a copy."""

    def __init__(self, folder: Path, url: str | None = None):
        self.folder = folder
        self.url = os.environ.get("BELLTOWER_DATABASE_URL", "") if url is None else url
        self.is_service = url is None and "BELLTOWER_REDIS_URL" in os.environ
        own = {"BELLTOWER_VAR": str(folder / "template"), "BELLTOWER_NODE": CITY}
        (folder / "template").mkdir(parents=True)
        if self.url:
            self.url = own["BELLTOWER_DATABASE_URL"] = self._database("")
        made = Node(CITY, "", folder / "template", own, [])
        made.commands(["migrate", "-v0"], ["importorganisations", str(ORGANISATIONS)])

    def _database(self, template: str) -> str:
        """One more database on the server of the environment."""
        return servers.create_database(self.url, f"f{uuid.uuid4().hex}", template or "template1")

    def node(self, name: str, organisation: str, var: Path, redis: Redis | None) -> Node:
        """A node that has not started yet."""
        ports = [servers.free_port() for _port in range(2 if redis and name == CITY else 1)]
        env = {"BELLTOWER_VAR": str(var), "BELLTOWER_NODE": name, "BELLTOWER_NODE_NAME": name}
        env["BELLTOWER_ORIGINS"] = ",".join(f"http://127.0.0.1:{port}" for port in ports)
        (var / name / "db").mkdir(parents=True, exist_ok=True)
        if self.url:
            template = self.url.rpartition("/")[2]
            env["BELLTOWER_DATABASE_URL"] = self._database(template)
        else:
            made = self.folder / "template" / CITY / "db" / "node.sqlite3"
            shutil.copy(made, var / name / "db" / "node.sqlite3")
        env["BELLTOWER_REDIS_URL"] = redis.url if redis else ""
        return Node(name, organisation, var, env, ports)


def _officer(organisation: str) -> list[str]:
    words = ["addofficer", "duty", "--name", "李晨", "--role", "duty_officer"]
    return [*words, "--organisation", organisation, "--token"]


@contextlib.contextmanager
def federation(
    template: Template,
    folder: Path,
    *,
    lower: Sequence[str] = (YANTA, CHANGAN),
) -> Iterator[Federation]:
    """A city with these districts, all running and paired, and with three peers of our own."""
    with contextlib.ExitStack() as stack:
        folder.mkdir(parents=True, exist_ok=True)
        redis = None
        if template.is_service:
            redis = Redis(folder)
            stack.callback(redis.kill)
            redis.start()
        city = template.node(CITY, "610100", folder, redis)
        districts = {name: template.node(name, LOWER[name], folder, redis) for name in lower}
        codes = [["pairnode", "code", name] for name in (*lower, *LIARS)]
        officer, *codes = map(json.loads, city.commands(_officer("610100"), *codes))
        city.token = officer["token"]
        code_of = {one["node"]: one["code"] for one in codes}
        made = Federation(folder, city, districts, {}, {}, redis)
        for node in made.nodes():
            stack.callback(node.kill)
        city.start()
        for name in lower:
            proxy = FaultProxy(city.port, folder / f"wire-{name}")
            made.proxies[name] = stack.enter_context(proxy)
        with ThreadPoolExecutor(len(lower) or 1) as pool:
            list(pool.map(lambda name: _join(made, name, code_of[name]), lower))
        for name in LIARS:
            made.liars[name] = _introduce(city, name, code_of[name])
        for node in districts.values():
            node.start(wait=False)
        paired = [name for name in (*lower, *LIARS) if name != WAITING]
        confirmed = [["pairnode", "confirm", name, "--cleared"] for name in paired]
        city.commands(*confirmed, ["pairnode", "revoke", REVOKED])
        for node in districts.values():
            node.await_ready()
        yield made


def _join(made: Federation, name: str, code: str) -> None:
    node, url = made.lower[name], f"http://127.0.0.1:{made.proxies[name].port}"
    told = node.commands(
        _officer(node.organisation),
        ["pairnode", "join", url, code],
        ["pairnode", "confirm", CITY, "--cleared"],
    )
    node.token = json.loads(told[0])["token"]


def _introduce(city: Node, name: str, code: str) -> Ed25519PrivateKey:
    """Pair a key of our own with the city, as a joining node would."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw().hex()
    given = {"node": name, "name": name, "public": public, "code": code}
    with city.client() as client:
        answer = client.post("/pairing", json=given)
    if answer.status_code != 201:
        raise RuntimeError(f"{name} could not pair: {answer.text}")
    return key

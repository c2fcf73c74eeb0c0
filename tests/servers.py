"""Real servers for tests and benchmarks: PostgreSQL, Redis, nodes of our own, a browser's path.

Owns their start, their readiness and their end. Promises: each server has a folder of its own that
goes with it, listens on this machine alone, is ready when handed over, and is ended by the process
that was started here and no other; it also ends when the tests are killed. Never root: PostgreSQL
refuses it, so as root the servers run as `postgres` or `nobody`. Must not import the project's
packages: the database address has to exist before Django's settings are read.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

import psycopg
import redis as redis_client
from psycopg import sql

from scripts.system_packages import browser, postgresql_bin

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
STOP_SECONDS = 30
POSTGRES_SETTINGS = {
    "listen_addresses": "",  # the socket in our folder only
    "synchronous_commit": "on",  # the node refuses less
    "max_connections": "200",
}
FAST = {"full_page_writes": "off"}  # the folder does not outlive the run; the node wants fsync


def chromium_path() -> str:
    """The browser that the tests drive."""
    found = browser()
    if found is None:
        raise RuntimeError("No Chromium: install Debian's chromium or set BELLTOWER_CHROMIUM.")
    return found


def free_port() -> int:
    """A TCP port of the loopback interface that nothing uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(ready: Callable[[], bool], *, what: str, process: subprocess.Popen, log: Path) -> None:
    """Return once `ready()`; raise with the end of the log when the process ends or time is up."""
    deadline = time.monotonic() + START_SECONDS
    pause = threading.Event()
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            tail = log.read_text(errors="replace")[-4000:]
            raise RuntimeError(f"{what} did not start (exit code {process.poll()}).\n{tail}")
        pause.wait(0.02)


@contextlib.contextmanager
def running(
    command: Sequence[str | Path],
    *,
    log: Path,
    owner: str | None = None,
    env: Mapping[str, str] | None = None,
    stop: signal.Signals = signal.SIGTERM,
) -> Iterator[subprocess.Popen]:
    """One process, its output in `log`; ended with `stop`, killed if it will not end."""
    with open(log, "ab") as output:
        process = subprocess.Popen(
            [str(part) for part in (*_as_child(owner), *command)],
            cwd=ROOT if owner is None else log.parent,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(os.environ if env is None else env),
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(stop)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextlib.contextmanager
def postgres(*, durable: bool = False) -> Iterator[str]:
    """A PostgreSQL of its own; yields the address of its empty database `belltower`."""
    with _folder("pg") as (folder, owner):
        make = [_binary("initdb"), "-D", folder / "data", "-U", "belltower", "-A", "trust"]
        make += ["-E", "UTF8", "--locale=C.UTF-8", *([] if durable else ["-N"])]
        _run([*_as_child(owner), *make], cwd=folder)
        with postgres_in(folder, owner, durable=durable) as (root, _process):
            yield create_database(root, "belltower")


@contextlib.contextmanager
def postgres_in(
    folder: Path, owner: str | None, *, durable: bool
) -> Iterator[tuple[str, subprocess.Popen]]:
    """A PostgreSQL on the cluster in `folder`/data; the address of its database `postgres`."""
    values = POSTGRES_SETTINGS | ({} if durable else FAST)
    options = [word for name, value in values.items() for word in ("-c", f"{name}={value}")]
    command = [_binary("postgres"), "-D", folder / "data", "-k", folder, *options]
    log = folder / "postgres.log"
    root = f"postgresql://belltower@{quote(str(folder), safe='')}/postgres"
    # SIGINT is PostgreSQL's fast shutdown: open sessions do not hold it up
    with running(command, log=log, owner=owner, stop=signal.SIGINT) as process:
        wait_for(lambda: _answers_sql(root), what="PostgreSQL", process=process, log=log)
        yield root, process


def _binary(name: str) -> Path:
    binaries = postgresql_bin()
    if binaries is None:
        raise RuntimeError("No PostgreSQL 15 or newer: install Debian's postgresql.")
    return binaries / name


def create_database(url: str, name: str, template: str = "template1") -> str:
    """Make a database on the server of `url`, empty or as `template` is; its address."""
    words = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(words.format(sql.Identifier(name), sql.Identifier(template)))
    return f"{url.rpartition('/')[0]}/{name}"


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """A Redis of its own that keeps nothing on disk; yields its address."""
    server = shutil.which("redis-server")
    if server is None:
        raise RuntimeError("No Redis: install Debian's redis-server.")
    with _folder("redis") as (folder, owner):
        port, log = free_port(), folder / "redis.log"
        command = [server, "--bind", "127.0.0.1", "--port", str(port), "--dir", folder]
        command += ["--save", "", "--appendonly", "no"]
        url = f"redis://127.0.0.1:{port}/0"
        with running(command, log=log, owner=owner) as process:
            wait_for(lambda: answers_ping(url), what="Redis", process=process, log=log)
            yield url


def manage(*arguments: str, env: Mapping[str, str]) -> str:
    """Run one management command to its end; what it printed."""
    return _run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=os.environ | env)


@contextlib.contextmanager
def node(env: Mapping[str, str], port: int, *, var: Path) -> Iterator[subprocess.Popen]:
    """A node as its own process on a migrated database, handed over when /healthz answers."""
    own = {"BELLTOWER_PORT": str(port), "BELLTOWER_VAR": str(var), "PYTHONUNBUFFERED": "1"}
    log = var / f"node-{port}.log"
    command = [sys.executable, "manage.py", "runnode"]
    with running(command, log=log, env=os.environ | env | own) as process:
        wait_for(lambda: is_healthy(port), what="The node", process=process, log=log)
        yield process


def is_healthy(port: int) -> bool:
    """True when the node on this port says that it is well."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _run(command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str] | None = None) -> str:
    """A command to its end; raises with its output when it fails."""
    words = [str(part) for part in command]
    done = subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def _answers_sql(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def answers_ping(url: str) -> bool:
    """True when a Redis answers at this address."""
    try:
        with redis_client.Redis.from_url(url, socket_timeout=5) as client:
            return client.ping()
    except redis_client.ConnectionError:
        return False


@contextlib.contextmanager
def _folder(name: str) -> Iterator[tuple[Path, str | None]]:
    """A short folder (socket paths are limited) and, as root, the account that owns it."""
    owner = None
    folder = Path(tempfile.mkdtemp(prefix=f"belltower-{name}-"))
    try:
        if os.geteuid() == 0:
            owner = _account()
            shutil.chown(folder, owner, pwd.getpwnam(owner).pw_gid)
        yield folder, owner
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _account() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _as_child(owner: str | None) -> list[str]:
    """The words before a command that must end with us, as `owner` where given (Linux)."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise RuntimeError("No setpriv: install util-linux.")
    words = [setpriv, "--pdeathsig", "TERM"]
    if owner is not None:
        group = str(pwd.getpwnam(owner).pw_gid)
        words += ["--reuid", owner, "--regid", group, "--clear-groups"]
    return [*words, "--"]

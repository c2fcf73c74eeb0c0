"""Nodes of the demo city in processes of their own, and real browsers that are signed in to them.

Owns: start, kill and restart of a node, the pairing of a district with the city, contexts of
Chromium, and the watch that every page is under. Promises: a test fails when any of its pages logs
an error, breaks the content policy, opens a dialog or asks another host for anything. A map drawn
in software costs seconds, so only tests that look at the map ask for one. Package scope, so that
Playwright's event loop is gone before tests of other packages begin theirs.
"""

import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests import servers
from tests.browser.exercising import schedule, workbook

WITH_MAP = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
WITHOUT_MAP = ["--no-sandbox", "--disable-3d-apis"]
POLICY = """addEventListener("securitypolicyviolation", (event) =>
  console.error("policy:", event.violatedDirective, event.blockedURI));"""
# what a browser itself writes about a node that is down, or about an answer that a test asks for
EXPECTED = ("ERR_CONNECTION", "WebSocket connection", "status of 4", "net::ERR_")

NODES: list["City"] = []  # that pages may speak to

expect.set_options(timeout=20_000)


class City:
    """A node: its address, its accounts, and its processes, which can be killed."""

    def __init__(self, var: Path, env: dict[str, str], node: str = "xian", name: str = "西安市"):
        self.port = servers.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        own = {"NODE": node, "NODE_NAME": name, "VAR": str(var), "PORT": str(self.port)}
        self.node, self.var = node, var
        self.env = env | {f"BELLTOWER_{key}": value for key, value in own.items()}
        NODES.append(self)
        self._process = ExitStack()
        self._running: list[subprocess.Popen] = []

    def make(self) -> None:
        """Database, accounts and layers of the demo city."""
        servers.manage("seeddemo", env=self.env)
        accounts = json.loads((self.var / self.node / "credentials.json").read_text())["accounts"]
        self.accounts = {account["user"]: account for account in accounts}

    def manage(self, *words: str) -> dict:
        """What a management command of this node prints, as JSON."""
        return json.loads(servers.manage(*words, env=self.env).splitlines()[-1])

    def start(self) -> None:
        """Serve, on the same port each time."""
        enter = self._process.enter_context
        self._running = [enter(servers.node(self.env, self.port, var=self.var))]
        if (
            "BELLTOWER_REDIS_URL" in self.env
        ):  # in service links and timers have processes of their own
            for part in ("runlink", "runtimers"):
                command, log = [sys.executable, "manage.py", part], self.var / f"{part}.log"
                process = servers.running(command, log=log, env=os.environ | self.env)
                self._running.append(enter(process))

    def kill(self) -> None:
        """End it as a power cut would."""
        for process in self._running:
            process.send_signal(signal.SIGKILL)
            process.wait()

    def stop(self) -> None:
        """End it in order."""
        self._process.close()

    def client(self, user: str) -> httpx.Client:
        """The API as this account, by its token."""
        token = self.accounts[user]["token"]
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.Client(
            base_url=f"{self.url}/api", headers=headers, timeout=30, trust_env=False
        )

    def report(self, title: str = "甲醇罐车泄漏", *, user: str = "duty", **fields: object) -> dict:
        """Report an incident over the API; its detail."""
        body = {"id": str(uuid.uuid4()), "title": title, "type_code": "12D02"} | fields
        with self.client(user) as client:
            answer = client.post("/incidents", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()


@pytest.fixture(scope="package")
def city(tmp_path_factory) -> Iterator[City]:
    """The demo city, running."""
    with running(tmp_path_factory.mktemp("city")) as made:
        yield made


@pytest.fixture(scope="package")
def district(city: City, tmp_path_factory) -> Iterator[City]:
    """A district of the city, running and linked with it, as two administrators would."""
    folder = tmp_path_factory.mktemp("district")
    with running(folder, node="xian-yanta", name="雁塔区") as made:
        code = city.manage("pairnode", "code", made.node)["code"]
        number = made.manage("pairnode", "join", city.url, code)["number"]
        assert city.manage("pairnode", "confirm", made.node, "--cleared")["number"] == number
        made.manage("pairnode", "confirm", city.node)
        yield made
        city.manage("pairnode", "revoke", made.node)


@contextmanager
def running(folder: Path, **who: str) -> Iterator[City]:
    """A node on the stack of this run."""
    env = {}
    with ExitStack() as stack:
        if url := os.environ.get("BELLTOWER_DATABASE_URL"):
            env["BELLTOWER_DATABASE_URL"] = servers.create_database(url, f"b{uuid.uuid4().hex}")
            env["BELLTOWER_REDIS_URL"] = stack.enter_context(servers.redis())
        made = City(folder, env, **who)
        made.make()
        made.start()
        stack.callback(made.stop)
        yield made


@pytest.fixture(scope="package")
def browsers() -> Iterator[Callable[[bool], Browser]]:
    """Chromium with or without WebGL, each started when first asked for."""
    with sync_playwright() as playwright:
        started: dict[bool, Browser] = {}

        def browser(with_map: bool) -> Browser:
            if with_map not in started:
                started[with_map] = playwright.chromium.launch(
                    executable_path=servers.chromium_path(),
                    args=WITH_MAP if with_map else WITHOUT_MAP,
                )
            return started[with_map]

        yield browser
        for one in started.values():
            one.close()


@pytest.fixture(scope="package")
def signed_in() -> dict[str, dict]:
    """Cookies by account, so that each signs in once."""
    return {}


@pytest.fixture
def complaints(city: City) -> Iterator[list[str]]:
    """What went wrong in any page of the test; a test that expects something removes it."""
    found: list[str] = []
    yield found
    assert [line for line in found if not any(word in line for word in EXPECTED)] == []


@pytest.fixture
def context_of(
    city: City, browsers: Callable[[bool], Browser], complaints: list[str]
) -> Iterator[Callable[..., BrowserContext]]:
    """A browser of one person: `context_of(width=…, locale=…)`; watched."""
    opened: list[BrowserContext] = []

    def watch(page: Page) -> None:
        page.on("console", lambda line: line.type == "error" and complaints.append(line.text))
        page.on("pageerror", lambda error: complaints.append(f"error: {error.stack or error}"))
        page.on("dialog", lambda dialog: (complaints.append("a dialog"), dialog.dismiss()))
        page.on("request", lambda request: ours(request.url) or complaints.append(request.url))

    def ours(url: str) -> bool:
        own = [f"{one.url}/" for one in NODES]
        return url.startswith((*own, "data:", "blob:"))

    def make(
        *, with_map: bool = False, width: int = 1366, height: int = 768, **options: object
    ) -> BrowserContext:
        options = {"locale": "zh-CN", "viewport": {"width": width, "height": height}} | options
        context = browsers(with_map).new_context(**options)
        context.add_init_script(POLICY)
        context.on("page", watch)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def desk_of(
    city: City, context_of: Callable[..., BrowserContext], signed_in: dict[str, dict]
) -> Callable[..., Page]:
    """The desk of an account, ready to be used: `desk_of("duty", at=district, with_map=True)`."""

    def open_desk(user: str, *, at: City = city, **options: object) -> Page:
        who = f"{user}@{at.node}"
        page = context_of(storage_state=signed_in.get(who), **options).new_page()
        page.goto(at.url)
        if "/sign-in" in page.url:
            page.fill("[name=username]", user)
            page.fill("[name=password]", at.accounts[user]["password"])
            page.click("form.stack button[type=submit]")
        ready(page)
        signed_in[who] = {"cookies": session_cookies(page), "origins": []}
        return page

    return open_desk


def session_cookies(page: Page) -> list[dict]:
    """The cookies of a sign-in, without the choice of language."""
    return [one for one in page.context.cookies() if "language" not in one["name"]]


def ready(page: Page) -> None:
    """Wait until the desk can be used and hears the node."""
    page.wait_for_selector("body[data-ready]", state="attached", timeout=60_000)
    expect(page.locator("#lamp")).to_have_attribute("data-state", "live")


@pytest.fixture
def is_ready() -> Callable[[Page], None]:
    """`ready`, for a page that a test reloads itself."""
    return ready


@pytest.fixture
def begun(desk_of, city, tmp_path) -> tuple[Page, str]:
    """The console of an exercise that runs, and the exercise's address."""
    office = desk_of("office")
    address = schedule(office, city.url, "防汛桌面演练（运行）")
    office.goto(f"{address}/script")
    office.get_by_label("工作簿（XLSX）").set_input_files(workbook(tmp_path))
    office.get_by_role("button", name="导入").click()
    expect(office.locator("table.script")).to_contain_text("请派排水车")
    office.goto(f"{address}/run")
    office.get_by_role("button", name="开始 ×1", exact=True).click()
    expect(office.locator("#clock .state")).to_have_text("进行中")
    return office, address

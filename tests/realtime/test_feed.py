"""The feed over a real socket: backlog then live, rights per envelope, resync, nothing twice."""

import asyncio
import contextlib
import json

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings

from config.asgi import application
from emergency.models import Officer
from emergency.services import accounts, reaching
from realtime import log
from tests import factories

ORIGIN = settings.ORIGINS[0]
act = database_sync_to_async


class Browser:
    """A browser's end of the feed."""

    def __init__(self, headers: dict[bytes, bytes]):
        self.headers = headers
        self.socket = WebsocketCommunicator(application, "/ws/feed", list(headers.items()))
        self.cursor = ""

    async def open(self) -> "Browser":
        connected, _protocol = await self.socket.connect(timeout=5)
        assert connected
        return self

    async def again(self) -> "Browser":
        """One more socket of the same sign-in."""
        return await Browser(self.headers).open()

    async def hello(self, after: str = "", **fields) -> None:
        await self.socket.send_json_to({"kind": "hello", "after": after, **fields})

    async def next(self, *kinds: str) -> dict:
        """The next frame of one of these kinds within 6 s; pulses in between are passed over."""
        async with asyncio.timeout(6):
            while True:
                message = await self.socket.receive_output(timeout=6)
                if message["type"] == "websocket.close":
                    return {"kind": "close", "code": message["code"]}
                frame = json.loads(message["text"])
                if not kinds or frame["kind"] in kinds:
                    self.cursor = frame.get("cursor") or self.cursor
                    return frame

    async def until_ready(self) -> list[dict]:
        """Frames of the backlog, up to `ready`."""
        frames = []
        while (frame := await self.next("event", "gone", "ready", "resync"))["kind"] != "ready":
            frames.append(frame)
        return frames

    async def nothing_before(self, position: int) -> list[dict]:
        """Everything that is told until the feed has passed this position."""
        frames = []
        while True:
            frame = await self.next()
            if frame["kind"] in ("event", "gone"):
                frames.append(frame)
            if int(frame["cursor"].partition(":")[2]) >= position:
                return frames


async def browser(officer: Officer) -> Browser:
    """A signed-in browser, by its session cookie."""
    client = await act(factories.client)(officer)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    return await Browser({b"cookie": cookie.encode(), b"origin": ORIGIN.encode()}).open()


@pytest.fixture
async def people(live_node):
    """A city duty officer and a district officer of 蓝田县."""
    duty = await act(factories.officer)("duty_officer")
    lantian = await act(factories.officer)("district_officer", "610122")
    yield duty, lantian
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()


async def test_an_incident_reaches_another_browser_after_its_commit(people):
    duty, _lantian = people
    screen = await browser(await act(factories.officer)("shift_leader"))
    await screen.hello()
    await screen.until_ready()
    incident = await act(factories.incident)(duty)
    frame = await screen.next("event")
    assert frame["type"] == "incident.reported"
    assert frame["item"]["id"] == str(incident.pk)
    assert frame["item"]["reporter"] == {}


async def test_backlog_comes_before_live_without_gap_or_double(people):
    duty, _lantian = people
    start = (await act(log.head)()).cursor
    waiting = [await act(factories.incident)(duty, title=f"waiting {n}") for n in range(5)]
    screen = await browser(duty)
    await screen.hello(after=start)
    assert (await screen.next("catching"))["count"] >= 5
    backlog = await screen.until_ready()
    live = await act(factories.incident)(duty, title="live")
    told = [frame["item"]["id"] for frame in backlog if frame["type"] == "incident.reported"]
    assert told == [str(incident.pk) for incident in waiting]
    assert (await screen.next("event"))["item"]["id"] == str(live.pk)


async def test_writes_during_the_backlog_are_told_once_each(people):
    duty, _lantian = people
    start = (await act(log.head)()).cursor
    screen = await browser(duty)

    async def write():
        return [await act(factories.incident)(duty, title=str(n)) for n in range(30)]

    writing = asyncio.create_task(write())
    told = []
    await screen.hello(after=start)
    while len(told) < 30:
        frame = await screen.next("event")
        if frame["type"] == "incident.reported":
            told.append(frame["item"]["id"])
        if len(told) in (5, 15) and not writing.done():  # say hello again in the middle
            await screen.hello(after=screen.cursor)
    assert told == [str(incident.pk) for incident in await writing]


async def test_an_officer_of_another_area_is_told_nothing(people):
    duty, lantian = people
    screen = await browser(lantian)
    await screen.hello()
    await screen.until_ready()
    await act(factories.incident)(duty)
    assert await screen.nothing_before((await act(log.head)()).position) == []


async def test_a_backlog_shows_an_officer_of_another_area_nothing(people):
    duty, lantian = people
    screen = await browser(lantian)
    start = (await act(log.head)()).cursor
    await act(factories.incident)(duty)
    await screen.hello(after=start)
    assert await screen.until_ready() == []


async def test_a_liaison_is_told_without_the_personal_part(people):
    duty, _lantian = people
    liaison = await act(factories.officer)("liaison", "dept-fire")
    incident = await act(factories.incident)(duty, reporter={"phone": "13800000000"})
    screen = await browser(liaison)
    await screen.hello()
    await screen.until_ready()
    await act(reaching.open_to)(
        actor=duty, incident=incident, organisation=await act(factories.organisation)("dept-fire")
    )
    frame = await screen.next("event")
    assert frame["subject"] == f"incident/{incident.pk}"
    assert "reporter" not in frame["item"] and "13800000000" not in json.dumps(frame)


async def test_what_is_not_shown_any_more_is_gone(people):
    duty, lantian = people
    county = await act(factories.organisation)("610122")
    incident = await act(factories.incident)(duty)
    incident = await act(reaching.open_to)(actor=duty, incident=incident, organisation=county)
    screen = await browser(lantian)
    await screen.hello()
    await screen.until_ready()
    await act(reaching.close_to)(actor=duty, incident=incident, organisation=county)
    frame = await screen.next("event", "gone")
    assert frame == {
        "kind": "gone",
        "cursor": frame["cursor"],
        "subject": f"incident/{incident.pk}",
    }


async def test_an_officer_without_a_right_any_more_is_cut_off(people):
    duty, lantian = people
    guard = await act(factories.officer)("security_admin")
    screen = await browser(lantian)
    await screen.hello()
    await screen.until_ready()
    await act(accounts.change_officer)(actor=guard, officer=lantian, is_active=False)
    assert await screen.next("close") == {"kind": "close", "code": 4401}
    await act(factories.incident)(duty)


async def test_an_officer_who_moves_to_another_area_starts_anew(people):
    _duty, lantian = people
    guard = await act(factories.officer)("security_admin")
    screen = await browser(lantian)
    await screen.hello()
    await screen.until_ready()
    elsewhere = await act(factories.organisation)("610113")
    await act(accounts.change_officer)(actor=guard, officer=lantian, organisation=elsewhere)
    assert (await screen.next("resync"))["full"] is True


@pytest.mark.parametrize("after", ["ff" * 16 + ":1", "{epoch}:999999"])
async def test_a_cursor_that_is_not_of_this_log_means_fetch_everything(people, after):
    duty, _lantian = people
    epoch = (await act(log.head)()).epoch
    screen = await browser(duty)
    await screen.hello(after=after.format(epoch=epoch))
    assert (await screen.next("resync"))["full"] is True


@pytest.mark.parametrize(
    "text",
    [
        " ", "[]", "null", "{", '{"kind":"bye"}', '{"kind":"hello","after":7}',
        '{"kind":"hello","after":"x:-1"}', '{"kind":"hello","after":"a:' + "9" * 30 + '"}',
        '{"kind":"hello","topics":"*"}', '{"kind":"hello","more":1}',
        '{"kind":"hello","topics":[' + ",".join(['"a"'] * 10_000) + "]}",
        '{"kind":"hello","realm":null,"topics":[{}]}', "[" * 10_000,
    ],
)  # fmt: skip
async def test_a_bad_frame_closes_the_socket(people, text):
    duty, _lantian = people
    screen = await browser(duty)
    await screen.socket.send_to(text_data=text)
    assert await screen.next("close") == {"kind": "close", "code": 4400}


async def test_a_flood_of_hellos_closes_the_socket(people):
    duty, _lantian = people
    screen = await browser(duty)
    for _number in range(50):
        await screen.hello()
    assert await screen.next("close") == {"kind": "close", "code": 4429}


async def test_one_sign_in_has_twenty_sockets_whether_they_say_hello_or_not(people):
    duty, _lantian = people
    first = await browser(duty)
    others = [await first.again() for _number in range(19)]
    one_more = await first.again()
    assert await one_more.next("close") == {"kind": "close", "code": 4429}
    await others[0].socket.disconnect()
    last = await first.again()
    await last.hello()
    assert await last.until_ready() == []


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "", ORIGIN.replace("http", "https", 1), ORIGIN + "1",
     ORIGIN.replace("127.0.0.1", "127.0.0.1.evil.example")],
)  # fmt: skip
async def test_a_cookie_from_another_origin_is_refused(people, origin):
    duty, _lantian = people
    client = await act(factories.client)(duty)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    headers = {b"cookie": cookie.encode()} | ({b"origin": origin.encode()} if origin else {})
    socket = WebsocketCommunicator(application, "/ws/feed", list(headers.items()))
    connected, _code = await socket.connect()
    assert not connected


@pytest.mark.parametrize("cookie", ["", "bt-xian=forged", "bt-xian=" + "x" * 3000, "=;,"])
async def test_nobody_is_told_anything(people, cookie):
    headers = [(b"cookie", cookie.encode()), (b"origin", ORIGIN.encode())]
    socket = WebsocketCommunicator(application, "/ws/feed", headers)
    with contextlib.suppress(AssertionError):
        await socket.connect()
    message = await socket.receive_output()
    assert (message["type"], message["code"]) == ("websocket.close", 4401)


async def test_a_bearer_token_opens_the_feed_and_its_revocation_closes_it(people):
    duty, _lantian = people
    token = await act(accounts.issue_token)(officer=duty, label="test")
    screen = await Browser({b"authorization": f"Bearer {token}".encode()}).open()
    await screen.hello()
    await screen.until_ready()
    found = await act(duty.apitoken_set.get)()
    await act(accounts.revoke_token)(officer=duty, token_id=found.pk)
    assert await screen.next("close") == {"kind": "close", "code": 4401}


async def test_another_realm_is_told_nothing_of_the_real_one(people):
    duty, _lantian = people
    screen = await browser(duty)
    await screen.hello(realm="ex:00000000-0000-0000-0000-000000000000")
    await screen.until_ready()
    await act(factories.incident)(duty)
    assert await screen.nothing_before((await act(log.head)()).position) == []


async def test_a_disk_that_is_nearly_full_is_told_to_every_screen(people, settings):
    settings.DISK_LOW_MB = settings.DISK_FULL_MB = 0
    socket = await browser(people[0])
    await socket.hello()
    await socket.until_ready()
    settings.DISK_LOW_MB = 10**12
    assert (await socket.next("link"))["storage"] == "low"
    settings.DISK_LOW_MB = 0
    assert (await socket.next("link"))["storage"] == "ok"

"""Every address is closed to strangers and every write needs the page's token."""

import json
import re
from collections.abc import Iterator

import pytest
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from config.api import api
from config.asgi import application
from emergency.models import Officer
from emergency.services import accounts
from realtime.models import Envelope
from tests import factories

# the sign-in page and what it needs, the state of the node, the description of the API, and the
# door for a node that has a code (tests/link/test_pairing.py)
OPEN = {"/sign-in", "/sign-out", "/sign-out/all", "/healthz", "/metrics", "/language",
        "/messages.js", "/api/openapi.json", "/api/docs", "/api/pairing"}  # fmt: skip
SAMPLES = {"uuid": "00000000-0000-0000-0000-000000000001", "int": "1", "slug": "schools"}
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


def addresses(patterns: list, prefix: str = "/") -> Iterator[str]:
    """Every address of the node, with a sample in the place of each parameter."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern).lstrip("^/").rstrip("$")
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield re.sub(
                r"<(?:(\w+):)?\w+>", lambda found: SAMPLES.get(found[1] or "str", "x"), route
            )


ADDRESSES = sorted(set(addresses(get_resolver().url_patterns)))


@pytest.fixture
def stranger(node) -> Client:
    """Somebody who is not signed in."""
    return Client(raise_request_exception=False)


def test_the_addresses_that_are_open_exist_and_are_few():
    assert set(ADDRESSES) >= OPEN
    assert len(OPEN) <= 10 and len(ADDRESSES) > 25


@pytest.mark.parametrize("method", ["GET", *UNSAFE, "HEAD", "OPTIONS"])
def test_a_stranger_is_turned_away_everywhere(stranger, method):
    let_in = {}
    for address in set(ADDRESSES) - OPEN:
        answer = stranger.generic(method, address, "{}", content_type="application/json")
        if answer.status_code not in (302, 401, 403, 404, 405):
            let_in[address] = answer.status_code
        if answer.status_code == 302:
            on_the_way = address.startswith("/sign-in/")  # nobody who is half in, so from the start
            begins = "/sign-in" if on_the_way else "/sign-in?next="
            assert answer["Location"].startswith(begins), address
    assert let_in == {}


def test_what_is_open_to_strangers_says_nothing_of_incidents(stranger):
    factories.incident(title="秘密事件")
    for address in OPEN:
        assert "秘密事件" not in stranger.get(address).content.decode()


@pytest.mark.parametrize("token", ["", "x", "bt_", "bt_" + "x" * 43, "null", "\u00e9", "a b"])
def test_a_forged_token_opens_nothing(stranger, token):
    answer = stranger.get("/api/incidents", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


async def test_every_socket_is_closed_to_strangers(live_node):
    routes = application.application_mapping["websocket"].routes
    # the link has its own proof and its own tests: tests/link/test_door.py
    assert [str(route.pattern) for route in routes] == ["ws/feed", "ws/link", "ws/files", ""]
    headers = [(b"origin", settings.ORIGINS[0].encode())]
    for elsewhere in ("/ws/other", "/", "/ws/feed/"):
        assert await WebsocketCommunicator(application, elsewhere, headers).connect() == (
            False,
            1000,
        )
    socket = WebsocketCommunicator(application, "/ws/feed", headers)
    await socket.connect()
    assert (await socket.receive_output())["code"] == 4401


def operations() -> list[tuple[str, str]]:
    """Every unsafe method of every address; tiles are read only for all."""
    found = [("POST", one) for one in ADDRESSES if not one.startswith(("/api/", "/tiles/"))]
    for path, item in api.get_openapi_schema()["paths"].items():
        address = path.replace("{pk}", SAMPLES["uuid"]).replace("{code}", "x")
        address = address.replace("{node}", "x")
        if address in OPEN:
            continue  # it takes no cookie
        found += [(method.upper(), address) for method in item if method.upper() in UNSAFE]
    return found


@pytest.fixture
def page(duty) -> Client:
    """A signed-in page that does not send the token."""
    client = factories.client(duty)
    client.handler.enforce_csrf_checks = True
    return client


def test_every_write_with_a_cookie_needs_the_token_of_the_page(page):
    before = Envelope.objects.count()
    passed = {}
    for method, address in operations():
        for body, content_type in ((b"{}", "application/json"), (b"a=1", "text/plain")):
            answer = page.generic(method, address, body, content_type=content_type)
            if answer.status_code != 403:
                passed[method, address] = answer.status_code
    assert passed == {}
    assert Envelope.objects.count() == before
    assert page.get("/api/me").status_code == 200, "still signed in"


@pytest.mark.parametrize("token", ["", "x" * 32, "x" * 64])
def test_a_wrong_token_of_a_page_is_refused(page, token):
    body = json.dumps({"title": "a", "type_code": "12D02"})
    answer = page.post(
        "/api/incidents", body, content_type="application/json", headers={"X-CSRFToken": token}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_the_token_of_the_page_lets_a_write_through(duty):
    client = Client(enforce_csrf_checks=True)
    client.get("/sign-in")
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    signed_in = client.post(
        "/sign-in",
        {"username": duty.username, "password": factories.PASSWORD, "csrfmiddlewaretoken": token},
    )
    assert signed_in.status_code == 302
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    answer = client.post(
        "/api/incidents",
        json.dumps({"title": "a", "type_code": "12D02"}),
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )
    assert answer.status_code == 201


def test_a_bearer_token_needs_no_token_of_a_page(duty: Officer):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(
        "/api/incidents",
        json.dumps({"title": "a", "type_code": "12D02"}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {accounts.issue_token(officer=duty, label='t')}"},
    )
    assert answer.status_code == 201

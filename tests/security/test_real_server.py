"""What a real server must stand: bodies, headers and frames that no program of ours would send."""

import asyncio
import json
import re
import socket
import struct
import threading
from collections.abc import Iterable, Iterator

import httpx
import pytest
import websockets

from realtime.server import BODY_LIMIT, MESSAGE_LIMIT
from tests import servers


def raw(port: int, head: str, body: Iterable[bytes] = ()) -> bytes:
    """Send these bytes and read what comes back until the server closes or answers."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(head.replace("\n", "\r\n").encode("latin1"))
        try:
            for part in body:
                line.sendall(part)
        except (BrokenPipeError, ConnectionResetError):
            pass
        try:
            return line.recv(65536)
        except ConnectionResetError:
            return b""


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def test_a_body_that_says_it_is_huge_is_refused_before_it_comes(port, made_node):
    head = (
        f"POST /api/incidents HTTP/1.1\nHost: 127.0.0.1\nAuthorization: Bearer {made_node.token}\n"
        f"Content-Type: application/json\nContent-Length: {10**12}\n\n"
    )
    answer = raw(port, head)
    assert status(answer) == 413
    assert json.loads(answer.partition(b"\r\n\r\n")[2]).keys() == {"code", "message", "fields"}


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=x"])
def test_a_broken_form_is_answered_in_words(port, made_node, kind):
    answer = httpx.post(
        f"http://127.0.0.1:{port}/api/incidents/00000000-0000-0000-0000-000000000001/attachments",
        content=b"broken",
        headers={"Content-Type": kind, "Authorization": f"Bearer {made_node.token}"},
    )
    assert 400 <= answer.status_code < 500
    assert answer.json()["message"]


def test_a_body_that_does_not_end_is_cut_off(port, made_node):
    head = (
        f"POST /api/incidents HTTP/1.1\nHost: 127.0.0.1\nAuthorization: Bearer {made_node.token}\n"
        "Content-Type: application/json\nTransfer-Encoding: chunked\n\n"
    )
    sent = []

    def forever() -> Iterator[bytes]:
        for _number in range(100):
            sent.append(1024 * 1024)
            yield b"100000\r\n" + b" " * 0x100000 + b"\r\n"

    answer = raw(port, head, forever())
    assert answer == b"" or status(answer) == 413
    assert sum(sent) < BODY_LIMIT * 4
    assert servers.is_healthy(port)


@pytest.mark.parametrize(
    "head",
    ["POST /api/me HTTP/1.1\nHost: x\nContent-Length: 5\nTransfer-Encoding: chunked\n\n0\n\n",
     "POST /api/incidents HTTP/1.1\nHost: x\nContent-Length: 5\nContent-Length: 6\n\nabcde",
     "POST /api/incidents HTTP/1.1\nHost: x\nContent-Length: -1\n\n",
     "GET /api/me HTTP/1.1\nHost: 127.0.0.1\nX: " + "a" * 100_000 + "\n\n",
     "GET /%ff%fe%00 HTTP/1.1\nHost: 127.0.0.1\n\n", "GET /api/me?%00=%ff HTTP/1.1\nHost: x\n\n",
     "GET /é HTTP/1.1\nHost: 127.0.0.1\n\n", "\x00\x01\x02\n\n", "GET / HTTP/9.9\nHost: a\n\n"],
)  # fmt: skip
def test_what_is_not_http_is_refused_and_the_node_goes_on(port, head):
    answer = raw(port, head)
    assert answer == b"" or 400 <= status(answer) < 500
    assert servers.is_healthy(port)


@pytest.mark.parametrize(
    "cookie",
    [r'bt-xian="\000\000\000\000\000\000\000\000\000"', "bt-xian=" + "x" * 4000, "=;=;,", "bt-xian",
     "bt-xian=\xff\xfe\xff\xfe\xff\xfe\xff\xfe", "bt-language-xian=../../etc", 'bt-xian="'],
)  # fmt: skip
def test_a_forged_cookie_is_nobody(port, cookie):
    for path, expected in (("/api/me", 401), ("/", 302)):
        head = f"GET {path} HTTP/1.1\nHost: 127.0.0.1\nConnection: close\nCookie: {cookie}\n\n"
        assert status(raw(port, head)) == expected


def test_claims_of_a_proxy_are_not_believed(port):
    claims = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-User": "duty",
              "X-Forwarded-For": "10.0.0.1", "Remote-User": "duty"}  # fmt: skip
    answer = httpx.get(f"http://127.0.0.1:{port}/", headers=claims)
    assert answer.headers["Location"] == "/sign-in?next=/"
    assert httpx.get(f"http://127.0.0.1:{port}/api/me", headers=claims).status_code == 401


def frame(opcode: int, payload: bytes, *, fin: bool = True, size: int | None = None) -> bytes:
    """A masked frame of a browser; `size` lies about its length."""
    length = len(payload) if size is None else size
    head = bytes([(0x80 if fin else 0) | opcode])
    if length < 126:
        head += bytes([0x80 | length])
    elif length < 65536:
        head += b"\xfe" + struct.pack(">H", length)
    else:
        head += b"\xff" + struct.pack(">Q", length)
    return head + bytes(4) + payload


HELLO = b'{"kind":"hello"}'
FRAMES = {
    "binary": frame(2, HELLO),
    "half of a character": frame(1, b"\xe4\xb8"),
    "not utf-8": frame(1, b"\xff\xfe"),
    "a continuation of nothing": frame(0, HELLO),
    "an unknown opcode": frame(3, HELLO),
    "too large": frame(1, b"x" * (MESSAGE_LIMIT + 1)),
    "says 16 MiB": frame(1, b"x" * 1000, size=16 * 1024 * 1024),
    "says 2^62": frame(1, b"x" * 1000, size=2**62),
    "pieces without end": frame(1, b"x" * 1000, fin=False) + frame(0, b"x" * 1000, fin=False) * 100,
    "a large ping": frame(9, b"x" * 200),
    "hello as a deflate bomb": b"\xc1" + frame(1, b"x" * 100)[1:],
    "ten thousand hellos": frame(1, HELLO) * 10_000,
    "a frame after its close": frame(8, b"\x03\xe8") + frame(1, HELLO),
}


@pytest.mark.parametrize("kind", FRAMES)
def test_a_bad_frame_ends_its_socket_and_no_other(port, made_node, kind):
    head = (
        f"GET /ws/feed HTTP/1.1\nHost: 127.0.0.1\nAuthorization: Bearer {made_node.token}\n"
        "Connection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\n"
        "Sec-WebSocket-Key: dGVzdHRlc3R0ZXN0dGVzdA==\n\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(head.replace("\n", "\r\n").encode())
        assert line.recv(4096).startswith(b"HTTP/1.1 101")
        told = b""
        try:
            line.sendall(FRAMES[kind])
            while part := line.recv(65536):
                told += part
        except (ConnectionResetError, BrokenPipeError):
            pass  # closed, which is what is asked for
    assert len(told) < 1_000_000
    assert servers.is_healthy(port)


async def test_slow_and_silent_sockets_do_not_hold_up_the_others(port, made_node):
    silent = [socket.create_connection(("127.0.0.1", port)) for _number in range(30)]
    for line in silent[:15]:
        line.sendall(b"GET /ws/feed HTTP/1.1\r\nHost:")
    address = f"ws://127.0.0.1:{port}/ws/feed"
    async with websockets.connect(address, additional_headers=made_node.headers, proxy=None) as one:
        await one.send(HELLO.decode())
        async with asyncio.timeout(20):
            while json.loads(await one.recv())["kind"] != "ready":
                pass
    for line in silent:
        line.close()


def test_a_killed_node_keeps_every_incident_that_it_acknowledged(made_node):
    """Writers in parallel, the process killed while they write, twice."""
    acknowledged: list[str] = []
    for _round in range(2):
        port = servers.free_port()
        with servers.node(made_node.env, port, var=made_node.var) as process:
            enough = threading.Event()

            def write(port: int = port, enough: threading.Event = enough) -> None:
                address = f"http://127.0.0.1:{port}/api/incidents"
                body = {"title": "甲醇罐车泄漏", "type_code": "12D02"}
                with httpx.Client(headers=made_node.headers, timeout=20) as client:
                    while True:
                        try:
                            answer = client.post(address, json=body)
                        except httpx.HTTPError:
                            return
                        assert answer.status_code == 201
                        acknowledged.append(answer.json()["number"])
                        if len(acknowledged) % 20 == 0:
                            enough.set()

            writers = [threading.Thread(target=write) for _number in range(4)]
            for writer in writers:
                writer.start()
            assert enough.wait(60)
            process.kill()
            process.wait()
            for writer in writers:
                writer.join()
    port = servers.free_port()
    with servers.node(made_node.env, port, var=made_node.var):
        answer = httpx.get(
            f"http://127.0.0.1:{port}/api/incidents?state=all", headers=made_node.headers
        )
    numbers = sorted(item["number"] for item in answer.json()["items"])
    assert set(acknowledged) <= set(numbers) and len(acknowledged) >= 40
    assert [int(re.search(r"\d+$", number)[0]) for number in numbers] == [
        number + 1 for number in range(len(numbers))
    ]
    assert "rows verified" in made_node.manage("verifylog")

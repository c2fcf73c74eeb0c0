"""The way out of Daphne, on real sockets and Twisted's own transport; the reactor is turned by
hand, so that each step is one that the test takes."""

import socket
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.tcp import Connection
from websockets.frames import Frame as Reference
from websockets.frames import Opcode

from realtime.outlets import DaphneOutlet, Frame

LARGE = Frame(b"x" * 30_000)


class Wire:
    """An outlet, its transport and the browser's end."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as door:
            self.browser = socket.socket()
            self.browser.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
            self.browser.connect(door.getsockname())
            self.browser.settimeout(10)
            ours, _address = door.accept()
        ours.setblocking(False)
        self.waiting: set[Connection] = set()  # transports that want to write
        reactor = SimpleNamespace(
            addWriter=self.waiting.add,
            removeWriter=self.waiting.discard,
            addReader=lambda _reader: None,
            removeReader=lambda _reader: None,
        )
        self.protocol = SimpleNamespace(STATE_OPEN=3, state=3, closed=[])
        self.protocol.sendClose = lambda code: self.protocol.closed.append(code)
        self.transport = Connection(ours, self.protocol, reactor)
        self.transport.connected = 1
        self.transport.socket = ours
        self.protocol.transport = self.transport
        self.outlet = DaphneOutlet(self.protocol)

    def read(self, count: int) -> bytes:
        """So many bytes, while the reactor writes what waits."""
        data = b""
        while len(data) < count:
            for transport in list(self.waiting):
                transport.doWrite()
            data += self.browser.recv(count - len(data))
        return data

    def fill(self) -> list[Frame]:
        """Offer frames until one is not taken; those that were."""
        taken = []
        while self.outlet.offer(frame := Frame(bytes([65 + len(taken)]) * 30_000)):
            taken.append(frame)
            assert len(taken) < 100, "frames pile up"
        return taken


@pytest.fixture
def wire():
    made = Wire()
    yield made
    made.transport.socket.close()
    made.browser.close()


@given(st.integers(0, 200) | st.integers(65_000, 66_000))
def test_a_frame_is_the_one_a_websocket_library_makes(size):
    payload = b"x" * size
    assert Frame(payload).wire == Reference(Opcode.TEXT, payload).serialize(mask=False)


def test_a_frame_that_the_kernel_takes_does_not_wait_for_the_reactor(wire):
    assert wire.outlet.offer(Frame(b"{}"))
    assert not wire.waiting
    assert wire.browser.recv(100) == b"\x81\x02{}"


def test_what_the_kernel_does_not_take_follows_whole_and_in_order(wire):
    taken = wire.fill()
    assert len(taken) > 1
    sent = b"".join(frame.wire for frame in taken)
    assert wire.read(len(sent)) == sent


def test_a_frame_does_not_overtake_what_twisted_has_still_to_write(wire):
    wire.transport.write(b"before ")
    assert wire.outlet.offer(Frame(b"{}"))
    assert wire.read(11) == b"before \x81\x02{}"


def test_a_reader_that_stalls_has_little_waiting_and_is_told_when_there_is_room(wire):
    taken = wire.fill()
    waiting = len(wire.transport.dataBuffer) + wire.transport._tempDataLen
    assert waiting <= wire.transport.bufferSize + len(LARGE.wire)
    told = []
    wire.outlet.when_writable(lambda: told.append(True))
    assert not told and not wire.outlet.offer(LARGE)
    wire.read(sum(len(frame.wire) for frame in taken))
    for transport in list(wire.waiting):
        transport.doWrite()
    assert told == [True]
    assert wire.outlet.offer(LARGE)


@pytest.mark.parametrize("state", [0, 1, 2])
def test_nothing_follows_a_close(wire, state):
    wire.protocol.state = state
    assert not wire.outlet.offer(Frame(b"{}"))
    wire.browser.setblocking(False)
    with pytest.raises(BlockingIOError):
        wire.browser.recv(1)
    assert not wire.waiting


def test_a_broken_socket_is_left_to_twisted(wire):
    wire.transport.socket.shutdown(socket.SHUT_WR)
    assert wire.outlet.offer(Frame(b"{}"))
    assert wire.waiting == {wire.transport}
    assert isinstance(wire.transport.doWrite(), Exception)

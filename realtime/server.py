"""Daphne with small additions: sockets can be asked whether they still take data, and what comes
in is bounded, messages of sockets and bodies of requests alike.

Owns: the in-process web server. Promises: it prints one line when it listens and ends on SIGTERM;
a body over the limit is refused while it arrives, before it fills memory or disk. Must not know:
which application it serves.
"""

from collections.abc import Callable
from typing import Any

from daphne import http_protocol
from daphne import server as daphne_server
from daphne.server import Server

MESSAGE_LIMIT = 64 * 1024  # bytes of one frame from a browser
BODY_LIMIT = 12 * 1024 * 1024  # bytes of one request
# in both languages: the reader's is known only to Django, which never sees this request
TOO_LARGE = (
    '{"code":"too_large","fields":{},'
    '"message":"内容超过允许的大小。 / This is larger than allowed."}'
).encode()


class BoundedRequest(http_protocol.WebRequest):
    """Answers 413 and hangs up as soon as the body is, or says that it will be, too large.

    Twisted does not take forms apart: Django does, and says in its own words what is wrong.
    """

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self._parsePOSTFormSubmission = False

    def gotLength(self, length: int | None) -> None:
        super().gotLength(length)
        if length is not None and length > BODY_LIMIT:
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:
        if self.content.tell() + len(data) > BODY_LIMIT:
            self._refuse()
        else:
            super().handleContentChunk(data)

    def _refuse(self) -> None:
        self.channel.transport.write(
            b"HTTP/1.1 413 Content Too Large\r\nContent-Type: application/json\r\n"
            b"Connection: close\r\nContent-Length: %d\r\n\r\n%b" % (len(TOO_LARGE), TOO_LARGE)
        )
        self.channel.loseConnection()


class BoundedFactory(http_protocol.HTTPFactory):
    """Makes requests of that kind."""

    def buildProtocol(self, addr: Any) -> Any:
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = BoundedRequest
        return protocol


class NodeServer(Server):
    """Hands its protocol over in the scope (see realtime/outlets.py)."""

    def create_application(self, protocol: Any, scope: dict) -> Any:
        if scope["type"] == "websocket":
            scope["belltower.protocol"] = protocol
        return super().create_application(protocol, scope)


def serve(application: Callable, *, host: str, port: int, ready: Callable[[], None]) -> None:
    """Serve until a signal ends the process."""
    daphne_server.HTTPFactory = BoundedFactory  # Daphne offers no other place to say so
    NodeServer(
        application=application,
        endpoints=[f"tcp:port={port}:interface={host}"],
        server_name="belltower",
        websocket_max_message_size=MESSAGE_LIMIT,
        websocket_max_frame_size=MESSAGE_LIMIT,
        websocket_timeout=-1,
        http_timeout=60,
        request_buffer_size=1024 * 1024,
        ready_callable=ready,
        verbosity=0,
    ).run()

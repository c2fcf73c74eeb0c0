"""Daphne with two small additions: sockets can be asked whether they still take data, and
messages from browsers are bounded.

Owns: the in-process web server. Promises: it prints one line when it listens and ends on SIGTERM.
Must not know: which application it serves.
"""

from collections.abc import Callable
from typing import Any

from daphne.server import Server

MESSAGE_LIMIT = 64 * 1024  # bytes of one frame from a browser


class NodeServer(Server):
    """Hands its protocol over in the scope (see realtime/outlets.py)."""

    def create_application(self, protocol: Any, scope: dict) -> Any:
        if scope["type"] == "websocket":
            scope["belltower.protocol"] = protocol
        return super().create_application(protocol, scope)


def serve(application: Callable, *, host: str, port: int, ready: Callable[[], None]) -> None:
    """Serve until a signal ends the process."""
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

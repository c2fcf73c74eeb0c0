"""The node's feed with one more door: a text that arrives there goes straight to the hub.

Owns: that door. Promises: sockets, sign-in, buckets, frames and outlets are the node's own; only
HTTP, transaction, log and tail are left out, so that what is measured is what the tutorial's
consumer does too: a message in, a message to everybody.
"""

import sys
from datetime import UTC, datetime
from typing import Any

import django
import orjson

django.setup()

from channels.consumer import AsyncConsumer  # noqa: E402
from channels.exceptions import StopConsumer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path  # noqa: E402

from bench.inside.log_driver import entry  # noqa: E402
from config.asgi import guarded_feed  # noqa: E402
from emergency import events  # noqa: E402
from realtime.hub import hub  # noqa: E402
from realtime.models import Envelope  # noqa: E402
from realtime.server import serve  # noqa: E402
from realtime.start import open_log  # noqa: E402


class Door(AsyncConsumer):
    """Takes texts and makes an envelope of each, in memory alone."""

    async def websocket_connect(self, _message: dict[str, Any]) -> None:
        await self.send({"type": "websocket.accept"})
        self.position = hub().tail.position

    async def websocket_receive(self, message: dict[str, Any]) -> None:
        data = entry(orjson.loads(message["text"]))
        self.position += 1
        await hub()._deliver(self._row(data), {})

    async def websocket_disconnect(self, _message: dict[str, Any]) -> None:
        raise StopConsumer

    def _row(self, data: dict[str, Any]) -> Envelope:
        return Envelope(
            position=self.position,
            epoch=bytes.fromhex(hub().tail.epoch),
            type=events.ENTRY_WRITTEN.name,
            realm="real",
            subject=f"entry/{data['id']}",
            about=f"incident/{data['incident']}",
            term=1,
            rev=1,
            time=datetime.now(UTC),
            actor="duty@xian duty_officer",
            public=orjson.dumps(data),
        )


def main(port: int) -> None:
    """Serve until a signal comes."""
    open_log()
    doors = [path("ws/feed", guarded_feed), path("ws/door", Door.as_asgi())]
    application = ProtocolTypeRouter({"websocket": URLRouter(doors)})
    serve(application, host="127.0.0.1", port=port, ready=lambda: None)


if __name__ == "__main__":
    main(int(sys.argv[1]))

"""The ASGI application: pages and API by Django, sockets by Channels.

Owns: the wiring of routes. Promises: a browser's socket needs an Origin of this node, scheme and
port included; a bearer token needs none, because no browser sends one; a node's link takes neither.
Must not know: what flows.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import WebsocketDenier
from django import setup
from django.conf import settings
from django.urls import path, re_path

setup(set_prefix=False)

from config.handler import NodeHandler  # noqa: E402
from realtime.feed import FeedConsumer  # noqa: E402
from realtime.link.consumer import FilesConsumer, LinkConsumer  # noqa: E402

pages = NodeHandler()
feed = FeedConsumer.as_asgi()
link, files = LinkConsumer.as_asgi(), FilesConsumer.as_asgi()
refused = WebsocketDenier.as_asgi()
origins = {origin.encode() for origin in settings.ORIGINS}


async def guarded_feed(scope, receive, send):
    """The feed for a bearer token, and for a page whose origin is exactly one of this node's."""
    headers = {name.lower(): value for name, value in scope["headers"]}
    if b"origin" in headers:
        allowed = headers[b"origin"] in origins
    else:
        allowed = b"authorization" in headers
    return await (feed if allowed else refused)(scope, receive, send)


sockets = [
    path("ws/feed", guarded_feed),
    path("ws/link", link),
    path("ws/files", files),
    re_path("", refused),  # whatever else: closed, and not a fault
]
application = ProtocolTypeRouter({"http": pages, "websocket": URLRouter(sockets)})

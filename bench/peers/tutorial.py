"""The peer: a Channels application as its tutorial builds it, with a view that inserts a row.

Owns: a consumer that joins a group, sends what it receives to the group and passes on what the
group sends; a view that writes one plain row to SQLite (as durable as the node's) and tells the
group. Promises: Channels' own recommended Redis layer under Daphne; the one setting that differs
from the tutorial is the socket timeout, without which current redis-py ends idle connections.
"""

import json
import os

import django
from asgiref.sync import async_to_sync
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.db import connection, models
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

GROUP = "updates"
LAYER = "channels_redis.core.RedisChannelLayer"
HOST = {"address": os.environ["PEER_REDIS"], "socket_timeout": None}

settings.configure(
    SECRET_KEY="of the peer",
    ALLOWED_HOSTS=["127.0.0.1"],
    INSTALLED_APPS=["channels"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware"],
    ROOT_URLCONF=__name__,
    CHANNEL_LAYERS={"default": {"BACKEND": LAYER, "CONFIG": {"hosts": [HOST]}}},
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ["PEER_DATABASE"],
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    },
    USE_TZ=True,
)
django.setup()


class Incident(models.Model):
    """A plain row with the text of a report."""

    title = models.CharField(max_length=200)
    body = models.JSONField()
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "peer"


class Consumer(AsyncWebsocketConsumer):
    """A browser in the group."""

    async def connect(self) -> None:
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()

    async def disconnect(self, close_code: int) -> None:
        await self.channel_layer.group_discard(GROUP, self.channel_name)

    async def receive(self, text_data: str) -> None:
        message = json.loads(text_data)["message"]
        await self.channel_layer.group_send(GROUP, {"type": "chat.message", "message": message})

    async def chat_message(self, event: dict) -> None:
        await self.send(text_data=json.dumps({"message": event["message"]}))


@csrf_exempt
def report(request: HttpRequest) -> JsonResponse:
    """Insert a row and tell the group."""
    body = json.loads(request.body)
    row = Incident.objects.create(title=body["title"], body=body)
    if get_channel_layer() and request.path.startswith("/told"):
        message = {"type": "chat.message", "message": body}
        async_to_sync(get_channel_layer().group_send)(GROUP, message)
    return JsonResponse({"id": row.pk}, status=201)


urlpatterns = [path("told", report), path("rows", report)]
if Incident._meta.db_table not in connection.introspection.table_names():
    with connection.schema_editor() as editor:
        editor.create_model(Incident)
connection.close()
application = ProtocolTypeRouter(
    {
        "http": get_asgi_application(),
        "websocket": URLRouter([path("ws/feed", Consumer.as_asgi())]),
    }
)

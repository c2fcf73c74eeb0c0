"""`manage.py runnode`: one Daphne process of this node; without Redis, the whole node in one.

Owns: the order of a start. Promises: it listens only after the database is durable, migrated and
the log is proven, and prints one line when it does. Must not know: what is served.
"""

import asyncio
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from config import running
from config.asgi import application
from emergency import timers
from realtime.link.dial import keep_links
from realtime.link.session import LinkSession
from realtime.server import serve


class Command(BaseCommand):
    help = "Serve this node."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=settings.PORT)

    def handle(self, *args: Any, **options: Any) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError("the database is not up to date: run manage.py migrate first")
        head = running.begin()
        if not settings.REDIS_URL:  # in service other processes may carry links
            LinkSession.none_stand()
        connection.close()
        address = f"http://{options['host']}:{options['port']}"

        def ready() -> None:
            self.stdout.write(f"{settings.NODE_ID} listens on {address} at {head.cursor}")
            self.stdout.flush()

        if not settings.REDIS_URL:  # in service they have processes of their own
            threading.Thread(target=timers.run, args=[threading.Event()], daemon=True).start()
            threading.Thread(target=asyncio.run, args=[keep_links()], daemon=True).start()
        serve(application, host=options["host"], port=options["port"], ready=ready)

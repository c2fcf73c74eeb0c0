"""How requests are carried out: each in one of a few threads, from the first middleware on.

Owns: the threads, and which connections to the database they keep. Promises: a request waits for
no other as long as there are threads; a connection on which something failed is not used again.
Must not know: what is asked.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.core.signals import request_started
from django.db import close_old_connections, connections, reset_queries
from django.http import HttpRequest, HttpResponse

THREADS = 16  # fewer than the pool of PostgreSQL has connections

Chain = Callable[[HttpRequest], HttpResponse]


class NodeHandler(ASGIHandler):
    """Django's, without a thread and a connection of its own for each request: on SQLite these cost
    as much as a write of a line to the log."""

    def __init__(self) -> None:
        super().__init__()
        for receiver in (reset_queries, close_old_connections):
            request_started.disconnect(receiver)  # for the thread of the request, which is another

    def load_middleware(self, is_async: bool = False) -> None:
        """All of it in one thread: no part of it waits for the network."""
        super().load_middleware()
        pool = ThreadPoolExecutor(THREADS, thread_name_prefix="request")
        chain = released(self._middleware_chain)
        self._middleware_chain = sync_to_async(chain, thread_sensitive=False, executor=pool)

    async def __call__(self, scope, receive, send) -> None:
        """One request."""
        await self.handle(scope, receive, send)


def released(chain: Chain) -> Chain:
    """The same, and its thread keeps the connection to SQLite, unless something failed on it."""

    def whole(request: HttpRequest) -> HttpResponse:
        try:
            return chain(request)
        finally:
            for one in connections.all(initialized_only=True):
                if one.vendor != "sqlite" or one.errors_occurred:  # to the pool, or for good
                    one.close()

    return whole

"""Session rules: idle time, absolute time, and what a session remembers for them.

Owns: two times in the session and the middleware that keeps them. Promises: a session that was
idle, or is older than a shift may last, is ended before the view runs; the time of last use is
written at most once a minute. Must not know: who signs in (emergency/services/accounts.py).
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

STARTED, USED = "started", "used"
NOTE_EVERY = timedelta(minutes=1)


def begin(session: Any, now: datetime) -> None:
    """Mark a session as started now."""
    session[STARTED] = session[USED] = now.isoformat()


def has_ended(values: Any, now: datetime) -> bool:
    """Is this session past its idle or absolute limit? One without marks has ended."""
    try:
        started = datetime.fromisoformat(values[STARTED])
        used = datetime.fromisoformat(values[USED])
    except (KeyError, TypeError, ValueError):
        return True
    return now - started > timedelta(hours=settings.SESSION_HOURS) or now - used > timedelta(
        minutes=settings.SESSION_IDLE_MINUTES
    )


class SessionRules:
    """Middleware: end what has ended, note what is used."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = datetime.now(UTC)
            if has_ended(request.session, now) or not request.user.in_force():
                logout(request)
            elif now - datetime.fromisoformat(request.session[USED]) > NOTE_EVERY:
                request.session[USED] = now.isoformat()
        return self.get_response(request)

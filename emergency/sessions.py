"""Session rules: idle time, absolute time, second factor, and what a session remembers for them.

Owns: what a session says of itself and the middleware that keeps it. Promises: a session that was
idle, is older than a shift may last, or began without the second factor that is asked of its
officer by now, is ended before the view runs; the time of last use is written at most once a
minute. Must not know: who signs in (emergency/services/accounts.py), what a code is.
"""

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from .factor.selectors import roles_asked

STARTED, USED, FACTOR = "started", "used", "factor"
NOTE_EVERY = timedelta(minutes=1)


def begin(session: Any, now: datetime, factor: str = "") -> None:
    """Mark a session as started now, by which second factor."""
    session[STARTED] = session[USED] = now.isoformat()
    session[FACTOR] = factor


def lacks_factor(values: Any, role: str, asked: Collection[str]) -> bool:
    """Did this session begin without the second factor that is asked of these roles?"""
    return role in asked and not values.get(FACTOR)


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
            if _is_over(request, now):
                logout(request)
            elif now - datetime.fromisoformat(request.session[USED]) > NOTE_EVERY:
                request.session[USED] = now.isoformat()
        return self.get_response(request)


def _is_over(request: HttpRequest, now: datetime) -> bool:
    officer, values = request.user, request.session
    if has_ended(values, now) or not officer.in_force():
        return True
    return not values.get(FACTOR) and lacks_factor(values, officer.role, roles_asked())

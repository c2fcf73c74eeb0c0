"""Officers, their sessions and tokens.

Owns: every write to them. Promises: a change of role, organisation or activity, and the end of a
session or token, is an envelope that makes open sockets ask their rights again. Must not know:
requests and cookies (emergency/views), what a role may do.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction

from realtime import log

from .. import events
from ..models import ApiToken, Officer, Organisation
from ..permissions import require
from ..rights import digest
from ..selectors import actor_text


def make_officer(
    *, username: str, password: str, name: str, role: str, organisation: Organisation
) -> Officer:
    """Make an officer; used when a node is set up, where there is nobody to ask."""
    with transaction.atomic():
        officer = Officer.objects.create_user(
            username, password, name=name, role=role, organisation=organisation, rev=1
        )
        _append_officer(officer, log.SYSTEM)
    return officer


def change_officer(*, actor: Officer, officer: Officer, **fields: Any) -> Officer:
    """Change role, organisation, activity or name of an officer."""
    require(actor, "officer.manage")
    with transaction.atomic():
        officer = Officer.objects.select_for_update().get(pk=officer.pk)
        for name, value in fields.items():
            setattr(officer, name, value)
        officer.rev += 1
        officer.save(update_fields=[*fields, "rev"])
        if not officer.is_active:
            _end_sessions(officer)
        _append_officer(officer, actor_text(actor))
    return officer


def note_sign_in(*, officer: Officer, address: str) -> None:
    """Record a sign-in."""
    with transaction.atomic():
        _append(events.SIGNED_IN, officer, address, "password")


def end_session(*, officer: Officer, address: str, kind: str = "signed out") -> None:
    """Record the end of a session; called in the transaction that removed it."""
    with transaction.atomic():
        _append(events.SIGNED_OUT, officer, address, kind)


def end_all_sessions(*, officer: Officer, address: str) -> int:
    """End every session of this officer, this one included; how many."""
    with transaction.atomic():
        count = _end_sessions(officer)
        _append(events.SIGNED_OUT, officer, address, f"all {count} sessions")
    return count


def issue_token(*, officer: Officer, label: str, days: int | None = None) -> str:
    """Make a bearer token and return it, the only time it can be read."""
    token = f"bt_{secrets.token_urlsafe(32)}"
    now = datetime.now(UTC)
    with transaction.atomic():
        ApiToken.objects.create(
            officer=officer,
            label=label,
            digest=digest(token),
            created_at=now,
            expires_at=now + timedelta(days=days) if days else None,
        )
        _append(events.TOKEN_CHANGED, officer, "", f"issued {label}")
    return token


def revoke_token(*, officer: Officer, token_id: int) -> bool:
    """Revoke one token of this officer; False when there is none."""
    with transaction.atomic():
        found = ApiToken.objects.filter(officer=officer, pk=token_id, revoked_at=None)
        if not found.update(revoked_at=datetime.now(UTC)):
            return False
        _append(events.TOKEN_CHANGED, officer, "", "revoked")
    return True


def _end_sessions(officer: Officer) -> int:
    keys = [
        session.session_key
        for session in Session.objects.filter(expire_date__gt=datetime.now(UTC))
        if session.get_decoded().get(SESSION_KEY) == str(officer.pk)
    ]
    return Session.objects.filter(session_key__in=keys).delete()[0]


def _append_officer(officer: Officer, actor: str) -> None:
    log.append(
        events.OFFICER_CHANGED,
        subject=f"officer/{officer.username}@{settings.NODE_ID}",
        actor=actor,
        realm="real",
        rev=officer.rev,
        public=events.officer_data(officer),
    )


def _append(kind: Any, officer: Officer, address: str, what: str) -> None:
    log.append(
        kind,
        subject=f"officer/{officer.username}@{settings.NODE_ID}",
        actor=actor_text(officer),
        realm="real",
        rev=officer.rev,
        public={"username": officer.username, "address": address, "kind": what},
    )

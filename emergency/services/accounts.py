"""Officers, their sessions, tokens and passwords.

Owns: every write to them. Promises: a change of role, organisation or activity, and the end of a
session, token or password, is an envelope that makes open sockets ask their rights again; nobody
changes their own rights; a generated password is returned once and kept as a hash alone. Must not
know: requests and cookies (emergency/views), what a role may do.
"""

import secrets
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from realtime import log
from realtime.problems import Invalid
from realtime.registry import EventType

from .. import audit_events as events
from ..errors import StaleRevision
from ..models import ApiToken, Officer, Organisation
from ..permissions import require
from ..rights import digest
from ..selectors import actor_text
from ..selectors_accounts import session_keys, tokens_of
from ..spoken import groups
from .account_steps import end_sessions, require_another

RIGHTS = frozenset({"role", "organisation", "is_active", "valid_until"})
CHANGEABLE = RIGHTS | {"name", "phone"}
TOKENS_AT_MOST = 20


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


def add_officer(
    *,
    actor: Officer,
    username: str,
    name: str,
    role: str,
    organisation: Organisation,
    phone: str = "",
    valid_until: datetime | None = None,
) -> tuple[Officer, str]:
    """Make an officer; returns it with the generated password, the only time it can be read."""
    require(actor, "officer.manage")
    password = generated_password()
    officer = Officer(
        username=username,
        name=name,
        role=role,
        organisation=organisation,
        phone=phone,
        valid_until=valid_until,
        rev=1,
    )
    officer.set_password(password)
    with transaction.atomic():
        if Officer.objects.filter(username__iexact=username).exists():
            raise Invalid(fields={"username": _("There is an officer of this name already.")})
        officer.save(force_insert=True)
        _append_officer(officer, actor_text(actor))
    return officer, password


def change_officer(
    *, actor: Officer, officer: Officer, rev: int | None = None, **fields: Any
) -> Officer:
    """Change role, organisation, activity, end of appointment, name or phone of an officer.

    `rev` is what the caller saw. Raises NotAllowed for one's own rights, StaleRevision. Without a
    change nothing is written.
    """
    require(actor, "officer.manage")
    if unknown := fields.keys() - CHANGEABLE:
        raise TypeError(f"no such fields of an officer: {unknown}")
    with transaction.atomic():
        officer = Officer.objects.select_for_update(no_key=True).get(pk=officer.pk)
        if rev is not None and rev != officer.rev:
            raise StaleRevision
        fields = {name: new for name, new in fields.items() if getattr(officer, name) != new}
        if not fields:
            return officer
        if fields.keys() & RIGHTS:
            require_another(actor, officer)
        for name, value in fields.items():
            setattr(officer, name, value)
        officer.rev += 1
        officer.save(update_fields=[*fields, "rev"])
        if not officer.is_active:
            end_sessions(officer)
        _append_officer(officer, actor_text(actor))
    return officer


def reset_password(*, actor: Officer, officer: Officer) -> str:
    """Give an officer a generated password, returned once; ends every session and token."""
    require(actor, "officer.manage")
    require_another(actor, officer)
    password = generated_password()
    officer.set_password(password)
    with transaction.atomic():
        Officer.objects.filter(pk=officer.pk).update(password=officer.password)
        count = end_sessions(officer) + _revoke_tokens(officer)
        _append(events.PASSWORD_CHANGED, officer, actor=actor, kind="reset", count=count)
    return password


def change_password(*, officer: Officer, new: str, address: str, keep: str | None = None) -> None:
    """Change one's own password, the old one being checked; ends every session but `keep`."""
    officer.set_password(new)
    with transaction.atomic():
        Officer.objects.filter(pk=officer.pk).update(password=officer.password)
        count = end_sessions(officer, keep=keep)
        _append(events.PASSWORD_CHANGED, officer, address=address, kind="changed", count=count)


def note_sign_in(*, officer: Officer, address: str, kind: str = "password") -> None:
    """Record a sign-in, and by what."""
    with transaction.atomic():
        _append(events.SIGNED_IN, officer, address=address, kind=kind)


def end_session(*, officer: Officer, address: str, kind: str = "signed_out") -> None:
    """Record the end of a session; called in the transaction that removed it."""
    with transaction.atomic():
        _append(events.SIGNED_OUT, officer, address=address, kind=kind)


def end_one_session(*, officer: Officer, key: str, address: str) -> bool:
    """End one session of this officer on whatever machine; False when there is none."""
    if key not in session_keys(officer):
        return False
    with transaction.atomic():
        if not Session.objects.filter(session_key=key).delete()[0]:
            return False
        _append(events.SIGNED_OUT, officer, address=address, kind="one")
    return True


def end_all_sessions(*, officer: Officer, address: str, actor: Officer | None = None) -> int:
    """End every session of this officer, this one included; how many.

    Without an `actor` it is the officer's own wish; another needs the right to it.
    """
    if actor is not None:
        require(actor, "officer.manage")
        require_another(actor, officer)
    with transaction.atomic():
        count = end_sessions(officer)
        kind = "all" if actor is None else "by_administrator"
        _append(events.SIGNED_OUT, officer, actor=actor, address=address, kind=kind, count=count)
    return count


def issue_token(*, officer: Officer, label: str, days: int | None = None) -> str:
    """Make a bearer token and return it, the only time it can be read."""
    token = f"bt_{secrets.token_urlsafe(32)}"
    now = datetime.now(UTC)
    with transaction.atomic():
        if tokens_of(officer).count() >= TOKENS_AT_MOST:
            raise Invalid(_("There are too many tokens. Revoke one that is not used."))
        ApiToken.objects.create(
            officer=officer,
            label=label,
            digest=digest(token),
            created_at=now,
            expires_at=now + timedelta(days=days) if days else None,
        )
        _append(events.TOKEN_CHANGED, officer, kind="issued", label=label)
    return token


def revoke_token(*, officer: Officer, token_id: int) -> bool:
    """Revoke one token of this officer; False when there is none."""
    with transaction.atomic():
        found = ApiToken.objects.filter(officer=officer, pk=token_id, revoked_at=None)
        label = found.values_list("label", flat=True).first()
        if not found.update(revoked_at=datetime.now(UTC)):
            return False
        _append(events.TOKEN_CHANGED, officer, kind="revoked", label=label)
    return True


def revoke_all_tokens(*, actor: Officer, officer: Officer) -> int:
    """Revoke every token of an officer; how many."""
    require(actor, "officer.manage")
    require_another(actor, officer)
    with transaction.atomic():
        count = _revoke_tokens(officer)
        _append(events.TOKEN_CHANGED, officer, actor=actor, kind="by_administrator", count=count)
    return count


def generated_password() -> str:
    """Five groups of four letters and figures: 99 bits, easy to read out."""
    return groups(5)


def _revoke_tokens(officer: Officer) -> int:
    found = ApiToken.objects.filter(officer=officer, revoked_at=None)
    return found.update(revoked_at=datetime.now(UTC))


def _append_officer(officer: Officer, actor: str) -> None:
    log.append(
        events.OFFICER_CHANGED,
        subject=f"officer/{officer.username}@{settings.NODE_ID}",
        actor=actor,
        realm="real",
        rev=officer.rev,
        public=events.officer_data(officer),
        personal=events.officer_personal(officer),
    )


def _append(
    event: EventType,
    officer: Officer,
    *,
    kind: str,
    address: str = "",
    label: str = "",
    count: int = 1,
    actor: Officer | None = None,
) -> None:
    log.append(
        event,
        subject=f"audit/{uuid.uuid4()}",
        about=f"officer/{officer.username}@{settings.NODE_ID}",
        actor=actor_text(actor or officer),
        realm="real",
        rev=1,
        public={
            "username": officer.username,
            "address": address,
            "kind": kind,
            "label": label,
            "count": count,
        },
    )

"""What the account and officer pages read: officers, their sessions and tokens.

Owns: those queries. Promises: a session is named by a digest, because its key opens it; a list of
officers is one page, however many there are. Must not know: requests, who may read (the pages ask).
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from .models import ApiToken, Officer, Organisation, UnifiedIdentity
from .sessions import STARTED, USED, has_ended


@dataclass(frozen=True)
class OwnSession:
    """A session that is still good; `id` may be shown, `key` may not."""

    key: str
    started: datetime
    used: datetime

    @property
    def id(self) -> str:
        """What a page calls this session by."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:20]


def session_keys(officer: Officer) -> list[str]:
    """Keys of every stored session of this officer, ended by idleness or not."""
    return [key for key, _values in _stored(officer)]


def sessions_of(officer: Officer) -> list[OwnSession]:
    """Sessions of this officer that are still good, last used first."""
    now = datetime.now(UTC)
    found = [
        OwnSession(
            key, datetime.fromisoformat(values[STARTED]), datetime.fromisoformat(values[USED])
        )
        for key, values in _stored(officer)
        if not has_ended(values, now)
    ]
    return sorted(found, key=lambda session: session.used, reverse=True)


def _stored(officer: Officer) -> Iterator[tuple[str, dict]]:
    rows = Session.objects.filter(expire_date__gt=datetime.now(UTC))
    for row in rows.iterator():
        values = row.get_decoded()
        if values.get(SESSION_KEY) == str(officer.pk):
            yield row.session_key, values


def tokens_of(officer: Officer) -> QuerySet[ApiToken]:
    """Tokens of this officer that open something, newest first."""
    now = datetime.now(UTC)
    found = ApiToken.objects.filter(officer=officer, revoked_at=None)
    return found.filter(Q(expires_at=None) | Q(expires_at__gt=now)).order_by("-created_at", "-pk")


def officer_list(
    *, text: str = "", organisation: str = "", role: str = "", state: str = ""
) -> QuerySet[Officer]:
    """Officers by name, organisation, role and state (active, ended or empty for all)."""
    found = Officer.objects.select_related("organisation").order_by("username")
    if text:
        found = found.filter(Q(username__icontains=text) | Q(name__icontains=text))
    if organisation:
        found = found.filter(organisation=organisation)
    if role:
        found = found.filter(role=role)
    in_force = Q(is_active=True) & (Q(valid_until=None) | Q(valid_until__gt=datetime.now(UTC)))
    if state == "active":
        found = found.filter(in_force)
    elif state == "ended":
        found = found.exclude(pk__in=Officer.objects.filter(in_force).values("pk"))
    return found


def officer(pk: int) -> Officer | None:
    """One officer with the organisation."""
    return Officer.objects.select_related("organisation").filter(pk=pk).first()


def officer_of_identity(*, issuer: str, subject: str) -> Officer | None:
    """The officer that this identity at the city's provider is bound to."""
    found = UnifiedIdentity.objects.filter(issuer=issuer, subject=subject)
    bound = found.select_related("officer__organisation").first()
    return bound.officer if bound else None


def organisation_choices() -> list[tuple[str, str]]:
    """Code and name of every organisation, by code."""
    names = dict(Organisation.objects.order_by("code").values_list("code", "name"))
    return list(in_language(names).items())


def in_language(names: dict[str, str]) -> dict[str, str]:
    """Names of organisations by code; on an English page in English, as far as they have such."""
    if not (get_language() or "").startswith("en"):
        return names
    found = Organisation.objects.filter(code__in=names).exclude(name_en="")
    return names | dict(found.values_list("code", "name_en"))

"""Who may see what: the resolver behind `realtime.access`.

Owns: rights of an officer from role and organisation, scopes of incidents from their reach, and
credentials (session cookie, bearer token). Promises: deny by default; asked again, a session that
ended or an officer who lost a right gets less at once. Must not know: what a role may write
(emergency/permissions.py), how answers are shown.

Desk roles of the organisation that runs the node see every incident of it; everybody else those
that reach their own organisation or one below it; administrators see no incident. The personal part
is for desk and district officers, not for liaisons and observers. Beside the real realm only those
see anything who stand in that realm (realms.py).
"""

import hashlib
import logging
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie
from typing import Any

import orjson
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from gis import selectors as gis
from realtime import refusals
from realtime.access import View
from realtime.models import Envelope

from . import realms
from .factor.selectors import roles_asked
from .models import ApiToken, Incident, Officer, Organisation, Reach, Role
from .realms import REAL, Realm, Stand
from .session_store import is_key
from .sessions import has_ended, lacks_factor
from .showing_events import SHOWING_BEGUN

logger = logging.getLogger(__name__)

DESK = frozenset({Role.DUTY_OFFICER, Role.SHIFT_LEADER, Role.EMERGENCY_OFFICE})
PERSONAL = DESK | {Role.DISTRICT_OFFICER}
ADMINS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})


@dataclass(frozen=True)
class Rights:
    """What an officer may see; equal for officers who may see the same."""

    everywhere: bool
    role: str
    organisation: str
    organisations: frozenset[str]
    personal: bool
    audit: bool
    tags: frozenset[str]


@dataclass(frozen=True)
class Scope:
    """Organisations that an incident reaches now, and ever reached; its realm beside the real."""

    now: frozenset[str]
    ever: frozenset[str]
    realm: Realm | None = None


@dataclass(frozen=True)
class Topic:
    """Who sees what of a topic that another app tells of: the scope of each subject of its kinds,
    and how much of it these rights show."""

    kinds: frozenset[str]
    scopes: Callable[[Collection[str]], dict[str, Any]]
    view: Callable[[Rights, Any], View]


_topics: dict[str, Topic] = {}


def add_topic(name: str, topic: Topic) -> None:
    """Let an app that stands on this one answer for a topic, from the start of the process on."""
    _topics[name] = topic


def rights_of(officer: Officer) -> Rights | None:
    """The rights of this officer, None for one who is not active any more."""
    if not officer.in_force():
        return None
    role, organisation = officer.role, officer.organisation
    own = organisation.node == settings.NODE_ID
    below = Organisation.objects.filter(parent=organisation).values_list("code", flat=True)
    seen = set() if role in ADMINS else {organisation.code, *(() if own else below)}
    return Rights(
        everywhere=own and role in DESK | {Role.OBSERVER},
        role=role,
        organisation=organisation.code,
        organisations=frozenset(seen),
        personal=role in PERSONAL,
        audit=role == Role.AUDIT_ADMIN,
        tags=frozenset({"sensitive"} if role in PERSONAL else ()),
    )


def answers_for(officer: Officer, incident: Incident) -> bool:
    """Does the officer's organisation steer this incident: wrote it down, or it lies there?"""
    rights = rights_of(officer)
    if rights is None or rights.everywhere:
        return rights is not None
    grounds = (Reach.Ground.OWNER, Reach.Ground.PLACE)
    found = incident.reaches.filter(ended_at=None, ground__in=grounds)
    return found.filter(organisation__in=rights.organisations).exists()


def digest(token: str) -> str:
    """What is kept of a bearer token."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_officer(token: str) -> Officer | None:
    """The active officer of this bearer token."""
    found = (
        ApiToken.objects.select_related("officer__organisation")
        .filter(digest=digest(token), revoked_at=None)
        .first()
    )
    if found is None or (found.expires_at and found.expires_at <= datetime.now(UTC)):
        return None
    return found.officer if rights_of(found.officer) else None


def _is_uuid(text: str) -> bool:
    """Is this an id of ours? An envelope of another node may be about anything."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


class OfficerRights:
    """Answers `realtime.access` for officers."""

    def credential(self, scope: dict) -> str | None:
        headers = {name.lower(): value for name, value in scope.get("headers", ())}
        scheme, _space, token = headers.get(b"authorization", b"").decode("latin1").partition(" ")
        if scheme:
            return f"token:{digest(token.strip())}" if scheme.lower() == "bearer" else None
        try:
            cookies = SimpleCookie(headers.get(b"cookie", b"").decode("latin1"))
        except CookieError:
            return None
        session = cookies.get(settings.SESSION_COOKIE_NAME)
        return f"session:{session.value}" if session and is_key(session.value) else None

    def rights(self, credentials: Collection[str]) -> dict[str, Rights]:
        officers = self._by_session(
            [text[8:] for text in credentials if text.startswith("session:")]
        ) | self._by_token([text[6:] for text in credentials if text.startswith("token:")])
        known: dict[int, Rights | None] = {}
        for officer in officers.values():
            if officer.pk not in known:
                known[officer.pk] = rights_of(officer)
        return {
            credential: known[officer.pk]
            for credential, officer in officers.items()
            if known[officer.pk]
        }

    def _by_session(self, keys: list[str]) -> dict[str, Officer]:
        now, asked = datetime.now(UTC), roles_asked()
        data = {
            row.session_key: row.get_decoded()
            for row in Session.objects.filter(session_key__in=keys, expire_date__gt=now)
        }
        officers = Officer.objects.select_related("organisation").in_bulk(
            [values[SESSION_KEY] for values in data.values() if SESSION_KEY in values]
        )
        found = {}
        for key, values in data.items():
            officer = officers.get(int(values.get(SESSION_KEY, 0)))
            if officer is None or has_ended(values, now):
                continue
            if lacks_factor(values, officer.role, asked):
                continue
            if constant_time_compare(
                values.get(HASH_SESSION_KEY, ""), officer.get_session_auth_hash()
            ):
                found[f"session:{key}"] = officer
        return found

    def _by_token(self, digests: list[str]) -> dict[str, Officer]:
        now = datetime.now(UTC)
        tokens = ApiToken.objects.select_related("officer__organisation").filter(
            digest__in=digests, revoked_at=None
        )
        return {
            f"token:{token.digest}": token.officer
            for token in tokens
            if token.expires_at is None or token.expires_at > now
        }

    def user_rights(self, user: Any) -> Rights | None:
        return rights_of(user) if isinstance(user, Officer) else None

    def scopes(self, abouts: Collection[str]) -> dict[str, Any]:
        slugs = {about.removeprefix("layer/") for about in abouts if about[:6] == "layer/"}
        tags = gis.audiences(slugs) if slugs else {}
        layers = {f"layer/{slug}": tuple(audience) for slug, audience in tags.items()}
        told = layers | self._reaches(abouts)
        for topic in _topics.values():
            kinds = {about for about in abouts if about.partition("/")[0] in topic.kinds}
            try:
                told |= topic.scopes(kinds) if kinds else {}
            except Exception:  # nobody is told of it; the others go on
                logger.exception("the scopes of %s are not known", sorted(kinds))
        return told

    def _reaches(self, abouts: Collection[str]) -> dict[str, Scope]:
        ids = {about[9:] for about in abouts if about[:9] == "incident/" and _is_uuid(about[9:])}
        now, ever, realm_of = defaultdict(set), defaultdict(set), {}
        for pk, organisation, ended, realm in Reach.objects.filter(incident__in=ids).values_list(
            "incident_id", "organisation", "ended_at", "incident__realm"
        ):
            realm_of[str(pk)] = realm
            ever[str(pk)].add(organisation)
            if ended is None:
                now[str(pk)].add(organisation)
        # of what was erased the log alone knows whose open screens have to drop it
        erased = [f"incident/{pk}" for pk in ids - ever.keys()]
        shown = Envelope.objects.filter(
            about__in=erased, type=SHOWING_BEGUN.name, source=settings.NODE_ID
        )
        for about, public in shown.exclude(public=None).values_list("about", "public"):
            ever[about[9:]].add(orjson.loads(bytes(public))["organisation"])
        unreached = Incident.objects.filter(pk__in=ids - realm_of.keys())
        realm_of |= {str(pk): realm for pk, realm in unreached.values_list("pk", "realm")}
        bounds = realms.among(realm_of.values())
        return {
            f"incident/{pk}": Scope(
                frozenset(now[pk]), frozenset(ever[pk]), bounds.get(realm_of.get(pk, REAL))
            )
            for pk in ids
        }

    def view(self, rights: Rights, topic: str, realm: str, scope: Scope | None) -> View:
        if topic == "layers":
            seen = scope is not None and self.layer(rights, scope)
            return View.PUBLIC if seen else View.NONE
        if topic in ("audit", "nodes"):
            return View.PUBLIC if rights.audit else View.NONE
        if topic in _topics:
            return _topics[topic].view(rights, scope)
        if topic not in ("incidents", "shares"):
            return View.NONE
        scope = scope if isinstance(scope, Scope) else None
        if realm != REAL:
            if rights.role in ADMINS:
                return View.NONE
            bounds = scope.realm if scope and scope.realm else realms.NOWHERE
            stand = bounds.stand(rights.organisation)
            if stand is not Stand.ACT:
                full = View.FULL if rights.personal else View.PUBLIC
                return full if stand else View.NONE
        if rights.everywhere or (scope and rights.organisations & scope.now):
            return View.FULL if rights.personal else View.PUBLIC
        return View.GONE if scope and rights.organisations & scope.ever else View.NONE

    def layer(self, rights: Rights, audience: Collection[str]) -> bool:
        return not audience or bool(rights.tags & set(audience))

    def denied(self, user: Any, address: str, what: str) -> None:
        refusals.count(getattr(user, "username", "") or address, what)

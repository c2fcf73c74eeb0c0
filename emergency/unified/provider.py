"""The conversation with the identity provider: where to send a browser, and who came back.

Owns: the requests to it and the checks of its answer. Promises: authorization code with PKCE, state
and nonce (OpenID Connect Core 1.0, 3.1; RFC 7636), for somebody who has just proven who they are
there (3.1.2.1, `max_age`); a token counts only signed by a public key of this issuer, for this
client, for this sign-in, now; nothing is sent in the clear but to this machine itself; a provider
that is away, slow or talks without end holds up two people at most, for seconds, and no database.
Must not know: officers, sessions.
"""

import functools
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlsplit

import httpx
import orjson
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from django.conf import settings
from django.db import connection
from django.utils.crypto import constant_time_compare
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, KeySet

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]  # of public keys alone
WITHIN, MOST = 8.0, 256 * 1024  # seconds and bytes that one answer may take
SIGN_IN_WITHIN = 600  # seconds from here to the provider and back
KNOWN_FOR, AWAY_FOR = 600.0, 10.0  # seconds that its documents, and its silence, are remembered
LEEWAY = 60  # seconds that the two clocks may differ
ERRORS = frozenset(  # RFC 6749, 4.1.2.1; OpenID Connect Core, 3.1.2.6
    "access_denied login_required interaction_required consent_required server_error "
    "temporarily_unavailable invalid_request unauthorized_client invalid_scope".split()
)
_talking = threading.BoundedSemaphore(2)
_away_until = 0.0


class Refused(Exception):
    """Why nobody is let in; for the log, not for the browser."""


@dataclass(frozen=True)
class Identity:
    """Who came back: for ever `subject` of this issuer, today by this name; by two factors?"""

    issuer: str
    subject: str
    name: str
    factor: bool


def begin(back: str) -> tuple[str, dict[str, Any]]:
    """Where the browser goes, and what has to be remembered of it. Raises Refused."""
    verifier = secrets.token_urlsafe(48)
    known = {"state": secrets.token_urlsafe(24), "nonce": secrets.token_urlsafe(24)}
    url = prepare_grant_uri(
        _endpoint("authorization_endpoint"),
        settings.OIDC_CLIENT,
        "code",
        redirect_uri=back,
        scope="openid profile",
        code_challenge=create_s256_code_challenge(verifier),
        code_challenge_method="S256",
        max_age="0",  # a desk is shared: who sat there before is not who presses the button
        **known,
    )
    return url, known | {"verifier": verifier, "at": time.time()}


def finish(kept: Mapping[str, Any], given: Mapping[str, str], back: str) -> Identity:
    """Who came back with this. Raises Refused."""
    if not constant_time_compare(given.get("state", ""), kept["state"]):
        raise Refused("another sign-in than this browser's")
    if time.time() - kept["at"] > SIGN_IN_WITHIN:
        raise Refused("the sign-in took too long")
    if given.get("iss", settings.OIDC_ISSUER) != settings.OIDC_ISSUER:
        raise Refused("the answer of another issuer")
    if "code" not in given:
        error = given.get("error", "")
        raise Refused(f"the provider refused: {error if error in ERRORS else 'unknown'}")
    claims = _claims(_exchange(given["code"], kept["verifier"], back), kept)
    subject, name = claims["sub"], claims.get("preferred_username") or claims.get("name") or ""
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise Refused("a token without a subject")
    factor = set(claims.get("amr") or ()) & set(settings.OIDC_FACTOR)
    return Identity(settings.OIDC_ISSUER, subject, str(name)[:60], bool(factor))


def forget() -> None:
    """Ask the provider for its addresses and keys again."""
    global _away_until
    _away_until = 0.0
    _document.cache_clear()


def _exchange(code: str, verifier: str, back: str) -> dict[str, Any]:
    """The provider's answer to a code. Raises Refused."""
    said = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
    said |= {"redirect_uri": back, "client_id": settings.OIDC_CLIENT}
    secret = quote_plus(settings.OIDC_CLIENT), quote_plus(settings.OIDC_SECRET)  # RFC 6749, 2.3.1
    return _ask(
        "POST",
        _endpoint("token_endpoint"),
        data=said,
        auth=secret if settings.OIDC_SECRET else None,
    )


def _claims(token: dict[str, Any], kept: Mapping[str, Any]) -> CodeIDToken:
    """What the token says, once it is proven. Raises Refused."""
    options = {
        "iss": {"essential": True, "value": settings.OIDC_ISSUER},
        "aud": {"essential": True, "value": settings.OIDC_CLIENT},
        "exp": {"essential": True},
    }
    said = {"nonce": kept["nonce"], "client_id": settings.OIDC_CLIENT, "max_age": 1}
    said["access_token"] = token.get("access_token")
    text = str(token.get("id_token", ""))
    try:
        try:
            read = _decode(text)
        except (JoseError, ValueError):  # its keys may have changed since
            _document.cache_clear()
            read = _decode(text)
        claims = CodeIDToken(read.claims, read.header, options, said)
        claims.validate(leeway=LEEWAY)
        is_old = claims["auth_time"] < kept["at"] - LEEWAY
    except (JoseError, AuthlibBaseError, TypeError, ValueError, KeyError) as error:
        raise Refused(f"a token that proves nothing: {type(error).__name__}") from error
    if is_old:
        raise Refused("somebody who signed in there before")
    return claims


def _decode(text: str) -> jwt.Token:
    keys = []
    for one in _document(_endpoint("jwks_uri"), _now()).get("keys", []):
        try:
            keys.append(JWKRegistry.import_key(one))
        except (JoseError, KeyError, TypeError, ValueError):
            continue  # of a kind that is not known here, such as SM2, beside one that is
    return jwt.decode(text, KeySet(keys), algorithms=ALGORITHMS)


def _endpoint(name: str) -> str:
    """An address of the provider, from its own description. Raises Refused."""
    url = f"{settings.OIDC_ISSUER.rstrip('/')}/.well-known/openid-configuration"
    told = _document(url, _now())
    if told.get("issuer") != settings.OIDC_ISSUER or not isinstance(told.get(name), str):
        _document.cache_clear()
        raise Refused("the description of another provider")
    return _safe(told[name])


def _safe(url: str) -> str:
    parts = urlsplit(url)
    own = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and own):
        raise Refused("an address in the clear")
    return url


def _now() -> int:
    return int(time.monotonic() // KNOWN_FOR)


@functools.lru_cache(maxsize=8)
def _document(url: str, _while: int) -> dict[str, Any]:
    """A document of the provider. Raises Refused."""
    return _ask("GET", _safe(url))


def _ask(method: str, url: str, **more: Any) -> dict[str, Any]:
    """What the provider answers. Raises Refused."""
    global _away_until
    if time.monotonic() < _away_until:
        raise Refused("the provider does not answer: away")
    if not _talking.acquire(blocking=False):
        raise Refused("the provider does not answer: busy")
    if not connection.in_atomic_block:
        connection.close()  # who waits for a provider holds no place in the pool meanwhile
    try:
        found = orjson.loads(_read(method, url, **more))
    except (httpx.TransportError, TimeoutError) as error:
        _away_until = time.monotonic() + AWAY_FOR
        raise Refused(f"the provider does not answer: {type(error).__name__}") from error
    except (httpx.HTTPError, ValueError) as error:
        raise Refused(f"the provider does not answer: {type(error).__name__}") from error
    finally:
        _talking.release()
    if not isinstance(found, dict):
        raise Refused("the provider answers something else")
    return found


def _read(method: str, url: str, **more: Any) -> bytes:
    """The body of an answer that comes in time and is not too long."""
    ends, body = time.monotonic() + WITHIN, b""
    with httpx.stream(method, url, timeout=WITHIN / 2, trust_env=False, **more) as answer:
        answer.raise_for_status()
        for piece in answer.iter_bytes():
            body += piece
            if len(body) > MOST:
                raise ValueError("too long")
            if time.monotonic() > ends:
                raise TimeoutError
    return body

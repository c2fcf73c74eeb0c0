"""The conversation with the identity provider: where to send a browser, and who came back.

Owns: the requests to it and the checks of its answer. Promises: authorization code with PKCE, state
and nonce (OpenID Connect Core 1.0, 3.1; RFC 7636); a token counts only signed by a public key of
this issuer, for this client, for this sign-in, now; nothing is sent in the clear but to this
machine itself; an answer that is slow ends the sign-in. Must not know: officers, sessions.
"""

import functools
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlsplit

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from django.conf import settings
from django.utils.crypto import constant_time_compare
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]  # of public keys alone
WITHIN = 10.0  # seconds that one answer may take
SIGN_IN_WITHIN = 600.0  # seconds from here to the provider and back
KNOWN_FOR = 600.0  # seconds that addresses and keys of the provider are remembered
LEEWAY = 60  # seconds that the two clocks may differ


class Refused(Exception):
    """Why nobody is let in; for the log, not for the browser."""


@dataclass(frozen=True)
class Identity:
    """Who came back: for ever `subject` of this issuer, today by this name; by two factors?"""

    issuer: str
    subject: str
    username: str
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
        **known,
    )
    return url, known | {"verifier": verifier, "at": time.time()}


def finish(kept: dict[str, Any], address: str, back: str) -> Identity:
    """Who came back to this address. Raises Refused."""
    given = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    if not constant_time_compare(given.get("state", ""), kept["state"]):
        raise Refused("another sign-in than this browser's")
    if time.time() - kept["at"] > SIGN_IN_WITHIN:
        raise Refused("the sign-in took too long")
    if given.get("iss", settings.OIDC_ISSUER) != settings.OIDC_ISSUER:
        raise Refused("the answer of another issuer")
    if "code" not in given:
        raise Refused(f"the provider refused: {given.get('error', '')[:60]}")
    claims = _claims(_exchange(given["code"], kept["verifier"], back), kept["nonce"])
    username = claims.get(settings.OIDC_CLAIM)
    if not isinstance(username, str) or not isinstance(claims["sub"], str):
        raise Refused("a token without a name")
    return Identity(
        issuer=settings.OIDC_ISSUER,
        subject=claims["sub"][:255],
        username=username,
        factor=bool(set(claims.get("amr") or ()) & set(settings.OIDC_FACTOR)),
    )


def forget() -> None:
    """Ask the provider for its addresses and keys again."""
    _document.cache_clear()


def _exchange(code: str, verifier: str, back: str) -> dict[str, Any]:
    """The provider's answer to a code. Raises Refused."""
    said = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
    said |= {"redirect_uri": back, "client_id": settings.OIDC_CLIENT}
    secret = quote_plus(settings.OIDC_CLIENT), quote_plus(settings.OIDC_SECRET)  # RFC 6749, 2.3.1
    return _read(
        lambda: httpx.post(
            _endpoint("token_endpoint"),
            data=said,
            auth=secret if settings.OIDC_SECRET else None,
            timeout=WITHIN,
            trust_env=False,
        )
    )


def _claims(token: dict[str, Any], nonce: str) -> CodeIDToken:
    """What the token says, once it is proven. Raises Refused."""
    options = {
        "iss": {"essential": True, "value": settings.OIDC_ISSUER},
        "aud": {"essential": True, "value": settings.OIDC_CLIENT},
        "exp": {"essential": True},
    }
    said = {"nonce": nonce, "client_id": settings.OIDC_CLIENT}
    said["access_token"] = token.get("access_token")
    try:
        try:
            read = _decode(str(token.get("id_token", "")))
        except JoseError:  # its keys may have changed since
            forget()
            read = _decode(str(token.get("id_token", "")))
        claims = CodeIDToken(read.claims, read.header, options, said)
        claims.validate(leeway=LEEWAY)
    except (JoseError, AuthlibBaseError, TypeError, ValueError, KeyError) as error:
        raise Refused(f"a token that proves nothing: {type(error).__name__}") from error
    return claims


def _decode(text: str) -> jwt.Token:
    keys = KeySet.import_key_set(_known(_endpoint("jwks_uri")))
    return jwt.decode(text, keys, algorithms=ALGORITHMS)


def _endpoint(name: str) -> str:
    """An address of the provider, from its own description. Raises Refused."""
    told = _known(f"{settings.OIDC_ISSUER.rstrip('/')}/.well-known/openid-configuration")
    if told.get("issuer") != settings.OIDC_ISSUER or not isinstance(told.get(name), str):
        raise Refused("the description of another provider")
    return _safe(told[name])


def _safe(url: str) -> str:
    parts = urlsplit(url)
    own = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if parts.scheme != "https" and not (parts.scheme == "http" and own):
        raise Refused("an address in the clear")
    return url


def _known(url: str) -> dict[str, Any]:
    return _document(url, int(time.monotonic() // KNOWN_FOR))


@functools.lru_cache(maxsize=8)
def _document(url: str, _while: int) -> dict[str, Any]:
    """A document of the provider. Raises Refused."""
    return _read(lambda: httpx.get(_safe(url), timeout=WITHIN, trust_env=False))


def _read(ask: Callable[[], httpx.Response]) -> dict[str, Any]:
    """What the provider answers. Raises Refused."""
    try:
        answer = ask()
        answer.raise_for_status()
        found = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise Refused(f"the provider does not answer: {type(error).__name__}") from error
    if not isinstance(found, dict):
        raise Refused("the provider answers something else")
    return found

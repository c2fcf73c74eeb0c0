"""An identity provider of a city, on this machine: what a real one answers, and lies when told to.

Owns: its addresses, codes, keys and tokens. Promises: it checks PKCE, client and address as the
standard asks; `says` changes what the next token says. Must not know: the platform.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "belltower", "a-secret-of-the-client"


class Provider:
    """One provider; `issuer` is its address."""

    def __init__(self, port: int):
        self.issuer = f"http://127.0.0.1:{port}"
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.username, self.subject, self.amr = "duty", "subject-1", ["pwd"]
        self.says: dict[str, Any] = {}  # claims instead of the true ones; None leaves one out
        self.signs = self.key, "RS256"
        self.visits = 0
        self.waits = 0.0  # seconds before it answers anything
        self.asked: dict[str, dict[str, str]] = {}  # by code

    def public(self) -> dict[str, Any]:
        return self.key.as_dict(private=False)

    def document(self) -> dict[str, Any]:
        names = ("authorization_endpoint", "authorize"), ("token_endpoint", "token")
        ends = {name: f"{self.issuer}/{path}" for name, path in (*names, ("jwks_uri", "keys"))}
        return {"issuer": self.issuer, **ends}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        code = secrets.token_urlsafe(16)
        self.asked[code] = asked
        query = urlencode({"code": code, "state": asked["state"]})
        return f"{asked['redirect_uri']}?{query}"

    def token(self, given: dict[str, str], client: str) -> dict[str, Any] | None:
        """The answer to a code; None where it is not for this client, or was used."""
        asked = self.asked.pop(given.get("code", ""), None)
        if asked is None or client != f"{CLIENT}:{SECRET}":
            return None
        hashed = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(hashed).decode().rstrip("=")
        known = asked["code_challenge_method"] == "S256"
        known &= asked["code_challenge"] == challenge
        known &= asked["redirect_uri"] == given.get("redirect_uri") and asked["max_age"] == "0"
        if not known:
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": self.subject, "nonce": asked["nonce"],
            "iat": now, "exp": now + 300, "auth_time": now, "amr": self.amr,
            "preferred_username": self.username,
        }  # fmt: skip
        said = {name: one for name, one in (claims | self.says).items() if one is not None}
        key, algorithm = self.signs
        header = {"alg": algorithm, "kid": "one"}
        text = jwt.encode(header, said, key, algorithms=[algorithm])
        return {"access_token": "a", "token_type": "Bearer", "id_token": text}


@contextmanager
def provider() -> Iterator[Provider]:
    """A provider that listens."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.visits += 1
            threading.Event().wait(made.waits)
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", made.authorize(asked))
                self.end_headers()
            elif parts.path == "/keys":
                self._answer({"keys": [{"kty": "EC", "crv": "SM2", "kid": "sm2"}, made.public()]})
            else:
                self._answer(made.document())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            given = {name: values[0] for name, values in parse_qs(body).items()}
            basic = self.headers.get("Authorization", "").removeprefix("Basic ")
            found = made.token(given, base64.b64decode(basic).decode())
            self._answer(found or {"error": "invalid_grant"}, 200 if found else 400)

        def _answer(self, told: dict[str, Any], status: int = 200) -> None:
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Provider(server.server_port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()

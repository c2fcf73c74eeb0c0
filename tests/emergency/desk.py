"""A caller of the API, and the small city that most tests of the desk need.

Owns: no rules. An `Api` signs in by a bearer token, as programs do; pages and cookies are tested
where they matter (tests/security).
"""

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from emergency.models import Officer
from emergency.services import accounts
from realtime import log
from realtime.models import Envelope
from tests.gis import city

HERE = city.MIDDLE  # in square s4 of `squares`
NEXT_DOOR = (city.MIDDLE[0] + 0.1, city.MIDDLE[1])  # in square s7


class Api:
    """One officer at the API."""

    def __init__(self, officer: Officer, language: str = "en"):
        self.officer = officer
        token = accounts.issue_token(officer=officer, label="test")
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
        self.client = Client(headers=headers, raise_request_exception=False)

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(f"/api{path}", query)

    def send(self, method: str, path: str, body: Any = None) -> HttpResponse:
        text = body if isinstance(body, str | bytes) else json.dumps(body)
        return self.client.generic(method, f"/api{path}", text, content_type="application/json")

    def post(self, path: str, **body: Any) -> HttpResponse:
        return self.send("POST", path, body)

    def report(self, **body: Any) -> HttpResponse:
        return self.post("/incidents", **{"title": "甲醇罐车泄漏", "type_code": "12D02"} | body)

    def attach(self, incident: Any, content: bytes, name: str = "photo.jpg") -> HttpResponse:
        file = SimpleUploadedFile(name, content)
        return self.client.post(f"/api/incidents/{incident}/attachments", {"file": file})


def districts() -> None:
    """Nine square districts around `HERE`: s0 to s8, from south-west to north-east."""
    city.layer("districts", city.squares(), kind="area", role="district")


def told_since(position: int) -> list[Envelope]:
    """What the log tells after this position."""
    return log.read_after(position, 10_000)

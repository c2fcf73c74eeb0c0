"""What every answer carries, also where something went wrong, and what production insists on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import DatabaseError
from django.test import Client

from config import pages
from tests import factories

ROOT = Path(__file__).resolve().parents[2]
STRICT = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "base-uri": "'none'",
    "frame-ancestors": "'none'", "form-action": "'self'", "connect-src": "'self'",
}  # fmt: skip


def check(answer) -> None:
    """The headers of every page."""
    given = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
    assert {name: given[name] for name in STRICT} == STRICT
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:"} & set(
        " ".join(given.values()).split()
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "path",
    ["/", "/sign-in", "/nothing", "/healthz", "/api/me", "/api/nothing", "/api/docs",
     "/messages.js", "/tiles/schools/x/1/1/1"],
)  # fmt: skip
def test_every_answer_carries_the_strict_headers(duty, path):
    check(Client().get(path))
    check(factories.client(duty).get(path))


def test_a_bad_host_is_refused_with_the_strict_headers(node):
    answer = Client().get("/sign-in", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    check(answer)


@pytest.mark.parametrize("path", ["/healthz", "/api/incidents", "/"])
def test_a_fault_shows_no_trace_and_carries_the_strict_headers(duty, monkeypatch, path):
    client = factories.client(duty)
    client.raise_request_exception = False

    def broken(*_args, **_fields):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("realtime.log.head", broken)
    monkeypatch.setattr("emergency.views.pages.officer_self", broken)
    answer = client.get(path)
    assert answer.status_code == 500
    check(answer)
    assert "secret detail" not in answer.content.decode()
    assert "Traceback" not in answer.content.decode()


def test_without_a_database_every_answer_is_a_clean_refusal(node, monkeypatch):
    client = Client(raise_request_exception=False)

    def away(*_args, **_fields):
        raise DatabaseError("connection refused by 10.0.0.5")

    monkeypatch.setattr("django.db.models.query.QuerySet._fetch_all", away)
    monkeypatch.setattr("django.db.models.query.QuerySet.get", away)
    client.cookies["bt-xian"] = "x" * 32
    for path in ("/", "/api/incidents", "/sign-in"):
        answer = client.get(path)
        check(answer)
        assert "10.0.0.5" not in answer.content.decode(), path
        assert answer.status_code in (200, 302, 401, 500)
    health = Client().get("/healthz")
    assert (health.status_code, health.json()) == (503, {"status": "database out of reach"})


def test_health_is_not_well_before_the_log_is_open(db):
    assert Client().get("/healthz").status_code == 503


def test_metrics_are_for_this_machine_alone(node):
    here = Client().get("/metrics")
    assert here.status_code == 200
    for name in ("belltower_feed_sockets", "belltower_log_position", "belltower_refusals_total"):
        assert name in here.content.decode()
    assert Client().get("/metrics", REMOTE_ADDR="10.0.0.5").status_code == 404
    for header in ("X-Forwarded-For", "Forwarded", "Via"):
        proxied = Client().get("/metrics", headers={header: "127.0.0.1"})
        assert proxied.status_code == 404, header


@pytest.mark.parametrize("code", ["en", "zh-hans"])
def test_the_language_is_kept_in_a_cookie_that_scripts_cannot_read(node, code):
    client = Client()
    answer = client.post("/language", {"language": code, "next": "/sign-in"})
    assert answer["Location"] == "/sign-in"
    (cookie,) = answer.cookies.values()
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == (code, True, "Lax")


@pytest.mark.parametrize("code", ["", "de", "../en", "zh", "x" * 10_000])
def test_a_language_that_is_not_offered_is_not_kept(node, code):
    assert not Client().post("/language", {"language": code}).cookies


def test_pages_of_errors_are_named_in_the_urls():
    assert all(callable(getattr(pages, name)) for name in ("not_found", "fault", "forbidden"))


def test_production_settings_pass_every_deployment_check(tmp_path):
    own = {"BELLTOWER_TLS": "1", "BELLTOWER_VAR": str(tmp_path), "BELLTOWER_NODE": "xian"}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | own, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr

"""Sign-in by the unified identity of a city: a token counts only for what it proves."""

import time
from datetime import UTC, datetime
from urllib.parse import urlsplit

import httpx
import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from joserfc.jwk import OctKey, RSAKey

from emergency.factor import codes
from emergency.factor import services as factors
from emergency.models import Officer, UnifiedIdentity
from emergency.unified import provider as conversation
from emergency.unified import services
from realtime import refusals
from realtime.models import Envelope
from realtime.problems import NotAllowed
from tests import factories
from tests.security.provider import CLIENT, SECRET, provider


@pytest.fixture
def city(node, settings):
    """The provider of the city, and this node its client."""
    with provider() as made:
        settings.OIDC_ISSUER, settings.OIDC_CLIENT = made.issuer, CLIENT
        settings.OIDC_SECRET = SECRET
        conversation.forget()
        yield made


@pytest.fixture
def officer(city) -> Officer:
    """Who has bound the identity of the city once."""
    made = factories.officer(username="duty")
    bind(made)
    return made


def bind(officer: Officer, code: str = "") -> Client:
    """Come from the provider, then sign in here as well."""
    client = Client()
    page = sign_in(client)
    assert page.status_code == 200 and not is_in(client)
    given = {"username": officer.username, "password": factories.PASSWORD}
    assert client.post("/sign-in", given).status_code == 302
    if code:
        assert client.post("/sign-in/code", {"code": code}).status_code == 302
    return client


def to_provider(client: Client, **query: str) -> str:
    answer = client.get("/sign-in/unified", query)
    assert answer.status_code == 302
    return answer["Location"]


def sign_in(client: Client, **query: str):
    """There and back."""
    sent = httpx.get(to_provider(client, **query), trust_env=False)
    assert sent.status_code == 302
    parts = urlsplit(sent.headers["Location"])
    return client.get(f"{parts.path}?{parts.query}")


def is_in(client: Client) -> bool:
    return client.get("/api/me").status_code == 200


def told_reason() -> str:
    refusals.flush()
    rows = Envelope.objects.filter(type="refusals.counted")
    return " ".join(bytes(row.public).decode() for row in rows)


def test_who_is_known_there_and_here_is_let_in_and_to_where_they_wanted(officer):
    assert "统一身份认证" in Client().get("/sign-in").content.decode()
    client = Client()
    answer = sign_in(client, next="/account")
    assert (answer.status_code, answer["Location"]) == (302, "/account")
    assert client.get("/api/me").json()["name"] == officer.name
    row = Envelope.objects.filter(type="session.started").order_by("-position")[0]
    assert b'"unified"' in bytes(row.public)


def test_without_an_issuer_there_is_no_such_way(node):
    assert Client().get("/sign-in/unified").status_code == 404
    assert Client().get("/sign-in/unified/back?code=a&state=b")["Location"] == "/sign-in"
    assert "统一身份认证" not in Client().get("/sign-in").content.decode()


def test_nobody_is_made_an_officer_by_it_and_no_name_opens_an_account(city):
    factories.officer(username="duty")
    client, before = Client(), Officer.objects.count()
    page = sign_in(client)
    assert "您以 duty 的身份" in page.content.decode()
    assert not is_in(client) and Officer.objects.count() == before
    assert not UnifiedIdentity.objects.exists()


def test_it_is_bound_by_who_signs_in_here_too_with_all_that_is_asked(city):
    officer = factories.officer()
    secret = codes.new_secret()
    code = codes.code_at(secret, datetime.now(UTC))
    [spare, *_more] = factors.set_up(officer=officer, secret=secret, code=code, address="")
    client = Client()
    sign_in(client)
    given = {"username": officer.username, "password": factories.PASSWORD}
    assert client.post("/sign-in", given)["Location"] == "/sign-in/code"
    assert not UnifiedIdentity.objects.exists(), "the password alone binds nothing"
    client.post("/sign-in/code", {"code": spare})
    assert UnifiedIdentity.objects.get().officer == officer and is_in(client)
    city.subject = "subject-2"
    again = Client()
    sign_in(again)
    again.post("/sign-in", given)
    again.post("/sign-in/code", {"code": _more[0]})
    assert is_in(again) and UnifiedIdentity.objects.get().subject == "subject-1"


def test_who_is_not_in_force_here_is_not_let_in(officer):
    Officer.objects.update(is_active=False)
    client = Client()
    assert sign_in(client).status_code == 401 and not is_in(client)


LIES = {
    "of another issuer": {"iss": "https://other.example"},
    "for another client": {"aud": "another"},
    "for another, by this client": {"aud": "another", "azp": CLIENT},
    "for several, by another": {"aud": [CLIENT, "another"], "azp": "another"},
    "of another sign-in": {"nonce": "another"},
    "without a nonce": {"nonce": None},
    "of yesterday": {"exp": int(time.time()) - 86_400},
    "without an end": {"exp": None},
    "of nobody": {"sub": None},
    "of a number": {"sub": 7},
    "of a subject without end": {"sub": "s" * 256},
    "of who signed in there before": {"auth_time": int(time.time()) - 3600},
    "of nobody knows when": {"auth_time": None},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_proves_something_else_lets_nobody_in(city, officer, lie):
    city.says = LIES[lie]
    client = Client()
    assert sign_in(client).status_code == 401
    assert not is_in(client)


def test_a_token_of_another_key_or_none_lets_nobody_in(city, officer):
    for signs in (
        (RSAKey.generate_key(2048, {"kid": "one"}), "RS256"),
        (OctKey.import_key(SECRET), "HS256"),
        (OctKey.import_key(SECRET), "none"),
    ):
        city.signs = signs
        client = Client()
        assert sign_in(client).status_code == 401
        assert not is_in(client)


def test_a_provider_that_changed_its_key_is_believed_by_the_new_one(city, officer):
    assert sign_in(Client()).status_code == 302
    city.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
    city.signs = city.key, "RS256"
    client = Client()
    assert sign_in(client).status_code == 302 and is_in(client)


def test_the_answer_to_another_browser_or_an_old_one_lets_nobody_in(city, officer):
    first, second = Client(), Client()
    sent = httpx.get(to_provider(first), trust_env=False).headers["Location"]
    to_provider(second)
    parts = urlsplit(sent)
    assert second.get(f"{parts.path}?{parts.query}").status_code == 401
    assert not is_in(second)
    assert first.get(f"{parts.path}?{parts.query}").status_code == 302
    assert first.get(f"{parts.path}?{parts.query}")["Location"] == "/sign-in", "once"
    stranger = Client()
    assert stranger.get(f"{parts.path}?{parts.query}")["Location"] == "/sign-in"
    assert not is_in(stranger)


def test_a_sign_in_that_took_too_long_begins_again(city, officer, monkeypatch):
    client = Client()
    sent = urlsplit(httpx.get(to_provider(client), trust_env=False).headers["Location"])
    now = time.time()
    monkeypatch.setattr(conversation.time, "time", lambda: now + 601)
    answer = client.get(f"{sent.path}?{sent.query}")
    assert answer["Location"] == "/sign-in" or answer.status_code == 401
    assert not is_in(client)


def test_what_was_to_come_back_is_in_no_session_and_nobody_makes_it(city, officer):
    client = Client()
    before = Session.objects.count()
    sent = urlsplit(httpx.get(to_provider(client), trust_env=False).headers["Location"])
    assert Session.objects.count() == before
    name = next(name for name in client.cookies if name.startswith("bt-unified"))
    client.cookies[name] = client.cookies[name].value[:-3] + "xyz"
    assert client.get(f"{sent.path}?{sent.query}")["Location"] == "/sign-in"
    assert not is_in(client)


@pytest.mark.parametrize(
    "query", ["", "state=", "code=x", "state=\0&code=\0", "error=access_denied"]
)
def test_an_answer_that_is_none_lets_nobody_in(city, officer, query):
    client = Client()
    to_provider(client)
    assert client.get(f"/sign-in/unified/back?{query}").status_code == 401
    assert not is_in(client)


def test_a_name_changed_at_the_provider_opens_no_other_account(city, officer):
    factories.officer("shift_leader", username="leader")
    city.username = "leader"
    client = Client()
    assert sign_in(client).status_code == 302
    assert client.get("/api/me").json()["name"] == officer.name, "the subject counts"
    city.subject, city.username = "subject-2", "duty"
    other = Client()
    sign_in(other)
    assert not is_in(other), "the name of an account that is another's"


def test_another_administrator_lets_an_identity_go_and_its_sessions_end(city, officer):
    client = Client()
    sign_in(client)
    security = factories.officer("security_admin")
    page = factories.client(security)
    assert "subject-1" in page.get(f"/officers/{officer.pk}").content.decode()
    assert page.post(f"/officers/{officer.pk}/identity").status_code == 302
    assert not is_in(client)
    city.subject = "subject-2"
    bind(officer)
    assert UnifiedIdentity.objects.get().subject == "subject-2"
    with pytest.raises(NotAllowed):
        services.let_go(actor=officer, officer=officer)
    assert factories.client(officer).post(f"/officers/{officer.pk}/identity").status_code == 403


def test_the_second_factor_counts_where_the_provider_asked_for_one_and_is_asked_here_else(
    city, officer
):
    factors.ask_roles(actor=factories.officer("security_admin"), roles=[officer.role])
    client = Client()
    assert sign_in(client)["Location"] == "/sign-in/code" and not is_in(client)
    city.amr = ["otp"]
    assert sign_in(Client())["Location"] == "/sign-in/code", "one factor, whichever, is one"
    city.amr = ["pwd", "otp", "mfa"]
    client = Client()
    assert sign_in(client).status_code == 302 and is_in(client)


def test_it_leads_to_no_foreign_address(city, officer):
    for target in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        assert sign_in(Client(), next=target)["Location"] == "/"


def test_nothing_is_sent_in_the_clear(city, officer, settings):
    settings.OIDC_ISSUER = "http://identity.example"
    conversation.forget()
    assert Client().get("/sign-in/unified").status_code == 401
    assert "in the clear" in told_reason()


def test_a_provider_that_is_away_leaves_the_password(city, officer, settings):
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    conversation.forget()
    answer = Client().get("/sign-in/unified")
    assert answer.status_code == 401 and "password" in answer.content.decode()
    assert is_in(factories.client(officer))


def test_a_provider_that_is_slow_holds_up_nobody_else(city, officer, monkeypatch):
    monkeypatch.setattr(conversation, "WITHIN", 0.2)
    conversation.forget()
    city.waits, before = 3.0, city.visits
    for _person in range(20):
        assert Client().get("/sign-in/unified").status_code == 401
    assert city.visits == before + 1, "the others are told at once, for a while"
    assert "away" in told_reason()


def test_an_answer_without_end_is_not_read_to_its_end(city, officer, monkeypatch):
    monkeypatch.setattr(conversation, "MOST", 100)
    conversation.forget()
    assert Client().get("/sign-in/unified").status_code == 401
    assert "does not answer" in told_reason()

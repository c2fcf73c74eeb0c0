"""Signing in: hashes, lockout, sessions that end, rights that are withdrawn."""

from datetime import UTC, datetime, timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from emergency.models import Officer
from emergency.services import accounts
from emergency.sessions import STARTED, USED
from realtime import refusals
from realtime.models import Envelope
from realtime.problems import NotAllowed
from tests import factories


def sign_in(client: Client, username: str, password: str = factories.PASSWORD, **extra):
    return client.post("/sign-in", {"username": username, "password": password}, **extra)


def age(client: Client, **marks: timedelta) -> None:
    """Make the client's session older than it is."""
    session = client.session
    for name, by in marks.items():
        session[name] = (datetime.now(UTC) - by).isoformat()
    session.save()


def is_in(client: Client) -> bool:
    return client.get("/api/me").status_code == 200


def test_passwords_are_kept_as_argon2id(duty):
    assert duty.password.startswith("argon2$argon2id$v=19$")
    assert settings.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(duty):
    known = sign_in(Client(), duty.username, "wrong")
    unknown = sign_in(Client(), "nobody-here", "wrong")
    assert known.status_code == unknown.status_code == 401

    def text(answer, name):
        body = answer.content.decode().replace(name, "NAME")
        return "\n".join(line for line in body.splitlines() if "csrf" not in line.lower())

    assert text(known, duty.username) == text(unknown, "nobody-here")


def test_who_is_sent_to_sign_in_again_reads_why(db):
    page = Client().get("/sign-in?ended=1&next=/", headers={"Accept-Language": "zh"})
    assert "会话已结束" in page.content.decode()
    assert "会话已结束" not in Client().get("/sign-in?next=/").content.decode()


@pytest.mark.parametrize("name", ["a\0b", "\0", "字" * 300])
def test_a_name_that_no_database_holds_is_no_way_in(db, name):
    assert sign_in(Client(), name).status_code == 401


@pytest.mark.parametrize(
    "fields", [{"is_active": False}, {"valid_until": datetime(2020, 1, 1, tzinfo=UTC)}]
)
def test_an_officer_who_is_not_in_force_gets_that_answer_too(duty, fields):
    token = accounts.issue_token(officer=duty, label="t")
    client = factories.client(duty)
    Officer.objects.filter(pk=duty.pk).update(**fields)
    assert sign_in(Client(), duty.username).status_code == 401
    assert not is_in(client), "the session that was open has ended"
    bearer = {"Authorization": f"Bearer {token}"}
    assert Client().get("/api/me", headers=bearer).status_code == 401


def test_failures_lock_an_account_whatever_address_is_claimed(duty):
    for number in range(20):
        claimed = {"X-Forwarded-For": f"10.0.0.{number}", "Forwarded": f"for=10.1.0.{number}"}
        claimed |= {"X-Real-IP": f"10.2.0.{number}", "Client-IP": f"10.3.0.{number}"}
        answer = sign_in(Client(), duty.username, "wrong", headers=claimed)
        assert answer.status_code == (401 if number < settings.AXES_FAILURE_LIMIT - 1 else 429)
    assert sign_in(Client(), duty.username).status_code == 429, "the right password too"
    other = sign_in(Client(), duty.username, REMOTE_ADDR="10.9.9.9")
    assert other.status_code == 429, "from another address too"
    assert is_in(factories.client(factories.officer())), "others are not affected"


def test_a_lock_ends_after_its_time(duty, settings):
    for _number in range(settings.AXES_FAILURE_LIMIT):
        sign_in(Client(), duty.username, "wrong")
    past = datetime.now(UTC) - timedelta(hours=settings.AXES_COOLOFF_TIME, minutes=1)
    AccessAttempt.objects.update(attempt_time=past)
    assert is_in(factories.client(duty))


def test_a_session_that_is_open_survives_the_lock_of_its_account(duty):
    client = factories.client(duty)
    for _number in range(settings.AXES_FAILURE_LIMIT):
        sign_in(Client(), duty.username, "wrong")
    assert is_in(client)


def test_the_session_is_a_new_one_after_signing_in(duty):
    client = Client()
    session = client.session
    session["planted"] = "x"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted = session.session_key
    sign_in(client, duty.username)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_the_cookies_are_closed_to_scripts_and_other_sites(duty):
    client = Client()
    client.get("/sign-in")
    sign_in(client, duty.username)
    session = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (session["httponly"], session["samesite"]) == (True, "Lax")
    assert settings.NODE_ID in settings.SESSION_COOKIE_NAME
    assert client.cookies[settings.CSRF_COOKIE_NAME]["samesite"] == "Lax"


def test_a_session_ends_when_it_was_idle_or_is_too_old(duty):
    client = factories.client(duty)
    age(client, **{USED: timedelta(minutes=settings.SESSION_IDLE_MINUTES - 2)})
    assert is_in(client), "used in time"
    age(client, **{USED: timedelta(minutes=settings.SESSION_IDLE_MINUTES + 1)})
    assert not is_in(client)
    client = factories.client(duty)
    age(client, **{STARTED: timedelta(hours=settings.SESSION_HOURS, minutes=1)})
    assert not is_in(client)


def test_a_session_without_its_marks_has_ended(duty):
    client = Client()
    client.force_login(duty, backend="django.contrib.auth.backends.ModelBackend")
    assert not is_in(client)


def test_signing_out_ends_this_session_alone_and_end_all_ends_all(duty):
    first, second, third = (factories.client(duty) for _number in range(3))
    other = factories.client(factories.officer())
    first.post("/sign-out")
    assert [is_in(one) for one in (first, second, third)] == [False, True, True]
    second.post("/sign-out/all")
    assert [is_in(one) for one in (second, third, other)] == [False, False, True]
    kinds = [row.type for row in Envelope.objects.filter(type="session.ended")]
    assert len(kinds) == 2


def test_signing_out_takes_no_get(duty):
    client = factories.client(duty)
    assert client.get("/sign-out").status_code == 405
    assert is_in(client)


def test_a_deactivated_officer_is_out_at_once(duty):
    guard = factories.officer("security_admin")
    client = factories.client(duty)
    accounts.change_officer(actor=guard, officer=duty, is_active=False)
    assert not is_in(client)
    assert not Session.objects.filter(session_key=client.session.session_key).exists()


def test_a_revoked_token_and_one_that_has_expired_are_refused(duty):
    tokens = [accounts.issue_token(officer=duty, label=str(n), days=1) for n in range(2)]
    bearers = [{"Authorization": f"Bearer {token}"} for token in tokens]
    assert [Client().get("/api/me", headers=one).status_code for one in bearers] == [200, 200]
    revoked, expired = duty.apitoken_set.order_by("pk")
    assert accounts.revoke_token(officer=duty, token_id=revoked.pk)
    assert not accounts.revoke_token(officer=duty, token_id=revoked.pk), "once"
    duty.apitoken_set.filter(pk=expired.pk).update(expires_at=datetime.now(UTC))
    assert [Client().get("/api/me", headers=one).status_code for one in bearers] == [401, 401]
    assert not any(token in str(duty.apitoken_set.values()) for token in tokens)


def test_nobody_revokes_the_token_of_another(duty):
    other = factories.officer()
    accounts.issue_token(officer=other, label="t")
    assert not accounts.revoke_token(officer=duty, token_id=other.apitoken_set.get().pk)


def test_failures_are_counted_by_minute_and_name_nobody_who_does_not_exist(duty):
    before = Envelope.objects.count()
    for _number in range(3):
        sign_in(Client(), duty.username, "wrong")
    sign_in(Client(), "my-secret-passphrase", "wrong")
    assert Envelope.objects.count() == before, "nothing is written one by one"
    assert refusals.flush() == 2
    told = [bytes(row.public).decode() for row in Envelope.objects.order_by("position")][-2:]
    assert '"count":3' in told[0] and duty.username in told[0]
    assert "passphrase" not in told[1]


@pytest.mark.parametrize("role", ["duty_officer", "shift_leader", "system_admin", "audit_admin"])
def test_only_the_security_administrator_changes_officers(duty, role):
    actor = factories.officer(role)
    with pytest.raises(NotAllowed):
        accounts.change_officer(actor=actor, officer=duty, role="shift_leader")
    duty.refresh_from_db()
    assert duty.role == "duty_officer"


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)",
     "http:///evil.example", "\thttps://evil.example"],
)  # fmt: skip
def test_nobody_is_sent_to_another_site(duty, target):
    answer = Client().post("/language", {"language": "en", "next": target})
    assert answer["Location"] == "/"
    signed_in = Client().post(
        "/sign-in",
        {"username": duty.username, "password": factories.PASSWORD, "next": target},
    )
    assert signed_in["Location"] == "/"


@pytest.mark.parametrize("name", ["DUTY", "dut\u0443", "duty\x00", "d\u200buty", "' or 1=1--", ""])
def test_a_name_that_only_looks_alike_is_not_that_officer(node, name):
    factories.officer(username="duty")
    assert sign_in(Client(), name).status_code == 401


def test_a_name_typed_in_full_width_is_the_same_name_and_the_same_lock(node, settings):
    factories.officer(username="duty")
    full_width = "\uff44\uff55\uff54\uff59"
    assert sign_in(Client(), full_width).status_code == 302
    for number in range(settings.AXES_FAILURE_LIMIT):
        answer = sign_in(Client(), (full_width, "duty", " duty")[number % 3], "wrong")
    assert answer.status_code == 429
    assert sign_in(Client(), full_width).status_code == 429

"""Everybody's own account: password, sessions, tokens."""

from datetime import UTC, datetime, timedelta
from html import escape

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from emergency.models import ApiToken, Officer
from emergency.selectors_accounts import sessions_of
from emergency.services import accounts
from emergency.sessions import USED
from realtime import access
from tests import factories
from tests.emergency.pages import HOSTILE, everything_told, once, text, told

NEW = "quite another long passphrase"


def is_in(client: Client) -> bool:
    return client.get("/account").status_code == 200


def passwords(**fields: str) -> dict[str, str]:
    return {"old": factories.PASSWORD, "new": NEW, "again": NEW} | fields


def signs_in(officer: Officer, password: str) -> bool:
    answer = Client().post("/sign-in", {"username": officer.username, "password": password})
    return answer.status_code == 302


@pytest.mark.parametrize("role", ["duty_officer", "observer", "audit_admin"])
def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one(node, role):
    officer = factories.officer(role)
    here, there = factories.client(officer), factories.client(officer)
    left = f"session:{there.session.session_key}"
    assert here.post("/account/password", passwords()).status_code == 302
    assert not Session.objects.filter(session_key=left.removeprefix("session:")).exists()
    assert is_in(here) and not is_in(there)
    assert access.resolver().rights([left]) == {}, "its open sockets end as well"
    assert not signs_in(officer, factories.PASSWORD) and signs_in(officer, NEW)
    row = told("password.changed")[-1]
    assert row.actor.startswith(officer.username) and NEW not in everything_told()


@pytest.mark.parametrize(
    "fields",
    [
        {"old": "wrong"}, {"old": ""}, {"again": "something else entirely"}, {"again": ""},
        {"new": "short", "again": "short"}, {"new": "password1234", "again": "password1234"},
        {"new": "123456789012345", "again": "123456789012345"},
        {"new": factories.PASSWORD, "again": factories.PASSWORD},
        {"new": "x" * 257, "again": "x" * 257}, {"new": "a\x00" + NEW, "again": "a\x00" + NEW},
    ],
)  # fmt: skip
def test_a_password_form_that_is_not_right_changes_nothing(duty, fields):
    here, there = factories.client(duty), factories.client(duty)
    answer = here.post("/account/password", passwords(**fields))
    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.content.decode()
    assert is_in(there) and signs_in(duty, factories.PASSWORD) and told("password.changed") == []
    for typed in fields.values():
        assert not typed or f'"{typed}"' not in answer.content.decode(), "it comes back"


def test_the_old_password_cannot_be_guessed_at_an_open_screen(duty):
    client = factories.client(duty)
    answers = [client.post("/account/password", passwords(old=f"no-{n}")) for n in range(6)]
    assert [one.status_code for one in answers][-2:] == [429, 429]
    assert client.post("/account/password", passwords()).status_code == 429
    assert signs_in(factories.officer(), factories.PASSWORD), "nobody else is locked out"


def test_one_sees_and_ends_only_the_own_sessions(duty):
    here, there = factories.client(duty), factories.client(duty)
    other = factories.officer()
    foreign = factories.client(other)
    page = here.get("/account").content.decode()
    assert page.count('name="session"') == 1
    for client in (here, there, foreign):
        assert client.session.session_key not in page, "a key opens its session"
    (theirs,) = sessions_of(other)
    assert here.post("/account/sessions/end", {"session": theirs.id}).status_code == 404
    assert is_in(foreign)
    mine = next(one for one in sessions_of(duty) if one.key == there.session.session_key)
    assert here.post("/account/sessions/end", {"session": mine.id}).status_code == 302
    assert is_in(here) and not is_in(there)
    assert here.post("/account/sessions/end", {"session": mine.id}).status_code == 404, "once"


@pytest.mark.parametrize("name", ["", "x", "0" * 20, "\x00", "' or 1=1--"])
def test_a_session_that_is_not_there_is_absent(duty, name):
    client = factories.client(duty)
    assert client.post("/account/sessions/end", {"session": name}).status_code == 404


def test_a_session_that_was_idle_for_long_is_not_listed(duty):
    here, there = factories.client(duty), factories.client(duty)
    session = there.session
    session[USED] = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
    session.save()
    assert [one.key for one in sessions_of(duty)] == [here.session.session_key]


def test_signing_out_everywhere_works_from_a_session_that_is_minutes_old(duty):
    client = factories.client(duty)
    session = client.session
    session[USED] = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()
    session.save()
    answer = client.post("/sign-out/all")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in") and not is_in(client)


def test_a_token_is_shown_once_and_works_until_it_is_revoked(duty):
    client = factories.client(duty)
    token = once(client.post("/account/tokens", {"label": "巡查程序", "days": "30"}))
    bearer = {"Authorization": f"Bearer {token}"}
    assert Client().get("/api/me", headers=bearer).json()["username"] == duty.username
    page = client.get("/account")
    assert "巡查程序" in text(page) and token not in page.content.decode()
    assert token not in everything_told() + str(ApiToken.objects.values())
    made = ApiToken.objects.get()
    assert timedelta(days=29) < made.expires_at - datetime.now(UTC) <= timedelta(days=30)
    assert client.post("/account/tokens/revoke", {"token": made.pk}).status_code == 302
    assert Client().get("/api/me", headers=bearer).status_code == 401
    assert "巡查程序" not in text(client.get("/account"))


@pytest.mark.parametrize(
    "fields",
    [{"label": ""}, {"label": "\u200b"}, {"label": "x" * 61}, {"days": "0"}, {"days": "-1"},
     {"days": "99999"}, {"days": "x"}, {"days": ""}],
)  # fmt: skip
def test_a_token_form_that_is_not_right_issues_nothing(duty, fields):
    form = {"label": "a", "days": "30"} | fields
    assert factories.client(duty).post("/account/tokens", form).status_code == 422
    assert not ApiToken.objects.exists()


def test_nobody_revokes_the_token_of_another_on_the_page(duty):
    accounts.issue_token(officer=factories.officer(), label="t")
    client, theirs = factories.client(duty), ApiToken.objects.get()
    for named in (str(theirs.pk), "", "x", "-1", "９", "9" * 30):
        assert client.post("/account/tokens/revoke", {"token": named}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.revoked_at is None


def test_tokens_are_bounded_and_expired_ones_do_not_count(duty):
    for _number in range(accounts.TOKENS_AT_MOST):
        accounts.issue_token(officer=duty, label="t", days=1)
    client, form = factories.client(duty), {"label": "one more", "days": "7"}
    assert client.post("/account/tokens", form).status_code == 422
    expired = ApiToken.objects.first()
    ApiToken.objects.filter(pk=expired.pk).update(expires_at=datetime.now(UTC))
    assert client.post("/account/tokens", form).status_code == 200


@pytest.mark.parametrize("label", HOSTILE)
def test_a_label_is_text(duty, label):
    client = factories.client(duty)
    answer = client.post("/account/tokens", {"label": label, "days": "7"})
    for page in (answer, client.get("/account")):
        body = page.content.decode()
        assert escape(label) in body and label not in body

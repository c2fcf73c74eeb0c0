"""The second factor: who needs one does not get in without, whatever else they know."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from emergency.factor import codes, services
from emergency.models import FactorRule, SecondFactor
from emergency.sessions import begin
from realtime.access import resolver
from realtime.models import Envelope
from realtime.problems import Invalid, NotAllowed
from tests import factories

RFC = b"12345678901234567890"  # RFC 6238, appendix B: the secret, seconds, last six figures
ORACLE = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}


def now_and_then(seconds: int = 0) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def have(officer) -> tuple[bytes, list[str]]:
    """A second factor of this officer: secret and recovery codes; no code of it is used up."""
    secret = codes.new_secret()
    code = codes.code_at(secret, now_and_then())
    made = services.set_up(officer=officer, secret=secret, code=code, address="")
    SecondFactor.objects.filter(officer=officer).update(step=0)
    return secret, made


def by_password(officer, **more) -> tuple[Client, str]:
    """A browser that knew the password, and where it was sent."""
    client = Client()
    given = {"username": officer.username, "password": factories.PASSWORD}
    answer = client.post("/sign-in", given | more)
    assert answer.status_code == 302
    return client, answer["Location"]


def say(client: Client, code: str):
    return client.post("/sign-in/code", {"code": code})


def is_in(client: Client) -> bool:
    return client.get("/api/me").status_code == 200


def feed_knows(client: Client) -> bool:
    key = f"session:{client.cookies[settings.SESSION_COOKIE_NAME].value}"
    return key in resolver().rights({key})


def test_the_password_alone_opens_nothing(duty):
    have(duty)
    client, to = by_password(duty)
    assert to == "/sign-in/code"
    assert not is_in(client) and not feed_knows(client)
    assert client.get("/").status_code == 302
    assert client.get("/account").status_code == 302
    assert not Envelope.objects.filter(type="session.started").exists()


def test_the_code_of_the_moment_lets_in_once_and_to_where_one_wanted(duty):
    secret, _made = have(duty)
    client, _to = by_password(duty, next="/account")
    code = codes.code_at(secret, now_and_then())
    answer = say(client, f" {code[:3]} {code[3:]} ")
    assert (answer.status_code, answer["Location"]) == (302, "/account")
    assert is_in(client) and feed_knows(client)
    assert client.session.get_expiry_age() > 600, "it lasts a shift, not as long as it waited"
    assert b'"code"' in bytes(Envelope.objects.get(type="session.started").public)
    other, _to = by_password(duty)
    assert say(other, code).status_code == 401, "a code is good once"
    assert not is_in(other)


def test_a_recovery_code_is_good_once(duty):
    _secret, made = have(duty)
    first, _to = by_password(duty)
    assert say(first, made[3].upper().replace("-", " ")).status_code == 302 and is_in(first)
    again, _to = by_password(duty)
    assert say(again, made[3]).status_code == 401 and not is_in(again)
    assert len(SecondFactor.objects.get(officer=duty).codes) == len(made) - 1


@pytest.mark.parametrize(
    "code", ["", "000000", "１２３４５６", "x" * 5000, "\0", "-" * 40, "12345"]
)
def test_what_is_no_code_lets_nobody_in(duty, code):
    have(duty)
    client, _to = by_password(duty)
    assert say(client, code).status_code == 401
    assert not is_in(client)


def test_wrong_codes_lock_the_account_and_the_right_one_does_not_help_then(duty):
    secret, _made = have(duty)
    client, _to = by_password(duty)
    answers = [say(client, "000000").status_code for _try in range(settings.AXES_FAILURE_LIMIT)]
    assert answers[-1] == 429
    assert say(client, codes.code_at(secret, now_and_then())).status_code == 429
    assert not is_in(client)
    assert AccessAttempt.objects.filter(username=duty.username).exists()


def test_knowing_the_password_does_not_set_wrong_codes_back(duty):
    have(duty)
    for _try in range(settings.AXES_FAILURE_LIMIT - 1):
        client, _to = by_password(duty)
        assert say(client, "000000").status_code == 401
    client, _to = by_password(duty)
    assert say(client, "000000").status_code == 429


def test_a_sign_in_that_waits_too_long_begins_again(duty, monkeypatch):
    secret, _made = have(duty)
    client, _to = by_password(duty)
    session = client.session
    session["held"] |= {"at": now_and_then(-301).isoformat()}
    session.save()
    answer = say(client, codes.code_at(secret, now_and_then()))
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in")
    assert not is_in(client)


def test_a_password_changed_meanwhile_ends_the_sign_in_that_waits(duty):
    secret, _made = have(duty)
    client, _to = by_password(duty)
    duty.set_password("another-long-passphrase")
    duty.save()
    assert say(client, codes.code_at(secret, now_and_then()))["Location"] == "/sign-in"
    assert not is_in(client)


@pytest.fixture
def security(node):
    return factories.officer("security_admin")


def test_a_role_that_is_asked_sets_it_up_before_anything_opens(duty, security):
    services.ask_roles(actor=security, roles=["duty_officer"])
    client, _to = by_password(duty)
    assert client.get("/sign-in/code")["Location"] == "/sign-in/factor"
    page = client.get("/sign-in/factor").content.decode()
    assert "<svg" in page and not is_in(client)
    assert client.post("/sign-in/factor", {"code": "000000"}).status_code == 422
    assert not is_in(client)
    code = offered(client)
    answer = client.post("/sign-in/factor", {"code": code})
    shown = answer.content.decode()
    assert shown.count("<li><code>") == codes.RECOVERY_CODES
    assert is_in(client) and feed_knows(client)
    assert "offer" not in client.session


def test_open_sessions_without_it_end_when_a_role_is_asked(duty, security):
    before = factories.client(duty)
    spared = factories.client(factories.officer("shift_leader"))
    assert is_in(before) and feed_knows(before)
    services.ask_roles(actor=security, roles=["duty_officer"])
    assert not feed_knows(before) and not is_in(before)
    assert is_in(spared) and feed_knows(spared)
    services.ask_roles(actor=security, roles=[])
    assert is_in(factories.client(duty))


def test_a_node_that_asks_everybody_has_no_exception(duty, security, settings):
    settings.SECOND_FACTOR = "all"
    client, to = by_password(duty)
    assert to == "/sign-in/code" and not is_in(client)
    with pytest.raises(Invalid):
        services.ask_roles(actor=security, roles=[])
    with pytest.raises(Invalid):
        services.remove(officer=duty, address="")


def test_only_the_security_administrator_says_of_whom_it_is_asked(duty):
    for role in ("duty_officer", "system_admin", "audit_admin", "emergency_office"):
        who = factories.officer(role)
        with pytest.raises(NotAllowed):
            services.ask_roles(actor=who, roles=["duty_officer"])
        assert factories.client(who).get("/officers/factor").status_code == 403
    assert not FactorRule.objects.exists()


def test_it_is_set_up_renewed_and_removed_on_the_account_page_with_the_password(duty):
    client, other = factories.client(duty), factories.client(duty)
    assert "<svg" in client.get("/account/factor").content.decode()
    code = offered(client)
    wrong = {"code": code, "password": "not-the-password"}
    assert client.post("/account/factor", wrong).status_code == 422
    assert not SecondFactor.objects.exists()
    right, before = {"password": factories.PASSWORD}, client.session.session_key
    answer = client.post("/account/factor", right | {"code": code})
    spare = re.findall("<li><code>(.*?)</code>", answer.content.decode())
    assert is_in(client) and not is_in(other), "who only knew the password is out"
    assert client.session.session_key != before, "a key that was seen before is worth nothing"
    first = SecondFactor.objects.get(officer=duty).codes
    for answer in ({"password": "no", "present": spare[0]}, right, right | {"present": "000000"}):
        assert client.post("/account/factor/codes", answer).status_code == 422
    answer = client.post("/account/factor/codes", right | {"present": spare[1]})
    spare = re.findall("<li><code>(.*?)</code>", answer.content.decode())
    assert not set(SecondFactor.objects.get(officer=duty).codes) & set(first)
    client.get("/account/factor")
    another = {"code": offered(client)} | right
    assert client.post("/account/factor", another).status_code == 422, "not by the password alone"
    assert client.post("/account/factor/remove", right).status_code == 422
    assert client.post("/account/factor/remove", right | {"present": spare[0]}).status_code == 302
    assert not SecondFactor.objects.exists()


def offered(client: Client) -> str:
    """The code of the secret that this browser was shown."""
    return codes.code_at(codes.opened(client.session["offer"][1]), now_and_then())


def test_a_secret_that_somebody_else_was_shown_in_this_browser_is_not_offered_again(duty):
    client = Client()
    client.force_login(duty)
    other = factories.officer("shift_leader")
    session = client.session
    session["offer"] = [other.pk, codes.sealed(RFC)]
    session.save()
    begin(session, now_and_then())
    session.save()
    page = client.get("/account/factor").content.decode()
    assert codes.by_hand(RFC) not in page and "<svg" in page


def test_what_was_typed_is_not_kept_with_a_failed_try(duty):
    _secret, made = have(duty)
    client, _to = by_password(duty)
    say(client, made[0][:-1] + "x")
    attempt = AccessAttempt.objects.get(username=duty.username)
    assert made[0][:9] not in attempt.post_data


def test_a_lost_one_is_taken_away_by_another_administrator_and_its_sessions_end(duty, security):
    secret, _made = have(duty)
    client, _to = by_password(duty)
    say(client, codes.code_at(secret, now_and_then()))
    page = factories.client(security)
    assert "双因素认证" in page.get(f"/officers/{duty.pk}").content.decode()
    assert page.post(f"/officers/{duty.pk}/factor").status_code == 302
    assert not is_in(client) and not SecondFactor.objects.exists()
    have(security)
    with pytest.raises(NotAllowed):
        services.take_away(actor=security, officer=security)
    assert is_in(factories.client(duty))


def test_who_stands_at_the_machine_takes_it_away_too(security, capsys):
    have(security)
    call_command("resetfactor", security.username)
    assert is_in(factories.client(security))
    row = Envelope.objects.filter(type="signin.changed").order_by("-position")[0]
    assert b'"reset"' in bytes(row.public) and row.actor.startswith("system")

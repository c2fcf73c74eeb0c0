"""Codes of the second factor: those of the standard, each good once, and how they are kept."""

from datetime import UTC, datetime, timedelta

from django.contrib.sessions.models import Session
from hypothesis import given
from hypothesis import strategies as st

from emergency import timers
from emergency.factor import codes, services
from emergency.models import SecondFactor
from emergency.session_store import SessionStore
from realtime.models import Envelope
from tests.security.test_factor import RFC, by_password, have, now_and_then, say

ORACLE = {59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"}


def test_codes_are_those_of_the_standard():
    moment = {at: datetime.fromtimestamp(at, UTC) for at in ORACLE}
    assert {at: codes.code_at(RFC, moment[at]) for at in ORACLE} == ORACLE


@given(st.integers(0, 2**33), st.integers(-90, 90), st.integers(-3, 3))
def test_a_code_is_good_one_step_early_and_late_and_never_twice(at, off, used):
    moment = datetime.fromtimestamp(at + 100, UTC)
    made_at = moment + timedelta(seconds=off)
    step, now = int(made_at.timestamp()) // 30, int(moment.timestamp()) // 30
    after = now + used
    found = codes.step_of(RFC, codes.code_at(RFC, made_at), moment, after)
    good = abs(step - now) <= 1 and step > after
    assert (
        found == step
        if good
        else found is None
        or codes.code_at(RFC, datetime.fromtimestamp(found * 30, UTC))
        == codes.code_at(RFC, made_at)
    )


def test_neither_secret_nor_codes_stand_in_database_or_log(duty):
    secret, made = have(duty)
    factor = SecondFactor.objects.get(officer=duty)
    kept = factor.secret + " ".join(factor.codes)
    told = b"".join(bytes(row.public or b"") for row in Envelope.objects.all()).decode()
    for word in (codes.by_hand(secret).replace(" ", ""), secret.hex(), *made):
        assert word not in kept and word not in told


def test_a_secret_sealed_with_an_older_one_of_the_node_still_opens(settings):
    sealed = codes.sealed(RFC)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert codes.opened(sealed) == RFC
    settings.SECRET_KEY_FALLBACKS = []
    assert codes.opened(sealed) is None


def test_a_secret_is_sealed_anew_when_it_is_used(duty, settings):
    secret, _made = have(duty)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"
    assert services.use(officer=duty, code=codes.code_at(secret, now_and_then())) == "code"
    settings.SECRET_KEY_FALLBACKS = []
    assert codes.opened(SecondFactor.objects.get(officer=duty).secret) == secret


def test_without_the_secret_of_the_node_a_recovery_code_still_lets_in(duty, settings):
    _secret, made = have(duty)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", []
    client, _to = by_password(duty)
    assert say(client, "123456").status_code == 401
    assert say(client, made[0]).status_code == 302


def test_sessions_that_ended_are_cleared_away(duty):
    have(duty)
    client, _to = by_password(duty)
    key = client.session.session_key
    job = next(job for _every, job in timers.jobs() if job == SessionStore.clear_expired)
    job()
    assert Session.objects.filter(session_key=key).exists()
    Session.objects.filter(session_key=key).update(expire_date=now_and_then(-1))
    job()
    assert not Session.objects.filter(session_key=key).exists()

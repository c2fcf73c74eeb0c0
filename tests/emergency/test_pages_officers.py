"""The security administrator's pages: find, add, change, lock out, give a new password."""

from datetime import UTC, datetime, timedelta
from html import escape

import pytest
from django.test import Client

from emergency.models import Officer
from emergency.selectors_accounts import officer_list
from emergency.services import accounts
from realtime import access, registry
from realtime.problems import NotAllowed
from tests import factories
from tests.emergency.pages import HOSTILE, everything_told, once, text, told


@pytest.fixture
def guard(node) -> Officer:
    return factories.officer("security_admin")


@pytest.fixture
def desk(guard) -> Client:
    return factories.client(guard)


def new(**fields: str) -> dict[str, str]:
    """A filled form for a new officer."""
    factories.organisation()
    return {
        "username": "zhang-wei", "name": "张伟", "role": "duty_officer", "organisation": "610100",
        "phone": "029-8678 0000", "valid_until": "",
    } | fields  # fmt: skip


def change(one: Officer, **fields: object) -> dict[str, object]:
    """The form of this officer as the page gives it, with these fields changed."""
    return {
        "name": one.name, "role": one.role, "organisation": one.organisation_id,
        "phone": one.phone, "valid_until": "", "rev": one.rev,
    } | fields  # fmt: skip


def signs_in(username: str, password: str) -> bool:
    answer = Client().post("/sign-in", {"username": username, "password": password})
    return answer.status_code == 302


def test_a_new_officer_signs_in_with_the_password_that_is_shown_once(desk, guard):
    answer = desk.post("/officers/new", new(valid_until="2199-12-31"))
    password = once(answer)
    assert signs_in("zhang-wei", password)
    made = Officer.objects.get(username="zhang-wei")
    assert made.organisation_id == "610100" and made.valid_until.astimezone(UTC).year == 2199
    assert password not in everything_told() + str(Officer.objects.values())
    assert password not in desk.get(f"/officers/{made.pk}").content.decode()
    assert told("officer.changed")[-1].actor == f"{guard.username}@xian security_admin"


def test_generated_passwords_differ_and_pass_the_rules_of_passwords(guard):
    made = {accounts.generated_password() for _number in range(200)}
    assert len(made) == 200 and all(len(one) == 24 for one in made)


@pytest.mark.parametrize(
    "fields",
    [
        {"username": "Zhang"}, {"username": "张伟"}, {"username": "a b"},
        {"username": "x" * 41}, {"username": ""}, {"username": "-a"}, {"name": ""},
        {"name": "\u200b"}, {"name": "x" * 61}, {"role": "god"}, {"role": ""},
        {"role": ["audit_admin", "security_admin"]} , {"organisation": "nowhere"},
        {"phone": "<b>"}, {"phone": "x"}, {"valid_until": "2024-02-30"}, {"valid_until": "x"},
        {"valid_until": "9999-12-31"}, {"valid_until": "0001-01-01"},
    ],
)  # fmt: skip
def test_a_form_that_is_not_right_adds_nobody_and_says_where(desk, fields):
    before = Officer.objects.count()
    answer = desk.post("/officers/new", new(**fields))
    if fields.get("role") == ["audit_admin", "security_admin"]:
        assert Officer.objects.get(username="zhang-wei").role == "security_admin"  # one role, ever
        return
    assert answer.status_code == 422 and Officer.objects.count() == before
    name = next(iter(fields))
    assert f'id="id_{name}_error"' in answer.content.decode()


def test_a_sign_in_name_is_given_out_once(desk):
    desk.post("/officers/new", new())
    answer = desk.post("/officers/new", new(name="another"))
    assert answer.status_code == 422 and Officer.objects.filter(username="zhang-wei").count() == 1


def test_a_changed_role_is_in_force_and_in_the_log_at_once(desk, duty):
    session = f"session:{factories.client(duty).session.session_key}"
    answer = desk.post(f"/officers/{duty.pk}", change(duty, role="liaison"))
    assert answer.status_code == 302
    rights = access.resolver().rights([session])[session]
    assert not rights.everywhere and not rights.personal
    row = told("officer.changed")[-1]
    assert '"role":"liaison"' in bytes(row.public).decode() and row.rev == duty.rev + 1


def test_name_and_phone_stand_in_the_personal_part_alone(desk, duty):
    desk.post(f"/officers/{duty.pk}", change(duty, name="赵秘密", phone="139 0000 1111"))
    row = told("officer.changed")[-1]
    assert "赵秘密" in bytes(row.personal).decode()
    assert "赵秘密" not in bytes(row.public).decode()
    assert "1390" not in bytes(row.public).decode().replace(" ", "")


def test_an_unchanged_form_writes_nothing(desk, duty):
    until = datetime(2030, 6, 1, 4, tzinfo=UTC)
    Officer.objects.filter(pk=duty.pk).update(valid_until=until)
    before = len(told("officer.changed"))
    desk.post(f"/officers/{duty.pk}", change(duty, valid_until="2030-06-01"))
    duty.refresh_from_db()
    assert len(told("officer.changed")) == before and duty.valid_until == until


def test_a_form_that_was_overtaken_changes_nothing(desk, duty, guard):
    form = change(duty, role="observer")
    accounts.change_officer(actor=guard, officer=duty, name="meanwhile")
    assert desk.post(f"/officers/{duty.pk}", form).status_code == 422
    duty.refresh_from_db()
    assert (duty.role, duty.name) == ("duty_officer", "meanwhile")


@pytest.mark.parametrize(
    "fields",
    [
        {"role": "audit_admin"}, {"is_active": False},
        {"valid_until": datetime(2099, 1, 1, tzinfo=UTC)}, {"role": "duty_officer", "name": "a"},
    ],
)  # fmt: skip
def test_nobody_changes_the_own_rights(guard, fields):
    with pytest.raises(NotAllowed):
        accounts.change_officer(actor=guard, officer=guard, **fields)
    fresh = Officer.objects.get(pk=guard.pk)
    assert (fresh.role, fresh.is_active, fresh.name) == ("security_admin", True, guard.name)


@pytest.mark.parametrize("step", ["activity", "password", "sessions", "tokens"])
def test_an_administrator_takes_no_step_against_the_own_account(desk, guard, step):
    assert desk.post(f"/officers/{guard.pk}/{step}").status_code == 403
    assert desk.get("/officers").status_code == 200


def test_the_own_role_cannot_be_changed_on_the_page_but_the_own_name_can(desk, guard):
    answer = desk.post(f"/officers/{guard.pk}", change(guard, role="audit_admin"))
    assert answer.status_code == 422
    assert desk.post(f"/officers/{guard.pk}", change(guard, name="新名")).status_code == 302
    guard.refresh_from_db()
    assert (guard.role, guard.name) == ("security_admin", "新名")


def test_a_deactivated_officer_is_out_until_reactivated(desk, duty):
    client = factories.client(duty)
    desk.post(f"/officers/{duty.pk}/activity", {"active": "0"})
    assert client.get("/account").status_code == 302
    assert not signs_in(duty.username, factories.PASSWORD)
    desk.post(f"/officers/{duty.pk}/activity", {"active": "1"})
    assert signs_in(duty.username, factories.PASSWORD)


def test_an_appointment_that_ended_yesterday_is_over(desk, duty):
    client = factories.client(duty)
    yesterday = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    desk.post(f"/officers/{duty.pk}", change(duty, valid_until=yesterday))
    assert client.get("/account").status_code == 302


def test_a_new_password_ends_the_old_one_with_every_session_and_token(desk, duty):
    client, token = factories.client(duty), accounts.issue_token(officer=duty, label="t")
    session = f"session:{client.session.session_key}"
    password = once(desk.post(f"/officers/{duty.pk}/password"))
    assert client.get("/account").status_code == 302
    bearer = {"Authorization": f"Bearer {token}"}
    assert Client().get("/api/me", headers=bearer).status_code == 401
    assert access.resolver().rights([session]) == {}, "open sockets ask again and end"
    assert registry.find("password.changed").rights
    assert not signs_in(duty.username, factories.PASSWORD) and signs_in(duty.username, password)
    assert password not in everything_told()


def test_sessions_and_tokens_end_separately(desk, duty):
    client, token = factories.client(duty), accounts.issue_token(officer=duty, label="t")
    bearer = {"Authorization": f"Bearer {token}"}
    desk.post(f"/officers/{duty.pk}/sessions")
    assert client.get("/account").status_code == 302
    assert Client().get("/api/me", headers=bearer).status_code == 200
    desk.post(f"/officers/{duty.pk}/tokens")
    assert Client().get("/api/me", headers=bearer).status_code == 401
    assert desk.get("/officers").status_code == 200, "nobody else is touched"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_text_wherever_it_stands(desk, duty, name):
    desk.post(f"/officers/{duty.pk}", change(duty, name=name))
    shown = {address: desk.get(address).content.decode()
             for address in ("/officers", f"/officers/{duty.pk}")}  # fmt: skip
    shown["own"] = factories.client(duty).get("/account").content.decode()
    for address, page in shown.items():
        assert escape(name) in page and name not in page, address


def test_ten_thousand_officers_are_listed_page_by_page(desk, django_assert_max_num_queries):
    factories.organisation("610122")
    Officer.objects.bulk_create(
        Officer(username=f"n{number:05}", name=f"人 {number}", role="observer",
                organisation_id="610122" if number % 4 == 0 else "610100", password="!")
        for number in range(10_000)
    )  # fmt: skip
    with django_assert_max_num_queries(9):
        first = desk.get("/officers", {"organisation": "610122"})
    assert "2500" in text(first) and "n00000" in text(first) and "n00200" not in text(first)
    last = desk.get("/officers", {"organisation": "610122", "page": "50"})
    assert "n09996" in text(last) and 'rel="next"' not in last.content.decode()
    assert "n00777" in text(desk.get("/officers", {"q": "人 777"}))


def test_the_filter_knows_who_is_in_force(node):
    now = datetime.now(UTC)
    people = {
        "on": factories.officer(), "off": factories.officer(), "over": factories.officer(),
        "until": factories.officer(),
    }  # fmt: skip
    Officer.objects.filter(pk=people["off"].pk).update(is_active=False)
    Officer.objects.filter(pk=people["over"].pk).update(valid_until=now - timedelta(hours=1))
    Officer.objects.filter(pk=people["until"].pk).update(valid_until=now + timedelta(hours=1))
    by_pk = {one.pk: name for name, one in people.items()}
    assert {by_pk[one.pk] for one in officer_list(state="active")} == {"on", "until"}
    assert {by_pk[one.pk] for one in officer_list(state="ended")} == {"off", "over"}
    assert len(officer_list()) == 4


@pytest.mark.parametrize(
    "query",
    ["page=-1", "page=0", f"page={10**30}", "page=x", "role=god", "organisation=x", "state=x",
     "q=" + "x" * 61],
)  # fmt: skip
def test_a_filter_that_cannot_be_read_is_answered_with_what_is_wrong(desk, query):
    answer = desk.get(f"/officers?{query}")
    assert answer.status_code == 422 and "<tbody>" not in answer.content.decode()


def test_no_phone_stands_on_the_list(desk, duty):
    Officer.objects.filter(pk=duty.pk).update(phone="13900001111")
    assert "13900001111" not in desk.get("/officers").content.decode()

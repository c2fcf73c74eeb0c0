"""The pages of nodes: what they show of a link, and what each form did."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from html import escape

import httpx
import orjson
import pytest
from django.db import transaction
from django.test import Client

from emergency.services import links
from realtime import keys
from realtime.link import forks
from realtime.models import (
    Envelope,
    NodeKey,
    PairingCode,
    Parked,
    Peer,
    Quarantined,
)
from tests import factories
from tests.emergency.pages import HOSTILE, everything_told, once, text, told

NODE = "xian-yanta"
PAGE = f"/nodes/at/{NODE}"


@pytest.fixture
def admin(node) -> Client:
    return factories.client(factories.officer("system_admin"))


def peer(**fields: object) -> Peer:
    """A confirmed peer with these columns."""
    made = factories.peer(NODE)
    Peer.objects.filter(pk=made.pk).update(**fields)
    return made


def quarantine(**fields: object) -> Quarantined:
    """A refused envelope."""
    header = json.dumps({"type": "incident.reported", "id": str(uuid.uuid4())})
    now = datetime.now(UTC)
    base = {"peer": NODE, "hash": uuid.uuid4().hex, "reason": "it is not for this node"}
    times = {"first_at": now, "last_at": now, "item": orjson.dumps({"header": header})}
    return Quarantined.objects.create(**base | times | fields)


def test_a_node_alone_says_how_a_pairing_is_made(admin):
    page = text(admin.get("/nodes"))
    assert "本节点目前独立运行" in page and "八位数字" in page and "签发配对码" in page


def test_who_may_not_manage_links_is_offered_no_form(node):
    factories.peer(NODE, confirmed=False)
    auditor = factories.client(factories.officer("audit_admin"))
    for address in ("/nodes", PAGE):
        page = auditor.get(address).content.decode()
        assert "雁塔区" in page and 'action="/nodes/' not in page, address


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"linked_at": "now", "heard_at": "now"}, "追赶"),
        ({"linked_at": None, "heard_at": None}, "离线，从未收到"),
        ({"linked_at": None, "heard_at": datetime(2026, 3, 4, 1, 2, tzinfo=UTC)}, "03-04 09:02"),
        ({"confirmed_at": None}, "待确认"),
        ({"revoked_at": "now"}, "已撤销"),
    ],
)
def test_the_state_of_a_link_is_a_word_and_not_only_a_lamp(admin, fields, words):
    now = datetime.now(UTC)
    peer(**{name: now if value == "now" else value for name, value in fields.items()})
    assert words in text(admin.get("/nodes")) and words in text(admin.get(PAGE))


def test_an_english_page_names_a_node_in_english(admin):
    peer()
    factories.organisation("610113", name="雁塔区", name_en="Yanta District", node=NODE)
    for page in ("/nodes", PAGE):
        assert "Yanta District" in admin.get(page, headers={"accept-language": "en"}).text
        assert "雁塔区" in admin.get(page, headers={"accept-language": "zh"}).text


def test_a_clock_that_is_wrong_and_the_last_proof_are_told(admin):
    peer(clock_ms=-2600, equal_at=datetime(2026, 3, 4, 6, 15, 7, tzinfo=UTC))
    page = admin.get(PAGE)
    assert "-2.6" in text(page) and "校时" in text(page) and "03-04 14:15:07" in text(page)
    Peer.objects.update(clock_ms=2000)
    assert "校时" not in text(admin.get(PAGE))
    Peer.objects.update(clock_ms=-20)
    assert "+0.0" in text(admin.get(PAGE))


def test_what_waits_and_what_was_refused_is_listed_without_what_it_says(admin, duty):
    peer(refused=3, refusal="it is not for this node")
    factories.incident(duty, title="秘密事件")
    row = Envelope.objects.filter(type="incident.reported").get()
    Envelope.objects.filter(pk=row.pk).update(source=NODE)
    reason = "this node does not know alarm.raised 2 yet"
    Parked.objects.create(envelope=row, reason=reason, parked_at=datetime.now(UTC))
    quarantine(count=7)
    quarantine(item=b'{"header": "cut off', reason="the public part differs from its digest")
    page = text(admin.get(PAGE))
    assert "本节点尚不认识 alarm.raised 2" in page and "事件登记" in page
    assert "本节点无权持有 7" in page and "内容被改动" in page
    assert "最近一次：本节点无权持有" in page and "秘密事件" not in page
    assert "暂存 1，本方拒收 2，对方拒收 3" in text(admin.get("/nodes"))


def test_of_many_refused_the_newest_are_listed_and_all_are_counted(admin):
    peer()
    now = datetime.now(UTC)
    for number in range(53):
        quarantine(reason=f"reason {number}.", last_at=now + timedelta(seconds=number))
    page = text(admin.get(PAGE))
    assert "隔离 53" in page and "reason 52." in page and "reason 2." not in page
    assert "只显示最近 50 条" in page


def test_a_code_is_shown_once_and_kept_nowhere(admin):
    answer = admin.post("/nodes/code", {"node": NODE})
    code = once(answer)
    assert answer.status_code == 200 and len(code) == 19
    assert code not in everything_told() and code not in admin.get("/nodes").content.decode()
    assert PairingCode.objects.get().node == NODE and NODE in text(admin.get("/nodes"))


@pytest.mark.parametrize("name", ["", "Xian", "a b", "x" * 65, "xian", "雁塔", *HOSTILE])
def test_a_name_that_is_none_gets_no_code_and_says_so_at_the_field(admin, name):
    answer = admin.post("/nodes/code", {"node": name})
    assert answer.status_code == 422 and 'id="id_node_error"' in answer.content.decode()
    assert not PairingCode.objects.exists()


def test_a_paired_node_gets_no_second_code(admin):
    peer()
    answer = admin.post("/nodes/code", {"node": NODE})
    assert answer.status_code == 422 and "该节点已经配对" in text(answer)


def upper(monkeypatch, status: int = 201, **said: object) -> list[dict]:
    """A node above that answers so; what it was asked."""
    asked: list[dict] = []
    told = {"node": "shaanxi", "name": "陕西省", "public": "ab" * 32} | said

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append({"url": str(request.url)} | json.loads(request.content))
        return httpx.Response(status, json=told)

    real = httpx.Client
    transport = httpx.MockTransport(handler)
    monkeypatch.setattr(links.httpx, "Client", lambda **given: real(transport=transport, **given))
    return asked


def test_a_code_that_is_wrong_is_told_as_such_and_not_what_is_wrong_with_it(admin):
    admin.post("/nodes/code", {"node": "xian-yanta"})
    said = {"name": "雁塔区", "public": "ab" * 32, "code": "WRONG"}
    told = [
        Client(headers={"Accept-Language": "zh-hans"}).post(
            "/api/pairing", said | {"node": node}, content_type="application/json"
        )
        for node in ("xian-yanta", "xian-other")
    ]
    assert [one.status_code for one in told] == [404, 404]
    assert {one.json()["message"] for one in told} == {"配对码无效或已失效。"}


def test_joining_shows_the_number_and_confirming_starts_the_link(admin, monkeypatch):
    asked = upper(monkeypatch)
    answer = admin.post("/nodes/join", {"url": "https://shaanxi.example/x", "code": "AB-CD"})
    assert (answer.status_code, answer["Location"]) == (302, "/nodes/at/shaanxi?done=joined")
    assert asked[0]["url"] == "https://shaanxi.example/api/pairing" and asked[0]["node"] == "xian"
    found = Peer.objects.get(node="shaanxi")
    assert found.number in text(admin.get(answer["Location"])) and found.confirmed_at is None
    answer = admin.post("/nodes/at/shaanxi/confirm", {"equal": "on"})
    assert answer["Location"] == "/nodes/at/shaanxi?done=confirmed"
    found.refresh_from_db()
    assert found.confirmed_at and found.cleared is False
    change = json.loads(bytes(told("table.changed")[-1].public))
    assert change["after"]["node"] == "shaanxi", "the first rule is recorded"


@pytest.mark.parametrize(
    ("url", "code", "field"),
    [
        ("", "A", "url"),
        ("ftp://a", "A", "url"),
        ("http://a.example", "A", "url"),
        ("https://a?b", "A", "url"),
        ("https://a.example", "", "code"),
        ("https://a.example", "x" * 41, "code"),
    ],
)
def test_an_address_or_code_that_cannot_be_is_told_at_its_field(admin, url, code, field):
    answer = admin.post("/nodes/join", {"url": url, "code": code})
    assert answer.status_code == 422 and f'id="id_{field}_error"' in answer.content.decode()
    assert not Peer.objects.exists()


def test_a_code_that_is_not_taken_is_told_at_the_field(admin, monkeypatch):
    upper(monkeypatch, status=404)
    answer = admin.post("/nodes/join", {"url": "https://a.example", "code": "WRONG"})
    assert answer.status_code == 422 and "该节点不接受此配对码" in text(answer)
    assert not Peer.objects.exists() and not NodeKey.objects.filter(node="shaanxi").exists()


def test_without_having_compared_nothing_is_confirmed(admin):
    factories.peer(NODE, confirmed=False)
    answer = admin.post(f"{PAGE}/confirm", {"cleared": "on"})
    assert answer.status_code == 422 and "请先通过电话或当面比对数字" in text(answer)
    assert Peer.objects.get().confirmed_at is None


def test_personal_parts_go_only_where_it_is_ticked_and_it_can_be_changed(admin):
    factories.peer(NODE, confirmed=False)
    admin.post(f"{PAGE}/confirm", {"equal": "on", "cleared": "on"})
    assert Peer.objects.get().cleared is True
    assert admin.post(f"{PAGE}/clearance", {})["Location"] == f"{PAGE}?done=kept"
    assert Peer.objects.get().cleared is False
    assert json.loads(bytes(told("peer.changed")[-1].public))["cleared"] is False


def test_a_pairing_that_waits_cannot_be_opened_by_its_clearance(admin):
    factories.peer(NODE, confirmed=False)
    assert admin.post(f"{PAGE}/clearance", {"cleared": "on"}).status_code == 422
    assert Peer.objects.get().confirmed_at is None


@pytest.mark.parametrize("typed", ["", "xian-yant", "XIAN-YANTA", "雁塔区"])
def test_a_link_is_not_ended_without_its_name_typed_out(admin, typed):
    peer()
    answer = admin.post(f"{PAGE}/revoke", {"typed": typed})
    assert answer.status_code == 422 and 'id="id_typed_error"' in answer.content.decode()
    assert Peer.objects.get().revoked_at is None


def test_a_link_that_is_revoked_is_over_and_stays_in_the_list(admin):
    made = peer()
    answer = admin.post(f"{PAGE}/revoke", {"typed": NODE})
    assert answer["Location"] == f"{PAGE}?done=revoked"
    assert Peer.objects.get().revoked_at and NodeKey.objects.get(pk=made.key_id).retired_at
    assert "已撤销" in text(admin.get("/nodes"))
    assert f'action="{PAGE}' not in admin.get(PAGE).content.decode(), "nothing is left to do"
    assert admin.post(f"{PAGE}/clearance", {"cleared": "on"}).status_code == 422


def test_revisions_that_came_twice_are_told_on_the_page(admin):
    assert "同一版本" not in text(admin.get("/nodes"))
    with transaction.atomic():
        forks._append([{"subject": "incident/1", "term": 1, "rev": 2}])
    assert "1 条记录的同一版本被写了两次" in text(admin.get("/nodes"))


def test_a_new_key_is_made_when_it_is_meant_and_the_audit_names_who(admin):
    old = keys.signer().id
    assert admin.post("/nodes/key", {}).status_code == 422
    assert keys.signer().id == old
    answer = admin.post("/nodes/key", {"sure": "on"})
    assert answer["Location"] == "/nodes?done=rotated"
    assert "本节点已改用新密钥" in text(admin.get("/nodes?done=rotated"))
    assert NodeKey.objects.get(pk=old).retired_at is not None
    row = Envelope.objects.get(type="key.rotated")
    assert (row.key, row.subject) == (old, f"key/{keys.signer().id}")
    assert row.actor.endswith(" system_admin")


@pytest.mark.parametrize("name", HOSTILE)
def test_the_name_that_a_node_gives_itself_is_text(admin, name):
    made = factories.peer(NODE, name=name)
    Peer.objects.filter(pk=made.pk).update(refused=1, refusal=name)
    quarantine(reason=name)
    for address in ("/nodes", PAGE, "/tables/sharing"):
        body = admin.get(address).content.decode()
        assert escape(name) in body and name not in body, address


def test_every_form_needs_the_token_of_the_page(node):
    factories.peer(NODE)
    client = factories.client(factories.officer("system_admin"))
    client.handler.enforce_csrf_checks = True
    for address in ("/nodes/code", "/nodes/join", f"{PAGE}/revoke", "/tables/sharing"):
        assert client.post(address, {"typed": NODE, "node": NODE}).status_code == 403, address
    assert Peer.objects.get().revoked_at is None

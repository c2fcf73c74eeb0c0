"""Bad input at the API: a 4xx in the caller's language, `{code, message, fields}`, nothing kept."""

import json
import uuid
from typing import Any

import pytest

from emergency.models import Attachment, Entry, Incident, Tie
from realtime.models import Envelope
from tests import factories
from tests.emergency.desk import Api

GOOD: dict[str, Any] = {"title": "甲醇罐车泄漏", "type_code": "12D02"}
PLACE = {"lon": 108.9, "lat": 34.2}
RING = [[108.9, 34.2], [109.0, 34.2], [109.0, 34.3], [108.9, 34.2]]


def area(coordinates: Any, kind: str = "Polygon", **more: Any) -> dict[str, Any]:
    return {"affected_area": {"type": kind, "coordinates": coordinates} | more}


FIELDS: list[tuple[str, dict[str, Any]]] = [
    # text
    ("title", {"title": ""}), ("title", {"title": "   "}), ("title", {"title": "\u200b\u202e"}),
    ("title", {"title": "\u0301\u0301"}), ("title", {"title": "长" * 201}), ("title", {"title": 5}),
    ("title", {"title": None}), ("title", {"title": ["a"]}), ("title", {"title": "\x00\x07"}),
    ("summary", {"summary": "a" * 900_000}), ("source", {"source": {"a": 1}}),
    ("reporter.phone", {"reporter": {"phone": "1" * 41}}),
    ("reporter.email", {"reporter": {"email": "a@b"}}), ("reporter", {"reporter": []}),
    ("type_code", {"type_code": "99999"}), ("type_code", {"type_code": "１２D02"}),
    ("type_code", {"type_code": "12D02 "  * 2}), ("response_level", {"response_level": 4}),
    # numbers
    ("grade", {"grade": 0}), ("grade", {"grade": 5}), ("grade", {"grade": "2"}),
    ("grade", {"grade": True}), ("grade", {"grade": 2.5}), ("grade", {"grade": 2**53 + 1}),
    ("casualties.dead", {"casualties": {"dead": -1}}),
    ("casualties.dead", {"casualties": {"dead": "１２"}}),
    ("casualties.dead", {"casualties": {"dead": 1.5}}),
    ("casualties.dead", {"casualties": {"dead": 2**63}}),
    ("casualties.dead", {"casualties": {"dead": 10**30}}),
    ("casualties.dead", {"casualties": {"dead": True}}),
    ("casualties.死亡", {"casualties": {"死亡": 1}}), ("casualties", {"casualties": 3}),
    ("loss_cny", {"loss_cny": -0.0}), ("loss_cny", {"loss_cny": 1e308}),
    ("loss_cny", {"loss_cny": "12,5"}), ("loss_cny", {"loss_cny": "１２"}),
    ("loss_cny", {"loss_cny": 1.005}), ("loss_cny", {"loss_cny": True}),
    ("foreigners", {"foreigners": 1}), ("foreigners", {"foreigners": "true"}),
    # times
    ("occurred_at", {"occurred_at": "2026-01-01T08:00:00"}), ("occurred_at", {"occurred_at": 1}),
    ("occurred_at", {"occurred_at": "1700000000"}), ("occurred_at", {"occurred_at": "2026-01-01"}),
    ("occurred_at", {"occurred_at": "2026-01-01T24:00:00Z"}),
    ("occurred_at", {"occurred_at": "2025-02-29T00:00:00Z"}),
    ("occurred_at", {"occurred_at": "1970-01-01T00:00:00Z"}),
    ("occurred_at", {"occurred_at": "2099-01-01T00:00:00Z"}),
    ("occurred_at", {"occurred_at": "9999-12-31T23:59:59-23:59"}),
    ("occurred_at", {"occurred_at": "0001-01-01T00:00:00+23:59"}),
    ("received_at", {"received_at": "2099-01-01T00:00:00Z"}),
    # places
    ("location.lon", {"location": {"lon": "108.9", "lat": 34.2}}),
    ("location.lon", {"location": {"lon": True, "lat": 34.2}}),
    ("location.lat", {"location": {"lon": 108.9}}), ("location", {"location": "108.9,34.2"}),
    ("lon", {"location": {"lon": 181, "lat": 91}}), ("lat", {"location": {"lon": 1e9, "lat": 91}}),
    ("location.crs", {"location": PLACE | {"crs": "epsg:3857"}}),
    ("location.confirmed", {"location": PLACE | {"confirmed": "yes"}}),
    ("location.accuracy_m", {"location": PLACE | {"accuracy_m": -1}}),
    ("location", {"location": {"lon": 0, "lat": 0}}),
    ("geometry", area([])), ("geometry", area([RING[:3]])), ("geometry", area([[]])),
    ("geometry", area([[[8.9, 4.2], [9.0, 4.3], [9.0, 4.2], [8.9, 4.3], [8.9, 4.2]]])),
    ("geometry", area([[[179, 1], [-179, 1], [-179, 2], [179, 1]]])),
    ("geometry", area([[["108.9", 34.2]] * 4])), ("geometry", area([[[1e308, 0]] * 4])),
    ("geometry", area(RING, "LineString")), ("geometry", area([RING], "Polygon\x00")),
    ("geometry", {"affected_area": {}}), ("affected_area", {"affected_area": "POLYGON"}),
    # what does not exist, or is not the caller's to say
    *[(name, {name: "x"}) for name in (
        "is_staff", "node", "origin", "home", "rev", "number", "state", "audience", "district",
        "actor", "received_by", "fingerprint", "__class__", "$where",
    )],
    ("realm", {"realm": "ex:0"}), ("realm", {"realm": ""}),
    ("id", {"id": "1"}), ("id", {"id": 7}), ("id", {"id": "../../etc/passwd"}),
]  # fmt: skip

BODIES: list[tuple[int, str | bytes]] = [
    (422, ""), (400, "{"), (400, "null x"), (422, "null"), (422, "[]"), (422, "5"), (422, '"a"'),
    (400, '{"title": NaN, "type_code": "12D02"}'),
    (400, '{"title": "a", "type_code": "12D02", "loss_cny": Infinity}'),
    (400, '{"title": "a", "type_code": "12D02", "loss_cny": 1e999}'),
    (400, '{"title": "a", "title": "b", "type_code": "12D02"}'),
    (400, '{"title": "a", "type_code": "12D02", "casualties": {"dead": 1, "dead": 2}}'),
    (400, '{"title": "a", "t\\u0069tle": "b", "type_code": "12D02"}'),
    (400, '{"title": "\\ud800", "type_code": "12D02"}'),
    (400, '{"\\udfff": 1}'), (400, b'{"title": "\xff"}'), (400, '{"title": "a",}'),
    (400, "[" * 10_000 + "]" * 10_000), (400, '{"a":' * 10_000 + "1" + "}" * 10_000),
    (400, '{"a":' * 41 + "1" + "}" * 41),
    (400, "﻿{}"), (400, json.dumps(GOOD).encode("utf-16")), (400, json.dumps(GOOD).encode("utf-7")
        .replace(b"{", b"+AHs-")),
    (400, '{"title": "a", "type_code": "12D02", "grade": ' + "9" * 5000 + "}"),
    (422, "{" + ",".join(f'"k{number}": 1' for number in range(20_000)) + "}"),
    (413, json.dumps(GOOD | {"summary": "a" * 1_100_000})),
]  # fmt: skip


@pytest.fixture
def api(duty) -> Api:
    """The duty officer's program, in English."""
    return Api(duty)


def kept() -> list[int]:
    """How many rows there are of everything that a request could write."""
    return [table.objects.count() for table in (Incident, Entry, Attachment, Tie, Envelope)]


def refused(answer: Any, status: int) -> dict[str, Any]:
    """The body of a refusal, in its one shape."""
    assert answer.status_code == status, answer.content[:300]
    assert answer["Content-Type"] == "application/json"
    body = answer.json()
    assert body.keys() - {"hints"} == {"code", "message", "fields"}
    assert body["code"] and body["message"] and isinstance(body["fields"], dict)
    return body


@pytest.mark.parametrize(("name", "fields"), FIELDS, ids=range(len(FIELDS)))
def test_a_bad_value_is_refused_by_its_name_and_nothing_is_written(api, name, fields):
    before = kept()
    body = refused(api.send("POST", "/incidents", GOOD | fields), 422)
    assert name in body["fields"], body
    assert all(body["fields"].values())
    assert kept() == before


@pytest.mark.parametrize(("status", "text"), BODIES, ids=range(len(BODIES)))
def test_a_bad_body_is_refused_and_nothing_is_written(api, status, text):
    before = kept()
    refused(api.send("POST", "/incidents", text), status)
    assert kept() == before


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-7",
     "application/json; charset=utf-16", "application/jsonx", "multipart/form-data; boundary=x"],
)  # fmt: skip
def test_a_body_of_another_type_or_charset_is_refused(api, content_type):
    before = kept()
    answer = api.client.generic(
        "POST", "/api/incidents", json.dumps(GOOD), content_type=content_type
    )
    refused(answer, 415)
    assert kept() == before


def test_the_same_refusal_is_told_in_chinese_and_in_english(duty):
    said = [
        refused(Api(duty, language).send("POST", "/incidents", GOOD | {"grade": 9}), 422)
        for language in ("zh-hans", "en", "zh-CN", "fr")
    ]
    assert said[1]["message"] == "Some values are not right."
    assert [one["code"] for one in said] == ["invalid"] * 4
    assert said[0] == said[2] == said[3], "Chinese is what everybody else gets"


@pytest.mark.parametrize(
    "query",
    [{"page": -1}, {"limit": 10**9}, {"ordering": "password"}, {"state": "nonsense"},
     {"owner__password__startswith": "a"}, {"realm": "prod"}, {"q": "x" * 101}, {"state": ""},
     {"q": ["a", "b"]}, {"realm": "real\x00"}, {"offset": "１"}],
)  # fmt: skip
def test_a_query_that_does_not_exist_or_makes_no_sense_is_refused(api, query):
    refused(api.get("/incidents", **query), 422)


@pytest.mark.parametrize(
    "path", ["/me", "/types", "/organisations", "/layers", f"/incidents/{uuid.UUID(int=1)}"]
)
def test_every_address_refuses_parameters_that_it_does_not_have(api, path):
    refused(api.get(path, owner="me"), 422)


@pytest.mark.parametrize("text", ["a\x00b", "%", "_", "' or 1=1--", "{{7*7}}", "\\"])
def test_a_search_takes_any_text_as_text(api, duty, text):
    factories.incident(duty)
    answer = api.get("/incidents", q=text)
    assert (answer.status_code, answer.json()["items"]) == (200, [])


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/incidents"), ("DELETE", "/incidents"), ("PATCH", "/me"), ("POST", "/me"),
     ("TRACE", "/incidents"), ("GET", "/nothing"), ("POST", "/incidents/"), ("GET", "/incidents/1"),
     ("GET", f"/incidents/{uuid.UUID(int=1)}"), ("GET", "/../admin"), ("GET", "/%00"),
     ("DELETE", f"/incidents/{uuid.UUID(int=1)}/organisations/%00"),
     ("POST", f"/entries/{uuid.UUID(int=1)}/strike"), ("GET", f"/attachments/{uuid.UUID(int=1)}")],
)  # fmt: skip
def test_a_method_or_address_that_does_not_exist_is_told_in_the_one_shape(api, method, path):
    answer = api.send(method, path, {"reason": "x"})
    refused(answer, answer.status_code)
    assert answer.status_code in (404, 405)


def test_a_method_cannot_be_overridden(api, duty):
    incident = factories.incident(duty)
    answer = api.client.post(
        f"/api/incidents/{incident.pk}?_method=PATCH",
        json.dumps({"rev": 1, "title": "new"}),
        content_type="application/json",
        headers={"X-HTTP-Method-Override": "PATCH", "X-Method-Override": "PATCH"},
    )
    refused(answer, 405)
    incident.refresh_from_db()
    assert incident.title != "new"


@pytest.mark.parametrize(
    "text",
    ["<svg onload=alert(1)>", "{{7*7}}", "${jndi:ldap://x}", "' or 1=1--", "=cmd|' /C calc'!A0",
     "𠮷野家", "👩‍🚒", "&amp;lt;b&amp;gt;", "a\u0301" * 50, "İıſK", "٣٤"],
)  # fmt: skip
def test_odd_text_is_kept_as_text(api, text):
    told = api.report(title=text, summary=text).json()
    listed = api.get("/incidents").json()["items"][0]
    assert told["summary"] == listed["summary"] == listed["title"]
    assert api.get("/incidents", q=listed["title"][:100]).json()["items"]


def test_twins_in_composed_and_decomposed_form_are_one_text(api):
    assert api.report(title="Cafe\u0301").json()["title"] == "Caf\u00e9"


@pytest.mark.parametrize(
    ("path", "body"),
    [("/incidents/{}/entries", {"text": ""}), ("/incidents/{}/entries", {"text": "a", "by": "b"}),
     ("/incidents/{}/entries", {"text": "a", "occurred_at": "2099-01-01T00:00:00Z"}),
     ("/incidents/{}/entries", {"text": "a" * 10_001}), ("/incidents/{}/entries", {}),
     ("/incidents/{}/steps", {"rev": 1, "step": "fly"}), ("/incidents/{}/steps", {"step": "x"}),
     ("/incidents/{}/steps", {"rev": "1", "step": "verify"}),
     ("/incidents/{}/steps", {"rev": 2**63, "step": "verify"}),
     ("/incidents/{}/steps", {"rev": 1, "step": "merge", "reason": "x"}),
     ("/incidents/{}/steps", {"rev": 1, "step": "verify", "into": "{}"}),
     ("/incidents/{}/organisations", {"code": "nowhere"}),
     ("/incidents/{}/organisations", {"code": "a\x00"}),
     ("/incidents/{}/organisations", {"code": ["610100"]})],
)  # fmt: skip
def test_the_other_doors_refuse_what_they_do_not_know(api, duty, path, body):
    incident = factories.incident(duty)
    before = kept()
    body = {name: value if value != "{}" else str(incident.pk) for name, value in body.items()}
    refused(api.send("POST", path.format(incident.pk), body), 422)
    assert kept() == before

"""What an office may change: classes, rings, extents; old records keep what was true then."""

import json
from html import escape

import pytest
from django.db import transaction
from django.test import Client

from emergency.models import Incident, IncidentType
from emergency.reporting import selectors
from emergency.services import tables
from gis import selectors as gis
from gis import services
from gis.models import Extent, SurveyRing
from realtime import log
from realtime.models import Envelope
from realtime.problems import Invalid, NotAllowed
from tests import factories
from tests.emergency.desk import HERE, Api
from tests.emergency.pages import HOSTILE, text, told

CODE = "12D02"


@pytest.fixture(params=["emergency_office", "system_admin"])
def office(node, request) -> Client:
    return factories.client(factories.officer(request.param))


def class_form(**fields: str) -> dict[str, str]:
    return {
        "name": "危化品泄漏", "name_en": "Leak", "words": "泄漏 甲醇，液氨",
        "source": "局令 3 号", "verified": "on",
    } | fields  # fmt: skip


def extent_form(**fields: str) -> dict[str, str]:
    return {"west": "105", "south": "31", "east": "111", "north": "39", "source": "图"} | fields


def last_change() -> dict:
    return json.loads(bytes(told("table.changed")[-1].public))


def test_a_new_class_name_is_for_new_incidents_and_old_ones_keep_theirs(office):
    desk = factories.officer()
    old = factories.incident(desk)
    name = IncidentType.objects.get(pk=CODE).name
    assert office.post(f"/tables/classes/{CODE}", class_form()).status_code == 302
    api = Api(desk)
    changed = api.send("PATCH", f"/incidents/{old.pk}", {"rev": 1, "title": "新标题"})
    assert changed.json()["type_name"] == name != "危化品泄漏"
    assert Incident.objects.get(pk=old.pk).type_name == name
    assert api.report().json()["type_name"] == "危化品泄漏"


def element_form(**fields: str) -> dict[str, str]:
    return {"needed": "final", "weight": "5", "source": "市府办〔2026〕1号"} | fields


def test_what_a_report_has_to_say_is_the_office_s_to_change_and_the_log_says_what_was(office):
    assert "起因和性质" in text(office.get("/tables"))
    assert office.post("/tables/elements/cause", element_form()).status_code == 302
    changed = last_change()
    assert (changed["table"], changed["key"]) == ("report_elements", "cause")
    assert (changed["before"]["needed"], changed["after"]["needed"]) == ("first", "final")
    assert selectors.needed("final", ())["cause"] == 5
    assert "cause" not in selectors.needed("written", ())
    position = log.head().position
    office.post("/tables/elements/cause", element_form())
    assert log.head().position == position, "without a change nothing is written"
    for bad in ({"needed": "sometimes"}, {"weight": "0"}, {"weight": "x"}):
        assert office.post("/tables/elements/cause", element_form(**bad)).status_code == 422
    assert office.post("/tables/elements/nonsense", element_form()).status_code == 404


def test_a_changed_class_is_what_the_desk_reads_and_the_log_says_what_was(office):
    before = IncidentType.objects.get(pk=CODE)
    office.post(f"/tables/classes/{CODE}", class_form())
    tree = {one["code"]: one for one in Api(factories.officer()).get("/types").json()}
    assert tree[CODE]["words"] == ["泄漏", "甲醇", "液氨"] and tree[CODE]["verified"] is True
    told_of = last_change()
    assert told_of["before"]["name"] == before.name and told_of["after"]["name"] == "危化品泄漏"
    assert (told_of["table"], told_of["key"]) == ("incident_types", CODE)
    fresh = IncidentType.objects.get(pk=CODE)
    assert (fresh.parent_id, fresh.symbol) == (before.parent_id, before.symbol)


def test_what_is_sent_unchanged_is_not_recorded(office):
    office.post(f"/tables/classes/{CODE}", class_form())
    length = Envelope.objects.count()
    office.post(f"/tables/classes/{CODE}", class_form())
    ring = SurveyRing.objects.first()
    office.post("/tables/rings", {"radius_m": ring.radius_m, "source": ring.source})
    assert Envelope.objects.count() == length


@pytest.mark.parametrize(
    "fields",
    [{"name": ""}, {"name": "x" * 61}, {"name": "\u200b"}, {"source": ""}, {"source": "x" * 121},
     {"name_en": "x" * 81}, {"words": "x" * 21}, {"words": " ".join(map(str, range(41)))}],
)  # fmt: skip
def test_a_class_form_that_is_not_right_changes_nothing(node, fields):
    client = factories.client(factories.officer("system_admin"))
    before = IncidentType.objects.filter(pk=CODE).values().get()
    answer = client.post(f"/tables/classes/{CODE}", class_form(**fields))
    assert answer.status_code == 422 and told("table.changed") == []
    assert IncidentType.objects.filter(pk=CODE).values().get() == before


@pytest.mark.parametrize("name", HOSTILE)
def test_a_class_name_is_text(node, name):
    client = factories.client(factories.officer("system_admin"))
    client.post(f"/tables/classes/{CODE}", class_form(name=name))
    for address in ("/tables", f"/tables/classes/{CODE}"):
        body = client.get(address).content.decode()
        assert escape(name) in body and name not in body


def test_rings_of_the_next_survey_are_those_of_the_table(office):
    office.post("/tables/rings", {"radius_m": "2000", "source": "预案 3.2", "verified": "on"})
    office.post("/tables/rings/500/remove")
    radii = [ring["radius_m"] for ring in gis.survey(*HERE)["rings"]]
    assert radii == [1000, 2000, 3000]
    assert last_change() == {
        "table": "survey_rings",
        "key": "500",
        "before": {"radius_m": 500, "source": last_change()["before"]["source"],
                   "verified": False},
        "after": None,
    }  # fmt: skip
    assert office.post("/tables/rings/500/remove").status_code == 404, "once"


@pytest.mark.parametrize(
    "fields",
    [{"radius_m": "0"}, {"radius_m": "-5"}, {"radius_m": "50001"}, {"radius_m": "1e3"},
     {"radius_m": "9" * 30}, {"radius_m": ""}, {"radius_m": "NaN"}, {"source": ""}],
)  # fmt: skip
def test_a_ring_that_cannot_be_is_refused(node, fields):
    client = factories.client(factories.officer("system_admin"))
    answer = client.post("/tables/rings", {"radius_m": "700", "source": "a"} | fields)
    assert answer.status_code == 422 and SurveyRing.objects.count() == 3


def test_rings_are_bounded(node):
    client = factories.client(factories.officer("system_admin"))
    for radius in range(10, 15):
        assert client.post("/tables/rings", {"radius_m": radius, "source": "a"}).status_code == 302
    answer = client.post("/tables/rings", {"radius_m": 99, "source": "a"})
    assert answer.status_code == 422 and SurveyRing.objects.count() == 8


def test_the_edges_of_an_extent_are_moved_and_recorded(office):
    extent = Extent.objects.get()
    assert office.post(f"/tables/extents/{extent.pk}", extent_form()).status_code == 302
    extent.refresh_from_db()
    assert (extent.west, extent.south, extent.east, extent.north) == (105, 31, 111, 39)
    assert last_change()["after"]["west"] == 105 != last_change()["before"]["west"]


@pytest.mark.parametrize(
    "fields",
    [{"west": "112"}, {"south": "40"}, {"west": "111"}, {"east": "181"}, {"north": "91"},
     {"west": "NaN"}, {"west": "inf"}, {"west": "1e400"}, {"west": ""}, {"source": ""},
     {"west": "-181"}],
)  # fmt: skip
def test_a_box_that_is_none_is_refused(node, fields):
    client = factories.client(factories.officer("system_admin"))
    before = list(Extent.objects.values())
    answer = client.post(f"/tables/extents/{before[0]['id']}", extent_form(**fields))
    assert answer.status_code == 422 and list(Extent.objects.values()) == before


def test_the_service_of_a_class_asks_for_the_right_itself(duty):
    with pytest.raises(NotAllowed):
        tables.change_class(
            actor=duty, code=CODE, name="x", name_en="", words=[], source="x", verified=True
        )
    assert IncidentType.objects.get(pk=CODE).name != "x"


@pytest.mark.parametrize(("west", "east", "north"), [(2.0, 1.0, 2.0), (1, 181, 2), (1, 2, 91)])
def test_the_service_of_an_extent_refuses_what_is_no_box_on_earth(node, west, east, north):
    with pytest.raises(Invalid):
        services.change_extent(
            extent=Extent.objects.get(), west=west, south=1, east=east, north=north, source="x",
            verified=False, actor="x",
        )  # fmt: skip


class DiskFull(Exception):
    """Stands for whatever keeps an envelope from being written."""


@pytest.mark.parametrize(
    ("address", "form"),
    [
        (f"/tables/classes/{CODE}", class_form()),
        ("/tables/rings", {"radius_m": "2000", "source": "a"}),
        ("/tables/rings/500/remove", {}),
        ("/tables/extents/{pk}", extent_form()),
    ],
)
def test_what_the_log_does_not_take_has_not_happened(node, monkeypatch, address, form):
    client = factories.client(factories.officer("system_admin"))

    def rows() -> list:
        tables = (IncidentType, SurveyRing, Extent, Envelope)
        return [list(table.objects.order_by("pk").values()) for table in tables]

    def full(*_args, **_fields):
        raise DiskFull

    before, written = rows(), log.append
    monkeypatch.setattr(log, "append", full)
    address = address.format(pk=Extent.objects.get().pk)
    with pytest.raises(DiskFull), transaction.atomic():
        client.post(address, form)
    assert rows() == before
    monkeypatch.setattr(log, "append", written)
    assert client.post(address, form).status_code == 302 and rows() != before


def test_the_audit_reads_what_changed_and_nothing_else(office):
    office.post(f"/tables/classes/{CODE}", class_form())
    auditor = factories.client(factories.officer("audit_admin"))
    shown = text(auditor.get("/audit", {"type": "table.changed"}))
    assert "→ 危化品泄漏" in shown and "→ 局令 3 号" in shown

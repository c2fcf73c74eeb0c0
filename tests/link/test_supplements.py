"""Casualties that are to be reported, over links: said by the home alone, whoever else says it."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from emergency import selectors as desk
from emergency.models import Incident, Report, SupplementReminder
from emergency.reporting import events as report_events
from emergency.reporting import services as reports
from emergency.reporting.selectors import last_issued, proposal
from emergency.services import homes, incidents
from emergency.services.written import keep
from emergency.supplements import events, services
from realtime import log
from realtime.models import Parked, Peer, Quarantined
from tests import factories
from tests.link.world import YANTA, Wire

DAY = timedelta(days=1)


@pytest.fixture
def yanta(paired):
    return paired(YANTA)


def issue(node, made, kind: str = "written") -> None:
    with node.here():
        one = Incident.objects.get(pk=made.pk)
        said = factories.report_said(one) | {"kind": kind}
        draft = reports.submit_draft(actor=node.officer, incident=one, **said)
        now = datetime.now(UTC)
        reports.sign_draft(actor=node.officer, draft=draft, oral_name="李局", oral_at=now)


def die(node, made, dead: int = 1) -> None:
    with node.here():
        one = Incident.objects.get(pk=made.pk)
        incidents.change_incident(actor=node.officer, incident=one, rev=one.rev, dead=dead)


def says(node, after: timedelta = timedelta()) -> int:
    with node.here():
        return services.remind(now=datetime.now(UTC) + after)


def told(node, made) -> dict:
    with node.here():
        whole = desk.detail(node.officer, Incident.objects.get(pk=made.pk))
        return {name: whole[name] for name in ("supplements", "reports")}


def test_what_a_district_has_to_report_and_its_supplement_stand_at_the_city(city, yanta):
    made = yanta.report("罐车泄漏", type_code="12D02", dead=0)
    wire = Wire(yanta, city).settle()
    issue(yanta, made)
    issue(yanta, made, "final")
    die(yanta, made)
    assert (says(yanta), says(city)) == (1, 0)
    issue(yanta, made, "supplement")
    wire.settle()
    assert told(city, made) == told(yanta, made)
    assert told(city, made)["supplements"][0]["moved"] == {"dead": [0, 1]}
    assert told(city, made)["reports"][-1]["kind"] == "supplement"
    for node in (city, yanta):
        with node.here():
            assert not Quarantined.objects.exists() and not Parked.objects.exists()


def said_by_the_city(made) -> dict:
    said = {"incident_id": made.pk, "home": "xian", "realm": "real", "author": "x@xian d"}
    return said | {"author_name": "", "recorded_at": datetime.now(UTC)}


def make_up_a_report(said: dict) -> None:
    """One dead, in a report of a node that is not the incident's home."""
    report = Report(
        kind="followup", number=9, recipient="", reported_at=datetime.now(UTC),
        elements={"casualties": {"dead": 1}}, signed_by="x@xian d", **said,
    )  # fmt: skip
    keep(report_events.REPORT_ISSUED, report, report_events.SHAPES)


def test_a_report_that_a_peer_makes_up_is_not_the_first_of_the_home(city, yanta):
    made = yanta.report("罐车泄漏", type_code="12D02", dead=0)
    wire = Wire(yanta, city).settle()
    with city.here(), transaction.atomic():
        make_up_a_report(said_by_the_city(made))
    wire.settle()
    with yanta.here():
        assert Report.objects.count() == 1
        assert last_issued(Incident.objects.get(pk=made.pk)) is None
    assert says(yanta) == 0


def test_what_a_peer_makes_up_silences_nothing(city, yanta):
    made = yanta.report("罐车泄漏", type_code="12D02", dead=0)
    wire = Wire(yanta, city).settle()
    issue(yanta, made)
    die(yanta, made)
    wire.settle()
    with city.here(), transaction.atomic():
        said = said_by_the_city(made)
        rule = {"days": 30, "until": datetime.now(UTC) + DAY, "report": Report.objects.get().pk}
        silence = SupplementReminder(moved={"dead": [0, 1]}, **rule, **said)
        keep(events.REMINDED, silence, events.SHAPES)
        make_up_a_report(said)
    wire.settle()
    with yanta.here():
        assert SupplementReminder.objects.count() == Report.objects.count() - 1 == 1
        told = proposal(Incident.objects.get(pk=made.pk), "followup")
        assert (told["number"], told["before"]["casualties"]["dead"]) == (1, 0)
    assert says(yanta) == 1


def test_who_takes_the_incident_over_says_it_from_the_next_day_on(city, yanta):
    made = yanta.report("罐车泄漏", type_code="12D02", dead=0)
    wire = Wire(yanta, city).settle()
    issue(yanta, made)
    die(yanta, made)
    assert says(yanta) == 1
    wire.settle()
    wire.cut()
    with city.here():
        Peer.objects.filter(node=YANTA).update(linked_at=None)
        homes.take_over(actor=city.officer, incident=Incident.objects.get(pk=made.pk))
    assert (says(city), says(city, DAY)) == (0, 1)


@pytest.mark.parametrize(
    "wrong",
    [{"moved": {}}, {"moved": {"dead": [1]}}, {"moved": {"dead": ["1", 2]}},
     {"moved": {"x": [1, 2]}}, {"moved": []}, {"moved": {"dead": [True, 2]}},
     {"moved": {"dead": [-1, 2]}}, {"days": 0}, {"days": 10**9}, {"days": "7"}, {"roles": "all"},
     {"roles": [1]}, {"source": "x" * 301}, {"until": "soon"}, {"verified": 1}, {"report": "x"}],
    ids=range(16),
)  # fmt: skip
def test_what_cannot_be_reckoned_with_is_kept_aside_and_shown_nowhere(city, yanta, wrong):
    made = yanta.report("罐车泄漏", type_code="12D02", dead=0)
    wire = Wire(yanta, city).settle()
    with yanta.here(), transaction.atomic():
        said = {"incident_id": made.pk, "home": YANTA, "realm": "real", "author": "x@xian-yanta d"}
        said |= {"author_name": "", "recorded_at": datetime.now(UTC)}
        row = {"moved": {"dead": [0, 1]}, "days": 30, "until": datetime.now(UTC) + DAY}
        row |= {"report": uuid.uuid4()}
        shaped = events.SHAPE.data(SupplementReminder(**row, **said)) | wrong
        log.append(
            events.REMINDED,
            subject=f"supplement/{shaped['id']}",
            about=f"incident/{made.pk}",
            actor="x@xian-yanta d",
            realm="real",
            rev=1,
            public={name: shaped[name] for name in events.REMINDED.public},
            relay="about",
        )
    wire.settle()
    with city.here():
        assert not SupplementReminder.objects.exists()
        assert Parked.objects.count() + Quarantined.objects.count() == 1
    assert told(city, made)["supplements"] == []

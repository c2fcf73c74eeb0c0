"""Rounds of reports across a line that was cut: ordered at the city, reported at the district."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from emergency import selectors as desk
from emergency.models import (
    Incident,
    Organisation,
    ResponseEnd,
    RoundOrder,
    RoundReminder,
    RoundReport,
)
from emergency.plans import events as plan_events
from emergency.plans.services import responses
from emergency.rounds import events, selectors, services
from emergency.services import homes
from emergency.services.written import keep
from realtime import log
from realtime.models import Parked, Peer, Quarantined
from realtime.problems import NotAllowed
from tests import factories
from tests.link.world import CHANGAN, YANTA, Wire

KINDS = {
    RoundOrder: events.ROUNDS_ORDERED,
    RoundReport: events.ROUND_REPORTED,
    RoundReminder: events.ROUND_REMINDED,
}
CODES = {YANTA: "610113", CHANGAN: "610116"}


@pytest.fixture
def yanta(paired):
    return paired(YANTA)


def order(city, made, *nodes: str) -> None:
    """A plan that has these districts report every hour."""
    with city.here():
        for node in nodes:
            if not Organisation.objects.filter(pk=CODES[node]).exists():
                factories.organisation(CODES[node], node=node)
        factories.plan(tasks=[], every=60, reporters=[CODES[node] for node in nodes])
        responses.activate_plan(
            actor=city.officer,
            incident=Incident.objects.get(pk=made.pk),
            **factories.activation(),
        )


def report(node, made, who: str, **said) -> RoundReport:
    with node.here():
        given = {"nothing_new": True, "no": 1, "organisation": CODES[who]} | said
        return services.report_round(
            actor=node.officer,
            incident=Incident.objects.get(pk=made.pk),
            order=RoundOrder.objects.get().pk,
            **given,
        )


def look(node, minutes: float) -> None:
    with node.here():
        services.remind(now=RoundOrder.objects.get().recorded_at + timedelta(minutes=minutes))


def told(node, made) -> dict:
    with node.here():
        whole = desk.detail(node.officer, Incident.objects.get(pk=made.pk))
        return {name: whole[name] for name in whole if name.startswith("round_")}


def missing(node) -> list[list[str]]:
    with node.here():
        ends = RoundReminder.objects.filter(percent=100).order_by("no")
        return [one.missing for one in ends]


def test_a_district_is_asked_and_its_report_stands_at_the_city(city, yanta):
    made = city.report("暴雨")
    order(city, made, YANTA)
    wire = Wire(yanta, city).settle()
    report(yanta, made, YANTA, nothing_new=False, text="积水点三处")
    wire.settle()
    look(city, 61)
    wire.settle()

    assert told(city, made) == told(yanta, made)
    assert told(city, made)["round_reports"][0]["text"] == "积水点三处"
    assert missing(city) == [[]]
    for node in (city, yanta):
        with node.here():
            assert not Quarantined.objects.exists() and not Parked.objects.exists()


def test_what_a_district_reported_in_time_while_the_line_was_cut_is_not_late(city, yanta):
    made = city.report("暴雨")
    order(city, made, YANTA)
    wire = Wire(yanta, city).settle()
    wire.cut()
    report(yanta, made, YANTA)
    look(city, 61)
    assert missing(city) == [[CODES[YANTA]]]  # as it was known then
    Wire(yanta, city).settle()

    assert told(city, made) == told(yanta, made)
    assert [one["late"] for one in told(city, made)["round_reports"]] == [0]
    with city.here():
        (running,) = selectors.running([Incident.objects.get(pk=made.pk)], datetime.now(UTC))
        assert running.missing(1) == []


def test_no_district_reports_for_another(city, yanta, paired):
    changan = paired(CHANGAN)
    made = city.report("暴雨")
    order(city, made, YANTA, CHANGAN)
    for node in (yanta, changan):
        Wire(node, city).settle()
    with pytest.raises(NotAllowed):
        report(yanta, made, CHANGAN)


def test_a_report_that_another_node_made_up_counts_for_nobody(city, yanta, paired):
    paired(CHANGAN)
    made = city.report("暴雨")
    order(city, made, YANTA, CHANGAN)
    wire = Wire(yanta, city).settle()
    with yanta.here(), transaction.atomic():
        incident = Incident.objects.get(pk=made.pk)
        said = {"order": RoundOrder.objects.get().pk, "no": 1, "organisation": CODES[CHANGAN]}
        now = {"recorded_at": datetime.now(UTC), "author": "x@xian-yanta duty_officer"}
        row = RoundReport(
            incident=incident, home=YANTA, realm="real", nothing_new=True, **said, **now
        )
        keep(events.ROUND_REPORTED, row, events.SHAPES)
    wire.settle()
    look(city, 61)
    assert missing(city) == [[CODES[YANTA], CODES[CHANGAN]]]


def test_what_a_peer_makes_up_neither_silences_nor_ends_nor_stops_rounds(city, yanta, paired):
    changan = paired(CHANGAN)
    made = city.report("暴雨")
    order(city, made, YANTA, CHANGAN)
    wires = [Wire(node, city).settle() for node in (yanta, changan)]
    with yanta.here(), transaction.atomic():
        known = RoundOrder.objects.get()
        said = {"incident_id": made.pk, "home": YANTA, "realm": "real", "author": "x@xian-yanta d"}
        said |= {"author_name": "", "recorded_at": datetime.now(UTC)}
        silence = RoundReminder(order=known.pk, no=1, percent=100, **said)
        keep(events.ROUND_REMINDED, silence, events.SHAPES)
        report_ = {"no": 1, "organisation": CODES[CHANGAN], "nothing_new": True}
        keep(events.ROUND_REPORTED, RoundReport(order=known.pk, **report_, **said), events.SHAPES)
        for activations in ([str(known.activation)], [{}], 5):
            text = {"plan": "flood", "plan_name": "", "level_name": "", "text": "假"}
            end = ResponseEnd(activations=activations, **text, **said)
            keep(plan_events.RESPONSE_ENDED, end, plan_events.SHAPES)
    for wire in wires:
        wire.settle()
    report(changan, made, CHANGAN)  # what was made up in its name does not stand in its way
    wires[1].settle()
    look(city, 61)
    with city.here():
        ends = RoundReminder.objects.filter(percent=100, home="xian")
        assert [one.missing for one in ends] == [[CODES[YANTA]]]


def test_who_takes_the_incident_over_says_who_is_missing_from_then_on(city, yanta):
    made = yanta.report("暴雨")
    wire = Wire(yanta, city).settle()
    with yanta.here():
        Organisation.objects.update(parent=None)
    order(yanta, made, YANTA)
    look(yanta, 61)
    wire.settle()
    wire.cut()
    with city.here():
        Peer.objects.filter(node=YANTA).update(linked_at=None)
        homes.take_over(actor=city.officer, incident=Incident.objects.get(pk=made.pk))
    look(city, 121)

    with city.here():
        ends = RoundReminder.objects.filter(percent=100).values_list("home", "no")
        assert sorted(ends) == [("xian", 2), (YANTA, 1)]


@pytest.mark.parametrize(
    ("model", "field", "value"),
    [
        (RoundOrder, "every", -60),
        (RoundOrder, "every", 10**9),
        (RoundOrder, "every", True),
        (RoundOrder, "reporters", [{"organisation": 1}]),
        (RoundOrder, "reporters", "610113"),
        (RoundReport, "no", 0),
        (RoundReport, "nothing_new", "yes"),
        (RoundReport, "late", -1),
        (RoundReminder, "percent", 10**6),
        (RoundReminder, "missing", [1]),
    ],
)
def test_what_cannot_be_reckoned_with_is_kept_aside_and_shown_nowhere(
    city, yanta, model, field, value
):
    made = city.report("暴雨")
    order(city, made, YANTA)
    wire = Wire(yanta, city).settle()
    before = told(yanta, made)
    with city.here(), transaction.atomic():
        known = RoundOrder.objects.get().pk
        rows = {
            RoundOrder: {"activation": known, "every": 60},
            RoundReport: {"order": known, "no": 1, "organisation": "a", "nothing_new": True},
            RoundReminder: {"order": known, "no": 1, "percent": 50},
        }
        said = {"incident_id": made.pk, "home": "xian", "realm": "real", "author": "system"}
        row = model(recorded_at=datetime.now(UTC), **said, **rows[model])
        log.append(
            KINDS[model],
            subject=f"{events.SHAPES[model].subject}/{row.pk}",
            about=f"incident/{made.pk}",
            actor="system",
            realm="real",
            rev=1,
            public=events.data(row) | {field: value},
            relay="about",
        )
    wire.settle()

    assert told(yanta, made) == before
    with yanta.here():
        assert Parked.objects.count() == 1

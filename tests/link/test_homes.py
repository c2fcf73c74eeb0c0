"""One home a term: handed over, taken over while cut off, asked by everybody else."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from emergency import events, selectors
from emergency.errors import NotHomeNode, WrongState
from emergency.models import Incident, Request
from emergency.selectors_activity import activity
from emergency.services import homes, requests
from realtime.link import sharing
from realtime.models import Envelope, Peer, Quarantined
from realtime.problems import Conflict
from tests.link.world import CHANGAN, YANTA, Wire


@pytest.fixture
def yanta(paired):
    return paired(YANTA)


def at(node, made):
    return Incident.objects.get(pk=made.pk)


def ask(node, made, **fields):
    with node.here():
        due = datetime.now(UTC) + timedelta(minutes=30)
        defaults = {"kind": "change", "text": "请改为较大", "proposed": {"grade": 3}, "due_at": due}
        return requests.make_request(
            actor=node.officer, incident=at(node, made), **defaults | fields
        )


def answer(node, request, outcome, **fields):
    with node.here():
        found = Request.objects.get(pk=request.pk)
        return requests.answer_request(actor=node.officer, request=found, outcome=outcome, **fields)


def test_a_handed_over_incident_is_written_by_its_new_home_alone(city, yanta):
    made = yanta.report()
    wire = Wire(yanta, city)
    wire.run()
    with pytest.raises(NotHomeNode):
        city.change(made, title="by the city")
    with yanta.here():
        one = at(yanta, made)
        homes.hand_over(actor=yanta.officer, incident=one, rev=one.rev, node=city.name)
    wire.run()
    city.change(made, title="by the city")
    wire.run()
    with pytest.raises(NotHomeNode):
        yanta.change(made, title="by the district")
    assert city.incident(made) == yanta.incident(made)
    assert yanta.incident(made)["title"] == "by the city"
    assert (yanta.incident(made)["home"], yanta.incident(made)["term"]) == (city.name, 2)
    wire.settle()
    assert wire.broken is None


def test_what_is_cut_off_is_taken_over_and_late_writes_are_proposals(city, yanta):
    made = yanta.report("as reported")
    first = Wire(yanta, city)
    first.settle()
    with city.here(), pytest.raises(Conflict):
        homes.take_over(actor=city.officer, incident=at(city, made))
    first.cut()
    with city.here():
        Peer.objects.filter(node=YANTA).update(linked_at=None)
        homes.take_over(actor=city.officer, incident=at(city, made))
    city.change(made, title="as the city leads it")
    yanta.change(made, title="as the district wrote meanwhile", summary="late words")
    yanta.change(made, title="and wrote again")

    Wire(yanta, city).settle()
    for node in (city, yanta):
        assert node.incident(made)["title"] == "as the city leads it"
        with node.here():
            history = selectors.detail(node.officer, at(node, made))["history"]
            late = [line for line in history if line["proposal"]]
            assert len(late) >= (2 if node is city else 0)
            told = activity("real", node.officer)
            held_back = [one["item"]["title"] for one in told if one["proposal"]]
            assert held_back == ["as the district wrote meanwhile", "and wrote again"]
            assert not Quarantined.objects.exists()
    assert city.incident(made) == yanta.incident(made)
    assert city.about(made) == yanta.about(made)
    assert "late words" in bodies(city, made)


@pytest.mark.parametrize("on", [False, True], ids=["taken over", "and handed on meanwhile"])
def test_two_that_hand_over_at_once_are_equal_afterwards(city, yanta, paired, on):
    changan = paired(CHANGAN)
    made = yanta.report("as reported")
    Wire(yanta, city).settle()
    other = Wire(changan, city).settle()
    with city.here():
        Peer.objects.filter(node=YANTA).update(linked_at=None)
        homes.take_over(actor=city.officer, incident=at(city, made))
    city.change(made, title="as the city leads it")
    if on:
        with city.here():
            one = at(city, made)
            homes.hand_over(actor=city.officer, incident=one, rev=one.rev, node=CHANGAN)
        other.settle()
    with yanta.here():  # it has not noticed that the line is gone
        one = at(yanta, made)
        homes.hand_over(actor=yanta.officer, incident=one, rev=one.rev, node=city.name)
    line = Wire(yanta, city).settle()
    other.settle()
    line.settle()
    for node in (city, yanta):
        with node.here():
            assert not Quarantined.objects.exists()
            assert all(one.equal_at for one in Peer.objects.filter(node__in=[YANTA, city.name]))
    assert city.incident(made) == yanta.incident(made)
    assert city.about(made) == yanta.about(made)
    assert city.incident(made)["title"] == "as the city leads it"
    assert city.incident(made)["home"] == (CHANGAN if on else city.name)


def bodies(node, made) -> str:
    with node.here():
        rows = Envelope.objects.filter(about=f"incident/{made.pk}").exclude(public=None)
        return " ".join(bytes(row.public).decode() for row in rows)


def test_a_node_below_that_takes_what_is_not_its_own_is_not_believed(city, yanta):
    made = city.report()
    with city.here():
        sharing.grant(thing=f"incident/{made.pk}", node=YANTA, actor="a@b c")
    wire = Wire(yanta, city)
    wire.run()
    with yanta.here(), transaction.atomic():  # as a service of an honest node would not
        homes._next_term(events.INCIDENT_TAKEN_OVER, at(yanta, made), YANTA, yanta.officer)
    wire.run()
    with city.here():
        assert Quarantined.objects.get().reason == "it hands over what is not its own"
    assert city.incident(made)["home"] == city.name


def test_a_request_changes_the_incident_with_the_answer_of_its_home(city, yanta):
    made = yanta.report(grade=4)
    wire = Wire(yanta, city)
    wire.run()
    asked = ask(city, made)
    wire.run()
    assert yanta.incident(made)["requests"] == city.incident(made)["requests"]
    with pytest.raises(NotHomeNode):
        answer(city, asked, "accepted")
    answer(yanta, asked, "accepted", changes={"grade": 3})
    wire.run()
    assert city.incident(made) == yanta.incident(made)
    assert city.incident(made)["grade"] == 3
    assert city.incident(made)["answers"][0]["outcome"] == "accepted"
    with pytest.raises(WrongState):
        answer(yanta, asked, "refused", text="too late")


def test_a_refused_request_changes_nothing_and_says_why(city, yanta):
    made = yanta.report(grade=4)
    wire = Wire(yanta, city)
    wire.run()
    asked = ask(city, made)
    wire.run()
    answer(yanta, asked, "refused", text="尚无人员伤亡", changes={"grade": 3})
    wire.run()
    assert city.incident(made)["grade"] == 4
    assert city.incident(made)["answers"][0]["text"] == "尚无人员伤亡"


def test_the_home_itself_asks_nobody(city, yanta):
    made = yanta.report()
    with pytest.raises(WrongState):
        ask(yanta, made)


def test_to_a_node_that_cannot_be_reached_nothing_is_handed_over(city, yanta):
    made = city.report()
    wire = Wire(yanta, city)
    wire.settle()
    wire.cut()
    with city.here():
        Peer.objects.filter(node=YANTA).update(linked_at=None)
        with pytest.raises(Conflict, match="cannot be reached|无法联系"):
            homes.hand_over(actor=city.officer, incident=made, rev=made.rev, node=YANTA)
    assert city.incident(made)["home"] == city.name and not city.incident(made)["shares"]
    city.change(made, title="still written here")
    wire = Wire(yanta, city)
    wire.run()
    with city.here():
        one = at(city, made)
        homes.hand_over(actor=city.officer, incident=one, rev=one.rev, node=YANTA)
    wire.run()
    yanta.change(made, title="written there")


def test_a_home_without_the_personal_part_takes_it_from_nobody(city, paired):
    yanta = paired(YANTA, cleared=False)
    reporter = {"name": "王某", "phone": "13900000001"}
    made = city.report(reporter=reporter)
    wire = Wire(yanta, city)
    wire.run()
    with city.here():
        one = at(city, made)
        homes.hand_over(actor=city.officer, incident=one, rev=one.rev, node=yanta.name)
    wire.run()
    yanta.change(made, title="by the district")
    wire.settle()
    assert city.incident(made)["title"] == "by the district"
    assert city.incident(made)["reporter"] == reporter
    assert "reporter" not in yanta.incident(made), "nobody there can say that there is none"
    with yanta.here():
        (listed,) = selectors.incident_list("real", yanta.officer)["items"]
        assert "reporter" not in listed
        one = at(yanta, made)
        homes.hand_over(actor=yanta.officer, incident=one, rev=one.rev, node=city.name)
    wire.run()
    city.change(made, title="by the city")
    assert city.incident(made)["reporter"] == reporter

"""An exercise over three nodes: its clock is one, and nothing of it is where it may not be."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from drills import selectors_conduct
from drills.models import Clock, Delivery, Exercise, Inject
from drills.scoring.score import score
from drills.scoring.timeline import Timeline
from drills.selectors_score import events_of, exported, timeline_of
from drills.services import answers, conduct, exercises, script
from emergency.models import Incident, NumberSeries, Organisation
from emergency.services import entries, incidents, sharing
from emergency.services.sharing import share_all_with
from realtime.link import health
from realtime.models import Envelope, Parked, Peer, Quarantined
from realtime.problems import Invalid
from tests import factories
from tests.drills.scene import line, said
from tests.link.world import CHANGAN, YANTA, Wire

CANARY = "canary-of-the-drill"


@pytest.fixture
def nodes(city, paired):
    """The city and 雁塔区 take part; 长安区 is linked and was not invited."""
    made = city, paired(YANTA), paired(CHANGAN)
    with city.here():
        for code, node in (("610113", YANTA), ("610116", CHANGAN)):
            factories.organisation(code, node=node)
    return made


def begin(city, **fields) -> Exercise:
    with city.here():
        factories.plan()
        factories.organisation("dept-emergency")
        people = [
            {"organisation": "dept-emergency", "part": "control"},
            {"organisation": "610100", "part": "play"},
            {"organisation": "610113", "part": "play"},
        ]
        office = factories.officer("emergency_office")
        made = exercises.schedule_exercise(actor=office, **said(participants=people))
        truth = line()["truth"] | {"share_with": []}
        for number, unit in ((1, "610100"), (2, "610113")):
            asked = [one | {"organisation": unit} for one in line()["expected"]]
            told = {"content": f"{CANARY} {number}", "truth": truth, "expected": asked}
            script.write_inject(
                actor=office, exercise=made,
                **line(number, minutes=0, recipients=[unit], **told),
            )  # fmt: skip
        conduct.start_exercise(actor=office, exercise=made, **fields)
        return made


def test_what_an_exercise_wrote_is_not_counted_among_what_is_real_and_on_no_other_node(nodes):
    city, yanta, _changan = nodes
    settle(nodes)
    begin(city)
    with city.here():
        assert health.states()["alone"]["count"] == 0
    yanta.report("真实事件")
    with yanta.here():
        assert health.states()["alone"]["count"] > 0


def settle(nodes) -> list[Wire]:
    city, *others = nodes
    wires = [Wire(node, city).settle() for node in others]
    return [wire.settle() for wire in wires]


def real_state() -> str:
    """A digest of everything real on this node: rows and log."""
    kinds = {Incident: {"realm": "real"}, NumberSeries: {"realm": "real"}, Organisation: {}}
    rows = [
        list(kind.objects.filter(**only).order_by("pk").values()) for kind, only in kinds.items()
    ]
    log = Envelope.objects.filter(realm="real").order_by("id").values("id", "header", "public")
    return hashlib.sha256(json.dumps([rows, list(log)], default=str).encode()).hexdigest()


def canaries(node) -> int:
    with node.here():
        rows = Envelope.objects.exclude(public=None)
        return sum(CANARY.encode() in bytes(row.public) for row in rows)


def test_the_clock_is_the_same_at_every_node_that_takes_part(nodes):
    city, yanta, changan = nodes
    made = begin(city, speed=4)
    settle(nodes)
    with city.here():
        conduct.pause_clock(actor=factories.officer("emergency_office"), exercise=made)
    settle(nodes)
    found = []
    for node in nodes:
        with node.here():
            found.append(list(Clock.objects.values()))
            assert not Parked.objects.exists() and not Quarantined.objects.exists()
    assert found[0] == found[1] and found[0][0]["state"] == "paused" and found[2] == []


def test_the_score_is_provisional_until_who_plays_has_proven_that_all_is_here(nodes):
    city, yanta, _changan = nodes
    made = begin(city)
    settle(nodes)[0].cut()
    with city.here():
        before = datetime.now(UTC) - timedelta(minutes=1)
        Peer.objects.filter(node=YANTA).update(linked_at=None, heard_at=None, equal_at=before)
        assert [one[:6] for one in selectors_conduct.outstanding(made)] == ["610113"]
        conduct.end_exercise(actor=factories.officer("emergency_office"), exercise=made)
        assert [one[:6] for one in selectors_conduct.outstanding(made)] == ["610113"]
    Wire(yanta, city).settle()
    for node in (city, yanta):
        with node.here():
            assert selectors_conduct.outstanding(Exercise.objects.get()) == []


def test_away_from_its_home_the_score_names_who_is_told_of_by_the_home_alone(nodes):
    city, yanta, _changan = nodes
    begin(city)
    settle(nodes)
    third = {"organisation": "610116", "organisation_name": "长安区"}
    said = []
    for node in (city, yanta):
        with node.here():
            made = Exercise.objects.get()
            assert selectors_conduct.told_by_home(made) == ""
            made.participants.append(third | {"node": CHANGAN, "part": "play"})
            with translation.override("zh-hans"):
                said.append(selectors_conduct.told_by_home(made))
            assert selectors_conduct.outstanding(made) == []
    assert said[0] == "" and said[1].startswith("610116 的记录经由 610100 转来")


def test_an_inject_that_a_node_has_not_confirmed_is_shown_as_not_there_yet(nodes):
    city, yanta, _changan = nodes
    made = begin(city)
    names = {"610100": "西安市", "610113": "雁塔区"}

    def missing() -> list[list[str]]:
        with city.here():
            injects = list(Inject.objects.order_by("number"))
            return [one.missing for one in selectors_conduct.console(made, injects, names)]

    assert missing() == [[], ["610113"]]
    settle(nodes)
    assert missing() == [[], []]


def test_a_node_gets_what_is_addressed_to_its_players_and_nothing_else(nodes):
    city, yanta, changan = nodes
    begin(city)
    settle(nodes)
    with yanta.here():
        assert [one.content for one in Delivery.objects.all()] == [f"{CANARY} 2"]
    with changan.here():
        assert not Delivery.objects.exists() and not Exercise.objects.exists()
    assert canaries(changan) == 0


def player(node, unit: str):
    """Somebody who plays there."""
    with node.here():
        if not Organisation.objects.filter(pk=unit).exists():
            factories.organisation(unit, node=node.name)
        return factories.officer("duty_officer", unit)


def play(node, officer, made: Exercise, title: str) -> Incident:
    with node.here():
        found, _new = incidents.report_incident(
            actor=officer, title=title, type_code="11D02", realm=made.realm
        )
        entries.write_entry(actor=officer, incident=found, text=f"{title} entry")
        return found


def test_what_is_played_goes_to_nodes_that_take_part_by_rule_and_to_no_other(nodes):
    city, yanta, changan = nodes
    with city.here():
        for node in (YANTA, CHANGAN):  # everything real goes to both
            share_all_with(node=node, source="test", by="test@xian")
    with yanta.here():
        share_all_with(node="xian", source="test", by=f"test@{YANTA}")
    made = begin(city)
    settle(nodes)
    players = player(city, "610100"), player(yanta, "610113")
    with city.here():
        factories.incident(players[0], title="真实事件")
        leader = factories.officer("shift_leader")
    settle(nodes)
    before = []
    for node in nodes:
        with node.here():
            before.append(real_state())
    here = play(city, players[0], made, f"{CANARY} city")
    play(yanta, players[1], made, f"{CANARY} yanta")
    wires = settle(nodes)
    for node, titles in ((city, 2), (yanta, 2), (changan, 0)):
        with node.here():
            assert Incident.objects.filter(realm=made.realm).count() == titles, node.name
            assert not Parked.objects.exists() and not Quarantined.objects.exists()
    assert canaries(changan) == 0
    assert not [frame for _to, frame in wires[1].sent if CANARY.encode() in frame]
    with city.here(), pytest.raises(Invalid):
        sharing.share_incident(actor=leader, incident=here, node=CHANGAN)
    for node, was in zip(nodes, before, strict=True):
        with node.here():
            assert real_state() == was, node.name


def test_what_was_played_while_they_were_apart_is_there_afterwards(nodes):
    city, yanta, changan = nodes
    with yanta.here():
        share_all_with(node="xian", source="test", by=f"test@{YANTA}")
    made = begin(city)
    for wire in settle(nodes):
        wire.cut()
    play(yanta, player(yanta, "610113"), made, "断网时")
    with city.here():
        conduct.set_speed(actor=factories.officer("emergency_office"), exercise=made, speed=10)
        assert not Incident.objects.filter(realm=made.realm).exists()
    settle(nodes)
    with city.here():
        assert Incident.objects.get(realm=made.realm).title == "断网时"
    with yanta.here():
        assert Clock.objects.get().speed == 10


def answer(node, officer, made: Exercise, incident: Incident) -> None:
    with node.here():
        got = [one for one in Delivery.objects.all() if officer.organisation_id in one.recipients]
        for delivery in got:
            answers.answer_inject(actor=officer, delivery=delivery, incident=incident)


def test_every_node_that_took_part_works_out_the_same_score_after_the_link_was_cut(nodes):
    city, yanta, changan = nodes
    made = begin(city)
    for wire in settle(nodes):
        wire.cut()
    duty, district = player(city, "610100"), player(yanta, "610113")
    here = play(city, duty, made, "市里")
    there = play(yanta, district, made, "断网时")
    answer(city, duty, made, here)
    answer(yanta, district, made, there)
    with city.here():
        conduct.end_exercise(
            actor=factories.officer("emergency_office"), exercise=Exercise.objects.get(pk=made.pk)
        )
    settle(nodes)
    for node in nodes:
        with node.here():
            answers.open_after_end()
    settle(nodes)
    found = []
    for node in (city, yanta):
        with node.here():
            found.append(score(timeline_of(Exercise.objects.get(pk=made.pk))))
            assert not Parked.objects.exists() and not Quarantined.objects.exists()
    assert found[0] == found[1]
    assert [row.measured.reason for row in found[0].rows] == ["logged", "not_said"] * 2
    assert found[0].unanswered == []
    with city.here():
        rows = json.loads(json.dumps(list(exported(made))))
    assert score(Timeline.of(events_of(rows))) == found[0], "from an exported log too"
    with changan.here():
        assert not Envelope.objects.filter(realm=made.realm).exists()


def test_before_the_end_a_player_has_neither_script_nor_what_others_play(nodes):
    city, yanta, changan = nodes
    made = begin(city)
    play(city, player(city, "610100"), made, "市里")
    settle(nodes)
    for node in nodes:
        with node.here():
            assert answers.open_after_end() == 0
    settle(nodes)
    with yanta.here():
        assert not Inject.objects.exists() and not Incident.objects.filter(realm=made.realm)

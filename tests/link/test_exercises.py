"""An exercise is at every node that takes part and at no other."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from drills import events, selectors
from drills.apply import apply_exercises
from drills.models import Exercise
from drills.services import exercises
from emergency.errors import NotHomeNode
from emergency.models import Organisation
from realtime.link import erasing
from realtime.models import Envelope, Parked, Quarantined
from realtime.problems import NotFound
from realtime.registry import Fact
from tests import factories
from tests.link.world import CHANGAN, YANTA, Wire


@pytest.fixture
def yanta(paired):
    return paired(YANTA)


def schedule(city, *nodes: str, title: str = "canary-exercise") -> Exercise:
    with city.here():
        factories.plan()
        people = [{"organisation": "610100", "part": "control"}]
        people += [] if nodes else [{"organisation": "dept-fire", "part": "play"}]
        for node in nodes:
            runs = Organisation.objects.filter(node=node).first()
            runs = runs or factories.organisation(f"6101{len(node)}", node=node)
            people.append({"organisation": runs.pk, "part": "play"})
        return exercises.schedule_exercise(
            actor=factories.officer("emergency_office"), title=title, plan="flood",
            form="tabletop", scope="full", purpose="test", objectives=["a"], minutes=60,
            starts_at=datetime.now(UTC) + timedelta(days=3), participants=people,
        )  # fmt: skip


def change(city, made, people, **fields) -> None:
    with city.here():
        found = Exercise.objects.get(pk=made.pk)
        told = selectors.said(found) | fields
        office = factories.officer("emergency_office")
        exercises.change_exercise(actor=office, exercise=found, participants=people, **told)


def at(node) -> list[dict]:
    with node.here():
        return list(Exercise.objects.values())


def test_an_exercise_goes_to_the_node_that_takes_part_and_to_no_other(city, yanta, paired):
    changan = paired(CHANGAN)
    schedule(city, YANTA)
    wires = [Wire(yanta, city).settle(), Wire(changan, city).settle()]
    assert at(yanta) == at(city) and len(at(city)) == 1
    assert at(changan) == []
    assert not [frame for _to, frame in wires[1].sent if b"canary-exercise" in frame]
    for node in (city, yanta, changan):
        with node.here():
            assert not Parked.objects.exists() and not Quarantined.objects.exists()


def test_its_players_there_see_it_and_the_others_there_do_not(city, yanta):
    made = schedule(city, YANTA)
    Wire(yanta, city).settle()
    code = made.participants[1]["organisation"]
    with yanta.here():
        factories.organisation(code, node=YANTA)
        assert selectors.exercise(factories.officer("liaison", code), made.pk).title == made.title
        with pytest.raises(NotFound):
            selectors.exercise(factories.officer("liaison", "dept-fire"), made.pk)


def test_what_changed_while_they_were_apart_is_there_afterwards(city, yanta):
    made = schedule(city, YANTA)
    wire = Wire(yanta, city).settle()
    wire.cut()
    with city.here():
        office = factories.officer("emergency_office")
        exercises.cancel_exercise(
            actor=office, exercise=Exercise.objects.get(pk=made.pk), rev=1, reason="高考"
        )
    assert at(yanta)[0]["state"] == "scheduled"
    Wire(yanta, city).settle()
    assert at(yanta) == at(city) and at(yanta)[0]["reason"] == "高考"


def test_a_node_that_takes_part_no_more_has_it_no_more(city, yanta, paired):
    changan = paired(CHANGAN)
    made = schedule(city, YANTA)
    wires = [Wire(yanta, city).settle(), Wire(changan, city).settle()]
    with city.here():
        runs = factories.organisation("610116", node=CHANGAN)
    change(city, made, [
        {"organisation": "610100", "part": "control"},
        {"organisation": runs.pk, "part": "play"},
    ])  # fmt: skip
    for wire in wires:
        wire.settle()
    with yanta.here():
        erasing.erase_due()
    for wire in wires:
        wire.settle()
    assert at(yanta) == [] and at(changan) == at(city)
    with yanta.here():
        thing = Envelope.objects.filter(subject=f"exercise/{made.pk}")
        assert not thing.exclude(public=None).exists(), "the words went with it"


def test_only_its_home_writes_it(city, yanta):
    made = schedule(city, YANTA)
    Wire(yanta, city).settle()
    with yanta.here():
        found, office = Exercise.objects.get(pk=made.pk), factories.officer("emergency_office")
        with pytest.raises(NotHomeNode):
            exercises.cancel_exercise(actor=office, exercise=found, rev=1, reason="a")


@pytest.mark.parametrize(
    "said",
    [{"realm": "real"}, {"realm": "ex:another"}, {"id": str(uuid.uuid4())}, {"home": "xian-yanta"},
     {"state": "begun"}, {"participants": [{"part": "king"}]}],
)  # fmt: skip
def test_data_of_another_thing_or_realm_are_not_applied(city, said):
    made = schedule(city)
    with city.here():
        data = events.data(Exercise.objects.get()) | said
        fact = Fact(
            id=uuid.uuid4(), type="exercise.changed", subject=f"exercise/{made.pk}",
            about=f"exercise/{made.pk}", source="xian", home="xian", realm=data["realm"], term=1,
            rev=2, time=datetime.now(UTC), public=data, personal=None,
        )  # fmt: skip
        with pytest.raises(ValueError, match="of "):
            apply_exercises([fact])

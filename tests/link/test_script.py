"""A script is at the nodes that staff the exercise and at no other, a player's least of all."""

import uuid
from datetime import UTC, datetime

import pytest

from drills import events, selectors_script
from drills.apply import apply_injects
from drills.models import Exercise, Inject
from drills.services import exercises, script
from emergency.apply import NotYet
from emergency.errors import NotHomeNode
from realtime.blobs import path_of
from realtime.link import erasing
from realtime.models import Envelope, Parked, Quarantined
from realtime.registry import Fact
from tests import factories
from tests.drills.scene import line, said
from tests.emergency import pictures
from tests.link.world import CHANGAN, YANTA, Wire

CANARY = "canary-inject"


@pytest.fixture
def nodes(city, paired):
    """The city, 雁塔区 that plays, 长安区 that evaluates."""
    return city, paired(YANTA), paired(CHANGAN)


def people(*parts: str) -> list[dict[str, str]]:
    codes = ["610100", "610113", "610116"]
    return [{"organisation": code, "part": part} for code, part in zip(codes, parts, strict=False)]


@pytest.fixture
def made(nodes) -> Exercise:
    with nodes[0].here():
        factories.plan()
        factories.organisation("610113", node=YANTA)
        factories.organisation("610116", node=CHANGAN)
        office = factories.officer("emergency_office")
        wanted = people("control", "play", "evaluate")
        found = exercises.schedule_exercise(actor=office, **said(participants=wanted))
        script.write_inject(
            actor=office, exercise=found, **line(1, content=CANARY, recipients=["610113"])
        )
        return found


def change(city, made: Exercise, *parts: str) -> None:
    with city.here():
        found = Exercise.objects.get(pk=made.pk)
        exercises.change_exercise(
            actor=factories.officer("emergency_office"), exercise=found, rev=found.rev,
            **said(participants=people(*parts), starts_at=found.starts_at),
        )  # fmt: skip


def injects(node) -> list[dict]:
    with node.here():
        return list(Inject.objects.order_by("number").values())


def settle(nodes) -> list[Wire]:
    return [Wire(nodes[1], nodes[0]).settle(), Wire(nodes[2], nodes[0]).settle()]


def test_a_script_goes_to_who_evaluates_and_not_to_who_plays(nodes, made):
    city, yanta, changan = nodes
    wires = settle(nodes)
    assert injects(changan) == injects(city) and len(injects(city)) == 1
    assert injects(yanta) == []
    assert not [frame for _to, frame in wires[0].sent if CANARY.encode() in frame]
    for node in nodes:
        with node.here():
            assert Exercise.objects.count() == 1
            assert not Parked.objects.exists() and not Quarantined.objects.exists()


def test_who_evaluates_there_reads_it_and_the_office_there_does_not(nodes, made):
    settle(nodes)
    with nodes[2].here():
        factories.organisation("610116", node=CHANGAN)
        found = Exercise.objects.get()
        assert selectors_script.may_read(factories.officer("observer", "610116"), found)
        assert not selectors_script.may_read(factories.officer("emergency_office"), found)


def test_what_changed_while_they_were_apart_is_there_afterwards_numbers_swapped_too(nodes, made):
    city, _yanta, changan = nodes
    for wire in settle(nodes):
        wire.cut()
    with city.here():
        office, one = factories.officer("emergency_office"), Inject.objects.get()
        one = script.change_inject(actor=office, inject=one, rev=1, **line(9))
        script.write_inject(actor=office, exercise=made, **line(1, content="新的一号"))
        script.change_inject(actor=office, inject=one, rev=2, **line(9, content="旧的一号"))
    settle(nodes)
    assert [one["content"] for one in injects(changan)] == ["新的一号", "旧的一号"]
    assert injects(changan) == injects(city)


def test_a_node_that_staffs_the_exercise_no_more_has_its_script_no_more(nodes, made):
    city, yanta, changan = nodes
    with city.here():
        script.attach(
            actor=factories.officer("emergency_office"), inject=Inject.objects.get(), rev=1,
            name="a.jpg", file=pictures.jpeg(open=True),
        )  # fmt: skip
        (file,) = Inject.objects.get().attachments
    wires = settle(nodes)
    with changan.here():
        path_of(file["sha256"]).parent.mkdir(parents=True, exist_ok=True)
        path_of(file["sha256"]).write_bytes(pictures.jpeg())
    change(city, made, "control", "evaluate", "play")
    for wire in wires:
        wire.settle()
    for node in (yanta, changan):
        with node.here():
            erasing.erase_due()
    for wire in wires:
        wire.settle()
    assert injects(changan) == [] and injects(yanta) == injects(city)
    with changan.here():
        assert not path_of(file["sha256"]).exists(), "the file went with it"
        assert Exercise.objects.count() == 1, "it takes part still"
        kept = Envelope.objects.filter(about=f"script/{made.pk}")
        assert not kept.exclude(public=None).exclude(type__startswith="share").exists()


def test_only_its_home_writes_it(nodes, made):
    settle(nodes)
    with nodes[2].here():
        office, found = factories.officer("emergency_office"), Exercise.objects.get()
        with pytest.raises(NotHomeNode):
            script.write_inject(actor=office, exercise=found, **line(5))
        with pytest.raises(NotHomeNode):
            script.cancel_inject(actor=office, inject=Inject.objects.get(), rev=1)


def fact(made: Exercise, **fields) -> Fact:
    told = events.inject_data(Inject.objects.get()) | fields
    return Fact(
        id=uuid.uuid4(), type="inject.written", subject=f"inject/{Inject.objects.get().pk}",
        about=f"script/{made.pk}", source="xian", home="xian", realm=made.realm, term=1, rev=2,
        time=datetime.now(UTC), public=told, personal=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    "fields",
    [{"realm": "real"}, {"home": "xian-yanta"}, {"id": str(uuid.uuid4())}, {"state": "begun"},
     {"exercise": str(uuid.uuid4())}, {"channel": "烽火"}, {"late": "never"}],
)  # fmt: skip
def test_data_of_another_inject_realm_or_script_are_not_applied(nodes, made, fields):
    with nodes[0].here(), pytest.raises(ValueError, match="of "):
        apply_injects([fact(made, **fields)])


def test_an_inject_waits_for_its_exercise(nodes, made):
    with nodes[0].here():
        waiting = fact(made)
        Exercise.objects.all().delete()
        with pytest.raises(NotYet):
            apply_injects([waiting])

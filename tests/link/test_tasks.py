"""A plan activated at the city is answered at the district, across a line that was cut."""

import pytest
from django.conf import settings

from emergency import selectors
from emergency.models import Incident, Organisation, Task, TaskStep
from emergency.plans.services import responses, tasks
from realtime.link import erasing, sharing
from realtime.models import Parked, Quarantined, Share
from realtime.problems import NotAllowed
from tests import factories
from tests.link.world import CHANGAN, YANTA, Wire


@pytest.fixture
def yanta(paired):
    return paired(YANTA)


def activate(node, made, owner: str):
    """A plan with one task, for the organisation that runs this node."""
    with node.here():
        runs = Organisation.objects.filter(node=owner).first()
        runs = runs or factories.organisation("610113", node=owner)
        task = {"no": 1, "level": "III", "organisation": runs.pk, "text": "核查下穿通道"}
        factories.plan(tasks=[task | {"minutes": 40, "acknowledge": True}])
        stated = factories.activation()
        responses.activate_plan(
            actor=node.officer, incident=Incident.objects.get(pk=made.pk), **stated
        )


def answer(node, kind: str, text: str = ""):
    with node.here():
        return tasks.take_step(actor=node.officer, task=Task.objects.get(), kind=kind, text=text)


def detail(node, made) -> dict:
    with node.here():
        told = selectors.detail(node.officer, Incident.objects.get(pk=made.pk))
        names = ("activations", "ends", "tasks", "task_steps", "reports")
        return {name: told[name] for name in names}


def test_a_task_for_a_district_goes_there_with_its_incident_and_comes_back_done(city, yanta):
    made = city.report("内涝")
    wire = Wire(yanta, city).settle()
    activate(city, made, YANTA)
    wire.settle()
    assert detail(yanta, made) == detail(city, made)
    assert detail(yanta, made)["tasks"][0]["node"] == YANTA
    wire.cut()
    answer(yanta, "acknowledged")
    answer(yanta, "done", "已封闭")
    assert detail(city, made)["task_steps"] == []
    Wire(yanta, city).settle()
    assert [one["kind"] for one in detail(city, made)["task_steps"]] == ["acknowledged", "done"]
    assert detail(yanta, made) == detail(city, made)
    for node in (city, yanta):
        with node.here():
            assert not Quarantined.objects.exists() and not Parked.objects.exists()


def test_a_task_of_one_district_for_another_goes_there_through_the_city(city, yanta, paired):
    changan = paired(CHANGAN)
    made = yanta.report("内涝")
    Wire(yanta, city).settle()
    Wire(changan, city).settle()
    activate(yanta, made, CHANGAN)
    for _turn in range(2):
        Wire(yanta, city).settle()
        Wire(changan, city).settle()

    assert detail(changan, made) == detail(yanta, made)
    answer(changan, "done", "已封闭")
    for _turn in range(2):
        Wire(changan, city).settle()
        Wire(yanta, city).settle()
    assert detail(yanta, made)["task_steps"][-1]["kind"] == "done"


def test_a_response_ends_at_every_node_and_what_was_answered_meanwhile_stays(city, yanta):
    made = city.report("内涝")
    activate(city, made, YANTA)
    wire = Wire(yanta, city).settle()
    wire.cut()
    answer(yanta, "feedback", "积水40厘米")
    with city.here():
        responses.end_response(
            actor=city.officer, incident=Incident.objects.get(pk=made.pk), plan="flood", text="雨停"
        )
    Wire(yanta, city).settle()
    assert detail(yanta, made) == detail(city, made)
    assert [one["text"] for one in detail(yanta, made)["ends"]] == ["雨停"]
    assert [one["text"] for one in detail(city, made)["task_steps"]] == ["积水40厘米"]


def test_the_desk_of_another_node_cannot_answer_for_it(city, yanta, paired):
    made = city.report("内涝")
    changan = paired(CHANGAN)
    activate(city, made, CHANGAN)
    wires = [Wire(yanta, city), Wire(changan, city)]
    with city.here():
        sharing.grant(thing=f"incident/{made.pk}", node=YANTA, actor="a@b c")
    for wire in wires:
        wire.settle()
    with pytest.raises(NotAllowed):
        answer(yanta, "acknowledged")
    answer(changan, "acknowledged")
    wires[1].settle()
    wires[0].settle()
    assert detail(yanta, made) == detail(city, made) == detail(changan, made)


def test_a_share_that_ends_takes_the_tasks_with_it(city, yanta):
    made = city.report("内涝")
    activate(city, made, YANTA)
    wire = Wire(yanta, city).settle()
    answer(yanta, "acknowledged")
    wire.settle()
    with city.here():
        sharing.end(share=Share.objects.get(node=YANTA), actor="a@b c")
    wire.settle()
    with yanta.here():
        erasing.erase_due()
        assert not Task.objects.exists() and not TaskStep.objects.exists()
    assert len(detail(city, made)["task_steps"]) == 1


def test_a_node_without_the_incident_hears_of_no_task(city, yanta, paired):
    changan = paired(CHANGAN)
    made = city.report("canary-incident")
    activate(city, made, YANTA)
    wires = [Wire(yanta, city).settle(), Wire(changan, city).settle()]
    assert not [frame for _to, frame in wires[1].sent if "核查下穿通道".encode() in frame]
    with changan.here():
        assert not Task.objects.exists()
        assert settings.NODE_ID == CHANGAN


def test_what_a_restored_copy_lost_comes_back_with_its_answers(city, yanta, databases):
    made = city.report("内涝")
    wire = Wire(yanta, city).settle()
    copy = databases.copy(city.connection)
    activate(city, made, YANTA)
    wire.settle()
    answer(yanta, "done", "已封闭")
    wire.settle()
    before = detail(city, made)
    wire.cut()
    city.restore(copy)
    assert detail(city, made) != before
    Wire(yanta, city).settle()  # here the new epoch is noticed
    wire = Wire(yanta, city).settle()
    assert wire.settle().broken is None
    assert detail(city, made) == before == detail(yanta, made)

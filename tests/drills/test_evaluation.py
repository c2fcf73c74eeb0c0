"""An evaluator's sheet: who judges, what a mark is, and what it makes of the score."""

import json
from datetime import UTC, datetime

import pytest
from django.test import Client

from drills.models import Criteria, Exercise, Mark, ScaleValue
from drills.scoring.score import score
from drills.selectors_evaluation import marks_by
from drills.selectors_score import timeline_of
from drills.services import conduct, evaluation, exercises, rules, script
from emergency.errors import StaleRevision, WrongState
from emergency.services import incidents
from realtime.models import Envelope
from realtime.problems import Invalid, NotAllowed
from tests import factories
from tests.drills.scene import PEOPLE, line, said
from tests.emergency.pages import text

ITEM = {"id": "", "organisation": "dept-fire", "objective": "检验会商", "text": "指挥果断有序",
        "scale": "five", "weight": 3, "veto": False}  # fmt: skip
UNHURT = ITEM | {"organisation": "", "objective": "", "text": "无人员伤亡", "scale": "yes_no",
                 "weight": 1, "veto": True}  # fmt: skip


@pytest.fixture
def exercise(planner) -> Exercise:
    """The fire service wrote down what it was told, 0 m off and too late to say."""
    for code in ("dept-fire", "dept-police"):
        factories.organisation(code)
    made = exercises.schedule_exercise(actor=planner, **said(participants=PEOPLE))
    script.write_inject(actor=planner, exercise=made, **line(1, minutes=0))
    made.criteria_set = evaluation.set_criteria(
        actor=planner, exercise=made, rev=0, items=[ITEM, UNHURT]
    )
    return made


@pytest.fixture
def running(planner, exercise) -> Exercise:
    conduct.start_exercise(actor=planner, exercise=exercise)
    incidents.report_incident(
        actor=factories.officer("district_officer", "dept-fire"), title="村道被淹",
        type_code="11D02", realm=exercise.realm, lon=108.94, lat=34.02,
    )  # fmt: skip
    return exercise


@pytest.fixture
def evaluator():
    return factories.officer("duty_officer", "dept-police")


def found(exercise: Exercise):
    return score(timeline_of(exercise))


def keys(exercise: Exercise) -> list[str]:
    return [one["id"] for one in Criteria.objects.get(exercise=exercise).items]


def test_the_mean_of_evaluators_counts_by_its_weight_beside_what_was_measured(running, evaluator):
    other = factories.officer("shift_leader", "dept-police")
    command, _unhurt = keys(running)
    assert found(running).total == 100_000 and list(found(running).unjudged) == [1, 2]
    evaluation.give_mark(actor=evaluator, exercise=running, row=command, value="4")
    evaluation.give_mark(actor=other, exercise=running, row=command, value="3")
    now = found(running)
    assert now.items[0].marks == 70_000 and list(now.unjudged) == [2]
    # T1 weighs 2 and A3 weighs 1, both full; the item weighs 3: (3·100 + 3·70) / 6
    assert now.total == 85_000 and now.grade == "good"


def test_an_evaluator_measures_otherwise_with_a_reason_and_both_are_kept(running, evaluator):
    row = found(running).rows[0]
    with pytest.raises(Invalid):
        evaluation.give_mark(actor=evaluator, exercise=running, row=row.key, value="40")
    evaluation.give_mark(
        actor=evaluator, exercise=running, row=row.key, value="40", note="电话先到"
    )
    again = found(running).rows[0]
    assert (again.marks, again.own) == (40_000, 100_000)
    assert again.given[0].note == "电话先到" and again.measured == row.measured
    evaluation.give_mark(actor=evaluator, exercise=running, row=row.key, value="")
    assert found(running).rows[0].marks == 100_000, "taken back"


def test_what_does_not_apply_leaves_the_mean_and_says_why(running, evaluator):
    rows = found(running).rows
    evaluation.give_mark(actor=evaluator, exercise=running, row=rows[0].key, value="0", note="误")
    assert found(running).total == 33_333
    with pytest.raises(Invalid):
        evaluation.give_mark(actor=evaluator, exercise=running, row=rows[0].key, value="na")
    evaluation.give_mark(actor=evaluator, exercise=running, row=rows[0].key, value="na", note="误")
    assert found(running).total == 100_000 and found(running).rows[0].marks is None


def test_a_veto_makes_the_whole_poor_and_leaves_the_figures(running, evaluator):
    _command, unhurt = keys(running)
    evaluation.give_mark(actor=evaluator, exercise=running, row=unhurt, value="no")
    now = found(running)
    assert (now.total, now.grade, list(now.vetoed)) == (75_000, "poor", [2])
    evaluation.give_mark(actor=evaluator, exercise=running, row=unhurt, value="yes")
    assert found(running).grade == "excellent" and not found(running).vetoed


def test_only_who_evaluates_judges_and_the_office_of_the_home(planner, running):
    command, _unhurt = keys(running)
    evaluation.give_mark(actor=planner, exercise=running, row=command, value="5")
    for role, code in (
        ("duty_officer", "dept-fire"), ("liaison", "610122"), ("duty_officer", "610100"),
        ("observer", "dept-police"),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            evaluation.give_mark(
                actor=factories.officer(role, code), exercise=running, row=command, value="1"
            )
    assert Mark.objects.count() == 1


def test_nobody_judges_before_it_begins_or_what_is_not_there(planner, exercise, evaluator):
    command, _unhurt = keys(exercise)
    with pytest.raises(WrongState):
        evaluation.give_mark(actor=evaluator, exercise=exercise, row=command, value="5")
    conduct.start_exercise(actor=planner, exercise=exercise)
    for row, value in ((command, "6"), (command, "yes"), ("x", "5"), (command, "101")):
        with pytest.raises(Invalid):
            evaluation.give_mark(actor=evaluator, exercise=exercise, row=row, value=value)
    assert not Mark.objects.exists()


def test_the_same_mark_again_is_one_and_another_is_a_new_version(running, evaluator):
    command, _unhurt = keys(running)
    for value in ("4", "4", "5"):
        evaluation.give_mark(actor=evaluator, exercise=running, row=command, value=value)
    assert [one.rev for one in Mark.objects.all()] == [2]
    assert Envelope.objects.filter(type="mark.given").count() == 2


def test_a_mark_that_waited_does_not_replace_what_was_thought_of_later(running, evaluator):
    command, _unhurt = keys(running)
    given = {"actor": evaluator, "exercise": running, "row": command}
    before = datetime.now(UTC)
    evaluation.give_mark(**given, value="5")
    evaluation.give_mark(**given, value="1", given_at=before)
    assert found(running).items[0].marks == 100_000


def test_who_changes_the_role_has_one_mark_still(running, evaluator):
    command, _unhurt = keys(running)
    given = {"actor": evaluator, "exercise": running, "row": command}
    evaluation.give_mark(**given, value="5")
    evaluator.role = "shift_leader"
    evaluator.save()
    evaluation.give_mark(**given, value="1")
    assert found(running).items[0].marks == 20_000
    assert [one.value for one in marks_by(evaluator, running).values()] == ["1"]


def test_marks_are_given_after_the_end_and_items_are_set_before_it(planner, running, evaluator):
    command, _unhurt = keys(running)
    conduct.end_exercise(actor=planner, exercise=running)
    evaluation.give_mark(actor=evaluator, exercise=running, row=command, value="1")
    assert found(running).items[0].marks == 20_000
    with pytest.raises(WrongState):
        evaluation.set_criteria(actor=planner, exercise=running, rev=1, items=[])


def test_items_are_set_by_who_saw_the_newest_and_keep_their_marks(planner, running, evaluator):
    command, unhurt = keys(running)
    evaluation.give_mark(actor=evaluator, exercise=running, row=command, value="4")
    with pytest.raises(StaleRevision):
        evaluation.set_criteria(actor=planner, exercise=running, rev=0, items=[])
    items = [UNHURT | {"id": unhurt}, ITEM | {"id": command, "weight": 9}, ITEM | {"id": command}]
    evaluation.set_criteria(actor=planner, exercise=running, rev=1, items=items)
    now = found(running)
    assert [one.marks for one in now.items] == [None, 80_000, None], "an id is there once"
    with pytest.raises(Invalid):
        evaluation.set_criteria(
            actor=planner, exercise=running, rev=2, items=[ITEM | {"organisation": "dept-police"}]
        )


def test_an_exercise_keeps_the_points_of_its_day(planner, running, evaluator):
    command, _unhurt = keys(running)
    evaluation.give_mark(actor=evaluator, exercise=running, row=command, value="4")
    rules.set_scale_value(
        actor=planner, scale="five", value="4", points=85, source="本办", verified=True
    )
    rules.set_scale_value(
        actor=planner, scale="grade", value="excellent", points=99, source="本办", verified=True
    )
    assert found(running).items[0].marks == 80_000 and found(running).grade == "excellent"
    evaluation.set_criteria(actor=planner, exercise=running, rev=1, items=[ITEM | {"id": command}])
    assert found(running).items[0].marks == 85_000 and found(running).grade == "good"


@pytest.mark.parametrize(
    ("scale", "value", "points"),
    [("five", "4", 100), ("five", "4", 10), ("grade", "poor", 5), ("five", "9", 5),
     ("five", "4", 101)],
)  # fmt: skip
def test_a_scale_keeps_its_order(planner, scale, value, points):
    before = list(ScaleValue.objects.values())
    with pytest.raises(Invalid):
        rules.set_scale_value(
            actor=planner, scale=scale, value=value, points=points, source="a", verified=True
        )
    assert list(ScaleValue.objects.values()) == before


def test_an_evaluator_judges_on_the_sheet_without_a_script(running, evaluator):
    client, address = factories.client(evaluator), f"/drills/of/{running.pk}/marks"
    command, _unhurt = keys(running)
    page = text(client.get(address))
    assert "还有 2 项未评" in page and "指挥果断有序" in page and "接报响应用时" in page
    assert client.post(address, {"row": command, "value": "4"}).status_code == 302
    page = client.get(address).content.decode()
    assert "还有 1 项未评" in page and 'value="4" checked' in page
    refused = client.post(address, {"row": command, "value": "na", "note": ""})
    assert refused.status_code == 422 and "请填写原因" in text(refused)
    assert client.post(address, {"row": command, "value": ["4", ""]}).status_code == 302
    assert "还有 2 项未评" in text(client.get(address))


def test_who_plays_has_no_sheet_and_reads_no_item(running, office):
    player = factories.client(factories.officer("duty_officer", "dept-fire"))
    for page in ("marks", "criteria"):
        assert player.get(f"/drills/of/{running.pk}/{page}").status_code in (403, 404)
    assert office.get(f"/drills/of/{running.pk}/criteria").status_code == 200


def test_the_score_says_what_was_measured_and_what_an_evaluator_says(running, evaluator, office):
    row = found(running).rows[0]
    evaluation.give_mark(actor=evaluator, exercise=running, row=row.key, value="7", note="他人代登")
    evaluation.give_mark(actor=evaluator, exercise=running, row=keys(running)[1], value="no")
    answer = office.get(f"/drills/of/{running.pk}/score")
    page = text(answer)
    assert "他人代登" in page and "7.00" in page and "总评为“差”" in page
    assert '<s class="figure">100.00</s>' in answer.content.decode()


def test_items_are_proposed_changed_and_saved_on_their_page(planner, office: Client):
    made = exercises.schedule_exercise(actor=planner, **said(participants=PEOPLE))
    address = f"/drills/of/{made.pk}/criteria"
    page = text(office.get(address))
    assert "以下为建议项目" in page
    sent = {"rev": 0, "items-TOTAL_FORMS": 1, "items-INITIAL_FORMS": 0}
    for name, value in ITEM.items():
        sent[f"items-0-{name}"] = value
    sent.pop("items-0-veto")
    assert office.post(address, sent).status_code == 302
    assert [one["text"] for one in Criteria.objects.get().items] == [ITEM["text"]]
    assert office.post(address, sent).status_code == 422, "somebody saw an older one"
    broken = sent | {"rev": 1, "items-0-weight": "x", "items-0-scale": "grade"}
    assert office.post(address, broken).status_code == 422
    assert Criteria.objects.get().rev == 1


def test_a_scale_is_changed_on_its_page(office):
    answer = office.post(
        "/drills/scales", {"value": "five:4", "points": 90, "source": "本办", "verified": "on"}
    )
    assert answer.status_code == 302
    assert ScaleValue.objects.get(scale="five", value="4").points == 90
    wrong = office.post("/drills/scales", {"value": "five:4", "points": 100, "source": "本办"})
    assert wrong.status_code == 422 and "须高于" in text(wrong)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"value": "4"}, 200),
        ({"value": ""}, 200),
        ({"value": "4", "given_at": "2020-01-01T00:00:00Z"}, 200),
        ({"value": "4", "given_at": "2999-01-01T00:00:00Z"}, 422),
        ({"value": "5" * 13}, 422),
        ({"value": 4}, 422),
        ({"value": "4", "row": "x\x00"}, 422),
        ({"value": "4", "more": 1}, 422),
    ],
)
def test_a_mark_over_the_api_is_taken_or_refused_in_words(running, evaluator, body, status):
    client = factories.client(evaluator)
    answer = client.post(
        f"/api/exercises/{running.pk}/marks",
        {"row": keys(running)[0]} | body,
        content_type="application/json",
    )
    assert answer.status_code == status, answer.content
    if status == 200:
        kept = json.loads(answer.content)
        assert kept["value"] == body["value"] and not kept["given_at"].startswith("2020")

"""A plan in force makes tasks with deadlines, answered by those who have them; first reports."""

import re
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from emergency.models import Activation, Plan, Report, ResponseEnd, Task, TaskStep
from emergency.plans.services import editing
from emergency.reporting import elements
from realtime.models import Envelope
from tests import factories
from tests.emergency.desk import Api

STATED = {"plan": "flood", "matter": "城区内涝", "measures": "抽排、转移", "hours": 24}


@pytest.fixture
def made(duty):
    return factories.incident(duty, title="下穿通道积水")


@pytest.fixture
def api(duty) -> Api:
    factories.plan()
    return Api(duty)


def activate(api: Api, incident, level: str = "II", **body):
    return api.post(f"/incidents/{incident.pk}/activations", level=level, **STATED | body)


def step(api: Api, task, kind: str, **body):
    return api.post(f"/tasks/{task.pk}/steps", kind=kind, **body)


def task_of(incident, code: str) -> Task:
    return incident.tasks.get(organisation=code)


def test_an_activation_makes_every_task_with_its_owner_and_its_deadline(api, made):
    before = datetime.now(UTC)
    answer = activate(api, made).json()
    (activation,) = answer["activations"]
    assert (activation["level_name"], activation["plan_version"]) == ("Ⅱ级响应", 1)
    assert answer["response_level"] == "Ⅱ级响应"
    at = datetime.fromisoformat(activation["recorded_at"])
    assert before <= at <= datetime.now(UTC)
    told = {task["organisation"]: task for task in answer["tasks"]}
    assert told.keys() == {"dept-fire", "dept-police"}
    assert all(
        datetime.fromisoformat(one["due_at"]) == at + timedelta(minutes=30) for one in told.values()
    )
    written = Envelope.objects.filter(about=f"incident/{made.pk}").values_list("type", flat=True)
    assert list(written)[-3:] == ["plan.activated", "task.issued", "task.issued"]


def test_who_has_a_task_sees_the_incident_from_then_on(api, made):
    fire = Api(factories.officer("liaison", "dept-fire"))
    assert fire.get(f"/incidents/{made.pk}").status_code == 404
    activate(api, made)
    assert len(fire.get(f"/incidents/{made.pk}").json()["tasks"]) == 2


def test_a_higher_level_adds_what_is_missing_and_keeps_what_is_done(api, made):
    assert [one["no"] for one in activate(api, made, "III").json()["tasks"]] == [1]
    fire = Api(factories.officer("liaison", "dept-fire"))
    assert step(fire, task_of(made, "dept-fire"), "done").status_code == 201
    answer = activate(api, made, "II").json()
    assert sorted(one["no"] for one in answer["tasks"]) == [1, 2]
    assert [one["kind"] for one in answer["task_steps"]] == ["acknowledged", "done"]
    assert answer["response_level"] == "Ⅱ级响应"


def test_the_same_activation_twice_is_one(api, made):
    id = str(uuid.uuid4())
    assert activate(api, made, id=id).json() == activate(api, made, id=id).json()
    assert (Activation.objects.count(), Task.objects.count()) == (1, 2)
    assert activate(api, made, id=id, matter="别的").status_code == 409


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"level": "V"}, "level"),
        ({"plan": "quake"}, "plan"),
        ({"hours": 0}, "hours"),
        ({"hours": None}, "hours"),
        ({"matter": " "}, "matter"),
        ({"measures": ""}, "measures"),
        ({"until": "2030-01-01T00:00:00Z"}, "until"),
    ],
)
def test_what_an_activation_has_to_state_is_asked_for(api, made, body, field):
    answer = activate(api, made, **body)
    assert answer.status_code == 422
    assert field in answer.json()["fields"]
    assert not Activation.objects.exists()


def test_an_incident_that_is_closed_is_not_activated_on(api, made):
    api.post(f"/incidents/{made.pk}/steps", rev=1, step="dismiss", reason="误报")
    assert activate(api, made).status_code == 409


def test_a_plan_with_an_owner_that_is_not_there_says_so_and_does_nothing(api, made):
    Plan.objects.update(tasks=[{"no": 1, "level": "III", "organisation": "dept-gone", "text": "a"}])
    answer = activate(api, made)
    assert "dept-gone" in answer.json()["fields"]["plan"]
    made.refresh_from_db()
    assert (made.rev, made.response_level) == (1, "")


def test_what_was_activated_stays_when_the_plan_changes(api, made):
    activate(api, made)
    Plan.objects.update(name="新预案", version=2, tasks=[])
    told = api.get(f"/incidents/{made.pk}").json()
    assert (told["activations"][0]["plan_name"], len(told["tasks"])) == ("防汛应急预案", 2)


def test_a_task_is_answered_by_its_organisation_or_the_desk_and_nobody_else(api, made):
    activate(api, made)
    fire = Api(factories.officer("liaison", "dept-fire"))
    police = Api(factories.officer("liaison", "dept-police"))
    task = task_of(made, "dept-fire")
    assert step(police, task, "acknowledged").status_code == 403
    assert step(Api(factories.officer("observer")), task, "acknowledged").status_code == 403
    assert not TaskStep.objects.exists()
    assert step(fire, task, "acknowledged").json()["organisation"] == "dept-fire"
    assert step(api, task, "feedback", text="电话：已到场").json()["organisation"] == "610100"


def test_a_task_is_acknowledged_and_done_once(api, made):
    activate(api, made)
    fire = Api(factories.officer("liaison", "dept-fire"))
    task = task_of(made, "dept-fire")
    first = step(fire, task, "done", text="已封闭").json()
    assert step(fire, task, "done", text="又一次").json() == first
    assert list(TaskStep.objects.values_list("kind", flat=True)) == ["acknowledged", "done"]


def test_a_feedback_has_words_and_the_same_id_is_one(api, made):
    activate(api, made)
    task = task_of(made, "dept-fire")
    assert step(api, task, "feedback").status_code == 422
    id = str(uuid.uuid4())
    first = step(api, task, "feedback", id=id, text="水深40厘米").json()
    assert step(api, task, "feedback", id=id, text="水深40厘米").json() == first
    assert step(api, task, "feedback", id=id, text="50").status_code == 409


@pytest.mark.parametrize("kind", ["", "closed", None, 1, ["done"]])
def test_a_step_of_another_kind_is_refused(api, made, kind):
    activate(api, made)
    assert step(api, task_of(made, "dept-fire"), kind).status_code == 422


def test_a_right_withdrawn_hides_the_tasks_too(api, made):
    activate(api, made)
    fire = Api(factories.officer("liaison", "dept-fire"))
    api.send("DELETE", f"/incidents/{made.pk}/organisations/dept-fire", "")
    assert fire.get(f"/incidents/{made.pk}").status_code == 404
    assert step(fire, task_of(made, "dept-fire"), "done").status_code == 404


def end(api: Api, incident, **body):
    return api.post(f"/incidents/{incident.pk}/ends", **{"plan": "flood", "text": "雨停"} | body)


def test_a_response_that_ended_is_no_level_any_more_and_its_tasks_stay(api, made):
    activate(api, made)
    step(api, task_of(made, "dept-fire"), "done")
    told = end(api, made).json()
    assert told["response_level"] == "" and len(told["tasks"]) == 2
    (ended,) = told["ends"]
    assert ended["activations"] == [told["activations"][0]["id"]]
    assert (ended["level_name"], ended["text"]) == ("Ⅱ级响应", "雨停")
    assert step(api, task_of(made, "dept-police"), "feedback", text="已撤").status_code == 201


def test_after_an_end_the_plan_issues_everything_anew(api, made):
    activate(api, made)
    end(api, made)
    told = activate(api, made, "III").json()
    assert sorted(one["no"] for one in told["tasks"]) == [1, 1, 2]
    assert told["response_level"] == "Ⅲ级响应"


def test_another_plan_in_force_gives_the_level_when_one_ends(api, made):
    factories.plan(code="quake", name="地震预案")
    activate(api, made, plan="quake", level="III")
    activate(api, made)
    assert end(api, made).json()["response_level"] == "Ⅲ级响应"


def test_only_what_is_in_force_ends_and_the_same_end_twice_is_one(api, made):
    assert end(api, made).status_code == 409
    activate(api, made)
    assert end(api, made, text=" ").status_code == 422
    id = str(uuid.uuid4())
    assert end(api, made, id=id).json() == end(api, made, id=id).json()
    assert end(api, made, id=id, text="别的").status_code == 409
    assert end(api, made).status_code == 409
    assert ResponseEnd.objects.count() == 1


def report(api: Api, incident, kind: str = "phone", **body):
    return api.post(
        f"/incidents/{incident.pk}/reports", **{"kind": kind, "recipient": "市总值班室"} | body
    )


def test_first_reports_are_two_records_with_time_and_what_was_known(api, made):
    phone = report(api, made).json()
    (told,) = phone["reports"]
    assert phone["state"] == "reported"
    assert {"type_code", "received_at"} <= set(told["filled"])
    assert {"casualties", "grade"} <= set(told["lacking"])
    figures = dict.fromkeys(["dead", "injured", "serious", "missing", "trapped", "affected"], 0)
    change = {"rev": phone["rev"], "casualties": figures, "grade": 3}
    api.send("PATCH", f"/incidents/{made.pk}", change)
    written = report(api, made, "written").json()["reports"]
    assert [one["kind"] for one in written] == ["phone", "written"]
    assert not {"casualties", "grade"} & set(written[1]["lacking"])
    assert written[0] == told


def test_a_first_report_is_made_once_and_not_ahead_of_the_clock(api, made):
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    assert report(api, made, reported_at=later).status_code == 422
    early = made.received_at - timedelta(minutes=5)
    assert report(api, made, reported_at=early.isoformat()).status_code == 422
    assert report(api, made).status_code == 201
    assert report(api, made).status_code == 409
    assert Report.objects.count() == 1


def test_the_elements_of_a_first_report_are_those_of_the_screen():
    script = Path("static/js/elements.js").read_text()
    (names,) = re.findall(r'"(summary [a-z_ ]+)"', script)
    assert names.split() == elements.ELEMENTS


def test_a_second_version_in_force_is_impossible(api):
    with pytest.raises(Exception, match="(?i)unique"):
        Plan.objects.create(code="flood", version=2, name="x", made_at=datetime.now(UTC))


def test_planting_again_changes_nothing(api):
    assert editing.plant_plan(code="flood", name="别的").name == "防汛应急预案"
    assert Plan.objects.count() == 1

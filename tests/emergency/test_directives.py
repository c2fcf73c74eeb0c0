"""Directives: the words stand, what was spoken was read back, what is asked is followed up."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergency.directives.followup import Counted, standing, steps_of
from emergency.directives.reminders import remind
from emergency.directives.selectors import table
from emergency.directives.services import record_directive
from emergency.errors import SameIdOtherContent, WrongState
from emergency.models import Directive, Incident, Task, TaskReminder, TaskStep
from emergency.plans.services.tasks import take_step
from realtime.problems import Invalid, NotAllowed, NotFound
from tests import factories
from tests.emergency.desk import Api
from tests.emergency.pages import told

HOUR = timedelta(hours=1)
WORDS = "全力救治伤员，查明原因，举一反三。"


@pytest.fixture
def made(duty):
    return factories.incident(duty)


def directive(officer, incident, **fields):
    factories.organisation("dept-fire")
    factories.organisation("dept-health")
    now = datetime.now(UTC)
    said = {"leader": "王书记", "post": "市委书记", "channel": "written", "text": WORDS}
    said |= {"received_at": now - HOUR, "read_back": False, "what": "2 小时内报处置情况"}
    said |= {"due_at": now + 2 * HOUR, "lead": "dept-fire", "assist": ["dept-health"]}
    return record_directive(actor=officer, incident=incident, **said | fields)


def step(officer, task, kind, text="已到场"):
    return take_step(actor=officer, task=task, kind=kind, text=text)


def task_of(row, organisation="dept-fire"):
    return Task.objects.get(activation=row.pk, organisation=organisation)


def test_it_is_kept_as_it_was_said_and_every_unit_is_given_its_task(duty, made):
    row = directive(duty, made)
    assert (row.text, row.leader) == (WORDS, "王书记")
    assert [(one["organisation"], one["part"]) for one in row.units] == [
        ("dept-fire", "lead"), ("dept-health", "assist")
    ]  # fmt: skip
    tasks = Task.objects.filter(activation=row.pk)
    assert {one.organisation for one in tasks} == {"dept-fire", "dept-health"}
    assert {(one.plan, one.text, one.due_at) for one in tasks} == {("", row.what, row.due_at)}
    kinds = [told("directive.recorded")[0].position, *(row.position for row in told("task.issued"))]
    assert kinds == sorted(kinds) and len(kinds) == 3
    assert told("incident.opened_to")[0].position < kinds[0]
    fire = Api(factories.officer("liaison", "dept-fire"))
    assert fire.get(f"/incidents/{made.pk}").json()["directives"][0]["text"] == WORDS


@pytest.mark.parametrize("channel", ["phone", "oral"])
def test_what_was_spoken_is_recorded_when_it_was_read_back(duty, made, channel):
    with pytest.raises(Invalid) as refused:
        directive(duty, made, channel=channel)
    assert list(refused.value.fields) == ["read_back"] and not Directive.objects.exists()
    assert directive(duty, made, channel=channel, read_back=True).read_back


@pytest.mark.parametrize(
    ("fields", "name"),
    [({"received_at": datetime.now(UTC) + 30 * HOUR}, "received_at"),
     ({"due_at": datetime.now(UTC) - HOUR}, "due_at"),
     ({"due_at": datetime.now(UTC) + 9000 * HOUR}, "due_at"), ({"lead": "nobody"}, "lead"),
     ({"assist": ["nobody"]}, "lead"), ({"lead": ""}, "lead")],
    ids=range(6),
)  # fmt: skip
def test_what_cannot_be_followed_up_is_refused_and_no_task_is_issued(duty, made, fields, name):
    with pytest.raises(Invalid) as refused:
        directive(duty, made, **fields)
    assert list(refused.value.fields) == [name]
    assert not Directive.objects.exists() and not told("task.issued")


def test_the_same_id_twice_is_one_and_with_other_words_it_is_refused(duty, made):
    now = datetime.now(UTC)
    same = {"id": uuid.uuid4(), "received_at": now, "due_at": now + HOUR}
    assert directive(duty, made, **same) == directive(duty, made, **same)
    with pytest.raises(SameIdOtherContent):
        directive(duty, made, text="其他", **same)
    assert len(told("directive.recorded")) == 1


@pytest.mark.parametrize(
    ("role", "code"),
    [("observer", "610100"), ("liaison", "dept-fire"), ("district_officer", "s4")],
)  # fmt: skip
def test_who_does_not_steer_the_incident_records_none(duty, made, role, code):
    other = factories.officer(role, code)
    with pytest.raises((NotAllowed, NotFound)):
        directive(other, made)
    assert not Directive.objects.exists()


def test_it_goes_from_passed_on_to_followed_up(duty, made):
    row = directive(duty, made)
    fire, task = factories.officer("liaison", "dept-fire"), task_of(row)

    def state():
        now = datetime.now(UTC)
        return standing(steps_of([task], now)[task.pk], row.due_at, now).state

    assert state() == "issued"
    step(fire, task, "acknowledged", "")
    assert state() == "acknowledged"
    step(fire, task, "feedback", "伤员已送医")
    assert state() == "feedback"
    step(duty, task, "returned", "原因未说明")
    assert state() == "returned"
    step(fire, task, "feedback", "原因为追尾")
    step(duty, task, "done", "")
    assert state() == "done"
    with pytest.raises(WrongState):
        step(fire, task, "feedback", "再补充")


def test_who_answers_has_it(duty, made):
    task = task_of(directive(duty, made))
    step(factories.officer("liaison", "dept-fire"), task, "feedback")
    kinds = list(TaskStep.objects.order_by("recorded_at", "id").values_list("kind", flat=True))
    assert kinds == ["acknowledged", "feedback"]


def test_a_unit_does_not_say_for_itself_that_it_is_done_and_nothing_is_decided_without_it(
    duty, made
):
    task, fire = task_of(directive(duty, made)), factories.officer("liaison", "dept-fire")
    for kind in ("done", "returned"):
        with pytest.raises(NotAllowed):
            step(fire, task, kind)
        with pytest.raises(WrongState):  # no feedback yet
            step(duty, task, kind)
    step(fire, task, "feedback")
    step(duty, task, "returned")
    with pytest.raises(WrongState):  # nothing new since
        step(duty, task, "done")
    assert not TaskStep.objects.filter(kind="done").exists()


def test_a_task_of_a_plan_is_not_returned(duty, made):
    responses = Api(factories.officer("shift_leader"))
    factories.plan()
    body = {"plan": "flood", "level": "II", "matter": "a", "hours": 24, "measures": "b"}
    assert responses.post(f"/incidents/{made.pk}/activations", **body).status_code == 201
    with pytest.raises(Invalid):
        step(duty, Task.objects.exclude(plan="").first(), "returned")


def test_of_an_incident_of_another_node_only_those_who_hold_it_are_units(duty, made):
    Incident.objects.filter(pk=made.pk).update(home="xian-yanta")
    made.refresh_from_db()
    factories.peer("xian-yanta", live=True)
    factories.peer("xian-changan", live=True)
    factories.organisation("610116", node="xian-changan")
    with pytest.raises(Invalid) as refused:
        directive(duty, made, lead="610116")
    assert "does not see" in str(refused.value.fields["lead"])
    factories.organisation("610113", node="xian-yanta")
    row = directive(duty, made, lead="610113", assist=["610100", "dept-fire"])
    assert [one["organisation"] for one in row.units] == ["610113", "610100", "dept-fire"]
    fire = Api(factories.officer("liaison", "dept-fire"))
    assert fire.get(f"/incidents/{made.pk}").status_code == 200


def test_the_table_says_who_is_how_far_and_what_is_late(duty, made):
    row = directive(duty, made)
    step(factories.officer("liaison", "dept-health"), task_of(row, "dept-health"), "feedback")
    (found,), _more = table(duty, open_only=True)
    states = [unit["standing"].state for unit in found["units"]]
    assert (states, found["open"]) == (["issued", "feedback"], True)
    (later,), _more = table(duty, open_only=True, now=row.due_at + HOUR)
    assert [unit["standing"].late for unit in later["units"]] == [True, False]
    for code in ("dept-fire", "dept-health"):
        step(duty, task_of(row, code), "feedback")
        step(duty, task_of(row, code), "done")
    assert table(duty, open_only=True) == ([], 0)
    assert len(table(duty, open_only=False)[0]) == 1
    assert table(factories.officer("district_officer", "s7"), open_only=False) == ([], 0)


KINDS = ["acknowledged", "feedback", "returned", "done"]


@given(kinds=st.lists(st.sampled_from(KINDS), max_size=8), minutes=st.integers(1, 400))
def test_whatever_steps_there_are_done_is_done_and_late_is_what_first_came_late(kinds, minutes):
    begun, due = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 7, 1, 2, tzinfo=UTC)
    steps = [
        Counted(kind, begun + timedelta(minutes=minutes * place), kind)
        for place, kind in enumerate(kinds, 1)
    ]
    found = standing(steps, due, begun)
    assert (found.state == "done") is ("done" in kinds)
    moved = [kind for kind in kinds if kind in ("feedback", "returned")]
    if "done" not in kinds:
        assert found.state == (moved[-1] if moved else "acknowledged" if kinds else "issued")
    first = next((one.at for one in steps if one.kind == "feedback"), None)
    assert found.late is (first is not None and first > due)


@pytest.mark.parametrize(
    "fields",
    [{"leader": ""}, {"post": " "}, {"channel": "pigeon"}, {"text": "字" * 4001}, {"what": ""},
     {"received_at": "soon"}, {"due_at": "2026-01-01"}, {"read_back": "yes"}, {"lead": 5},
     {"assist": "a"}, {"assist": ["a"] * 60}, {"more": 1},
     {"due_at": "9999-12-31T23:59:59-10:00"}, {"due_at": "2199-12-31T23:59:59Z"}],
    ids=range(14),
)  # fmt: skip
def test_the_api_takes_nothing_that_is_no_directive(duty, made, fields):
    factories.organisation("dept-fire")
    now = datetime.now(UTC)
    body = {"leader": "王", "post": "书记", "channel": "written", "text": "a", "what": "b"}
    body |= {"received_at": now.isoformat(), "due_at": (now + HOUR).isoformat()}
    api = Api(duty)
    address = f"/incidents/{made.pk}/directives"
    assert api.post(address, **body, lead="dept-fire").status_code == 201
    assert api.post(address, **{"lead": "dept-fire"} | body | fields).status_code == 422
    assert Directive.objects.count() == 1


def look(row, percent):
    """What the watch does when so much of the time has passed."""
    begun = row.recorded_at
    return remind(now=begun + (row.due_at - begun) * percent / 100 + timedelta(seconds=1))


def given():
    return [(one.organisation, one.percent) for one in TaskReminder.objects.order_by("recorded_at")]


def test_who_has_not_answered_is_reminded_once_at_each_mark(duty, made):
    row = directive(duty, made, assist=[])
    assert (look(row, 49), given()) == (0, [])
    assert (look(row, 50), look(row, 60), given()) == (1, 0, [("dept-fire", 50)])
    assert (look(row, 100), look(row, 300)) == (1, 0)
    assert given() == [("dept-fire", 50), ("dept-fire", 100)]
    assert "shift_leader" in TaskReminder.objects.get(percent=100).roles
    assert len(told("task.reminded")) == 2


def test_who_has_answered_is_not_reminded_until_it_is_returned(duty, made):
    row = directive(duty, made, assist=[])
    task = task_of(row)
    step(factories.officer("liaison", "dept-fire"), task, "feedback")
    assert look(row, 80) == 0
    step(duty, task, "returned", "不够")
    assert look(row, 80) == 1
    step(duty, task, "feedback")
    step(duty, task, "done")
    assert look(row, 100) == 0


def test_only_who_recorded_it_reminds_and_not_of_what_is_closed(duty, made):
    row = directive(duty, made, assist=[])
    Task.objects.update(home="xian-yanta")
    assert look(row, 100) == 0
    Task.objects.update(home="xian")
    Incident.objects.filter(pk=made.pk).update(state="archived")
    assert look(row, 100) == 0


def test_none_is_recorded_on_an_incident_that_is_closed(duty, made):
    Incident.objects.filter(pk=made.pk).update(state="concluded")
    with pytest.raises(WrongState):
        directive(duty, made)


def test_a_unit_that_no_way_leads_to_is_given_nothing(duty, made):
    factories.organisation("610116", node="xian-changan")
    with pytest.raises(Invalid) as refused:
        directive(duty, made, lead="610116")
    assert list(refused.value.fields) == ["lead"] and not told("task.issued")

"""What an exercise found: who records it, who corrects it, and what becomes of the plan."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from drills.models import Exercise, Improvement, Progress
from drills.selectors_improvement import items, notes_on_plans, standing
from drills.services import conduct, improvement
from emergency.errors import SameIdOtherContent, StaleRevision, WrongState
from realtime.models import Envelope
from realtime.problems import Invalid, NotAllowed
from tests import factories
from tests.drills.test_evaluation import exercise, running  # noqa: F401
from tests.emergency.pages import text

TOMORROW = timedelta(days=1)


def told(**fields) -> dict:
    base = {
        "kind": "plan", "severity": "grave", "text": "预案未写明汽车泵站", "cause": "多年未修订",
        "action": "增补附件三", "owner": "dept-fire", "due": timezone.localdate() + TOMORROW,
        "row": "",
    }  # fmt: skip
    return base | fields


@pytest.fixture
def over(planner, running) -> Exercise:  # noqa: F811
    conduct.end_exercise(actor=planner, exercise=running)
    running.refresh_from_db()
    return running


@pytest.fixture
def found(planner, over) -> Improvement:
    return improvement.record_finding(actor=planner, exercise=over, **told())


@pytest.fixture
def owner():
    return factories.officer("duty_officer", "dept-fire")


def report(actor, found, kind, words="已增补"):
    return improvement.report_progress(actor=actor, improvement=found, kind=kind, text=words)


def test_its_owner_corrects_it_and_the_office_verifies(planner, found, owner):
    assert standing(found) == "open"
    report(owner, found, "done")
    assert standing(found) == "done"
    report(planner, found, "reopened", "附件三缺泵站电话")
    assert standing(found) == "open"
    report(owner, found, "done", "电话已补")
    report(planner, found, "verified", "查附件三")
    [item] = items([found.exercise], timezone.localdate())
    assert item.state == "verified" and len(item.lines) == 4 and not item.overdue


def test_only_the_office_records_and_verifies_and_only_the_owner_corrects(over, found, owner):
    police = factories.officer("duty_officer", "dept-police")
    for officer in (owner, police):
        with pytest.raises(NotAllowed):
            improvement.record_finding(actor=officer, exercise=over, **told())
        with pytest.raises(NotAllowed):
            improvement.change_finding(actor=officer, improvement=found, rev=1, **told())
    with pytest.raises(NotAllowed):
        report(police, found, "done")
    report(owner, found, "done")
    with pytest.raises(NotAllowed):
        report(owner, found, "verified")
    with pytest.raises(NotAllowed):
        report(factories.officer("observer", "dept-fire"), found, "done")
    assert standing(found) == "done"


def test_nothing_is_verified_that_is_not_done_and_nothing_done_twice(planner, found, owner):
    with pytest.raises(WrongState):
        report(planner, found, "verified")
    report(owner, found, "done")
    with pytest.raises(WrongState):
        report(owner, found, "done", "又一次")
    with pytest.raises(Invalid):
        report(planner, found, "verified", " ")
    assert Progress.objects.count() == 1


def test_a_finding_is_recorded_when_it_is_over_with_an_owner_and_a_day_to_come(
    planner,
    running,  # noqa: F811
):
    with pytest.raises(WrongState):
        improvement.record_finding(actor=planner, exercise=running, **told())
    conduct.end_exercise(actor=planner, exercise=running)
    running.refresh_from_db()
    yesterday = timezone.localdate() - TOMORROW
    for wrong in ({"owner": "610122"}, {"owner": ""}, {"due": yesterday}):
        with pytest.raises(Invalid):
            improvement.record_finding(actor=planner, exercise=running, **told(**wrong))
    assert not Improvement.objects.exists()


def test_the_same_finding_twice_is_one_and_is_changed_by_who_saw_the_newest(planner, over):
    id = uuid.uuid4()
    for _press in range(2):
        made = improvement.record_finding(actor=planner, exercise=over, id=id, **told())
    with pytest.raises(SameIdOtherContent):
        improvement.record_finding(actor=planner, exercise=over, id=id, **told(text="别的"))
    improvement.change_finding(actor=planner, improvement=made, rev=1, **told(text="改写"))
    with pytest.raises(StaleRevision):
        improvement.change_finding(actor=planner, improvement=made, rev=1, **told(text="旧"))
    assert [one.text for one in Improvement.objects.all()] == ["改写"]
    assert Envelope.objects.filter(type="improvement.recorded").count() == 2


def test_a_finding_about_the_plan_marks_it_until_it_is_verified(planner, office, found, owner):
    assert "待修订（演练问题 1 项）" in text(office.get("/plans"))
    assert "待修订" in text(office.get(reverse("plan", args=["flood"])))
    report(owner, found, "done")
    assert notes_on_plans(["flood"]), "done is not verified"
    report(planner, found, "verified")
    assert "待修订" not in text(office.get("/plans"))
    report(planner, found, "reopened")
    assert notes_on_plans(["flood"])
    improvement.change_finding(actor=planner, improvement=found, rev=1, **told(kind="people"))
    assert not notes_on_plans(["flood"]) and not notes_on_plans(["other"])


def test_an_owner_whose_clock_is_ahead_does_not_outlive_the_office(planner, found, owner):
    report(owner, found, "done")
    Progress.objects.update(recorded_at=timezone.now() + 365 * TOMORROW)
    report(planner, found, "verified")
    assert standing(found) == "verified"


def test_an_exercise_of_another_home_says_nothing_of_the_plans_here(found):
    assert notes_on_plans(["flood"])
    Exercise.objects.update(home="xian-yanta")
    assert not notes_on_plans(["flood"])


def test_what_is_overdue_stands_first_and_only_while_it_is_to_be_done(planner, over, found, owner):
    later = improvement.record_finding(
        actor=planner, exercise=over, **told(text="晚些", due=date(2099, 1, 1))
    )
    day = timezone.localdate() + 2 * TOMORROW
    assert [(one.improvement.pk, one.overdue) for one in items([over], day)] == [
        (found.pk, True), (later.pk, False),
    ]  # fmt: skip
    report(owner, found, "done")
    assert not any(one.overdue for one in items([over], day))


def test_the_pages_record_a_finding_and_its_progress(office, over, owner):
    address = f"/drills/of/{over.pk}/findings"
    assert "尚未登记问题" in text(office.get(address))
    sent = {name: str(value) for name, value in told().items()} | {"id": str(uuid.uuid4())}
    for _press in range(2):
        assert office.post(address, sent).status_code == 302
    made = Improvement.objects.get()
    client = factories.client(owner)
    page = text(client.get(address))
    assert "预案未写明汽车泵站" in page and "待整改" in page and "登记问题" not in page
    done = client.post(f"{address}/{made.pk}/progress", {"kind": "done", "text": "已增补"})
    assert done.status_code == 302 and standing(made) == "done"
    refused = client.post(f"{address}/{made.pk}/progress", {"kind": "verified", "text": "好"})
    assert refused.status_code in (403, 422)
    bad = office.post(address, sent | {"due": "x", "kind": "y", "text": "", "id": ""})
    assert bad.status_code == 422
    across = text(office.get("/drills/improvements"))
    assert "已整改，待验证" in across and over.title in across


def test_who_takes_no_part_reads_no_finding(over, found):
    client = factories.client(factories.officer("district_officer", "610122"))
    assert client.get(f"/drills/of/{over.pk}/findings").status_code == 404
    assert found.text not in text(client.get("/drills/improvements"))

"""How often a plan is to be exercised: rules, what is overdue, what an exercise changes."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import timezone

from drills import selectors
from drills.models import DueRule, Exercise, Metric
from drills.services import conduct, exercises, rules, script
from tests import factories
from tests.drills.scene import line, said
from tests.emergency.pages import text, told


def held(planner, at: datetime, **fields: Any) -> Exercise:
    """An exercise that took place then."""
    made = exercises.schedule_exercise(actor=planner, **said(**fields))
    Exercise.objects.filter(pk=made.pk).update(starts_at=at)
    made.refresh_from_db()
    return exercises.record_held(actor=planner, exercise=made, rev=1)


def test_an_exercise_that_was_held_moves_what_is_due_of_those_who_took_part(planner):
    for code in ("dept-fire", "dept-police"):
        rules.set_due_rule(
            actor=planner, plan="flood", organisation=code, months=36,
            last_on=date(2021, 3, 1), warn_days=90, source="国办发〔2024〕5号", verified=False,
        )  # fmt: skip
    today = date(2026, 11, 24)
    assert {one.state for one in selectors.standings(today)} == {"overdue"}
    held(planner, datetime(2024, 3, 1, 2, 0, tzinfo=UTC))
    found = {one.rule.organisation: one for one in selectors.standings(today)}
    assert found["dept-fire"].due_on == date(2027, 3, 1) and found["dept-fire"].state == "fine"
    assert found["dept-police"].due_on == date(2024, 3, 1), "who evaluates has not exercised"
    assert [one.rule.organisation for one in selectors.standings(today)] == [
        "dept-police", "dept-fire",
    ]  # fmt: skip


def test_the_overdue_list_is_exact_and_says_what_is_scheduled(office, planner):
    known = {"dept-fire": None, "dept-police": date(2026, 10, 1), "dept-water": date(2020, 1, 1)}
    for code, last in known.items():
        factories.organisation(code)
        rules.set_due_rule(
            actor=planner, plan="flood", organisation=code, months=24, last_on=last,
            warn_days=90, source="a", verified=True,
        )  # fmt: skip
    made = exercises.schedule_exercise(actor=planner, **said())
    found = {one.rule.organisation: one for one in selectors.standings(date(2026, 11, 24))}
    assert {code: str(one.state) for code, one in found.items()} == {
        "dept-fire": "never", "dept-police": "fine", "dept-water": "overdue",
    }  # fmt: skip
    assert (found["dept-fire"].next, found["dept-water"].next) == (made, None)
    shown = text(office.get("/drills"))
    assert "从未演练" in shown and "已逾期" in shown


def test_a_rule_is_set_changed_removed_and_recorded(office):
    factories.organisation("dept-water")
    sent = {"plan": "flood", "organisation": "dept-water", "months": "24", "warn_days": "60",
            "last_on": "2024-03-01", "source": "市预案办法"}  # fmt: skip
    assert office.post("/drills/rules", sent).status_code == 302
    assert office.post("/drills/rules", sent).status_code == 302
    assert office.post("/drills/rules", sent | {"months": "12"}).status_code == 302
    rule = DueRule.objects.get()
    assert "2025-03-01" in text(office.get("/drills/rules"))
    assert office.post(f"/drills/rules/{rule.pk}/remove").status_code == 302
    assert office.post(f"/drills/rules/{rule.pk}/remove").status_code == 404
    assert len(told("table.changed")) == 3 and not DueRule.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [{"months": "0"}, {"months": "121"}, {"plan": "quake"}, {"organisation": "gone"},
     {"last_on": "2199-01-01"}, {"last_on": "heute"}, {"source": ""}, {"warn_days": "-1"}],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_refused(office, fields):
    sent = {"plan": "flood", "organisation": "dept-fire", "months": "24", "warn_days": "60",
            "source": "a"}  # fmt: skip
    assert office.post("/drills/rules", sent | fields).status_code == 422
    assert not DueRule.objects.exists()


def test_a_metric_is_changed_on_its_page_and_counts_for_injects_from_then_on(office):
    sent = {"metric": "T1", "target": "2", "limit": "9", "source": "局令", "verified": "on"}
    assert office.post("/drills/metrics", sent).status_code == 302
    assert office.post("/drills/metrics", sent).status_code == 302
    kept = Metric.objects.get(pk="T1")
    assert (kept.target, kept.limit, kept.source, kept.verified) == (2, 9, "局令", True)
    (told_once,) = told("table.changed")
    assert "metrics" in bytes(told_once.public).decode()
    assert "局令" in text(office.get("/drills/metrics"))


@pytest.mark.parametrize(
    "fields",
    [{"metric": "Z9"}, {"metric": ""}, {"target": "9"}, {"target": "-1"}, {"limit": "x"},
     {"limit": "100001"}, {"source": ""}],
)  # fmt: skip
def test_a_metric_that_cannot_be_is_refused(office, fields):
    sent = {"metric": "T1", "target": "2", "limit": "9", "source": "局令"} | fields
    assert office.post("/drills/metrics", sent).status_code == 422
    assert told("table.changed") == []


@pytest.mark.parametrize("role", ["duty_officer", "observer", "system_admin"])
def test_only_the_emergency_office_changes_a_metric(node, role):
    client = factories.client(factories.officer(role))
    sent = {"metric": "T1", "target": "2", "limit": "9", "source": "局令"}
    assert client.post("/drills/metrics", sent).status_code == 403
    assert client.get("/drills/metrics").status_code == 403


def test_an_exercise_that_ran_before_its_planned_day_counts_from_the_day_on_which_it_ran(planner):
    for code in ("dept-fire", "dept-police"):
        factories.organisation(code)
    made = exercises.schedule_exercise(actor=planner, **said())
    script.write_inject(actor=planner, exercise=made, **line(1, minutes=0))
    conduct.start_exercise(actor=planner, exercise=made)
    conduct.end_exercise(actor=planner, exercise=made)
    rules.set_due_rule(
        actor=planner, plan="flood", organisation="dept-fire", months=12, last_on=None,
        warn_days=30, source="a", verified=True,
    )  # fmt: skip
    today = timezone.localdate()
    [standing] = selectors.standings(today)
    assert standing.last_on == today, "not the day in a month for which it was planned"

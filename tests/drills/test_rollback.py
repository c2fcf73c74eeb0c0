"""Whatever the log does not take has not happened: every service of drills."""

from datetime import UTC, datetime, timedelta
from inspect import isfunction
from typing import Any

import pytest
from django.db import transaction

from drills.models import (
    Clock,
    Criteria,
    Delivery,
    DueRule,
    Exercise,
    Improvement,
    Inject,
    Mark,
    Metric,
    Progress,
    ScaleValue,
)
from drills.services import answers, conduct, evaluation, exercises, improvement, rules, script
from emergency.services import incidents
from realtime import log
from realtime.models import Envelope, Share
from tests import factories
from tests.drills.scene import PEOPLE, line, said
from tests.drills.test_improvement import told as found
from tests.emergency import pictures


class DiskFull(Exception):
    """Stands for whatever keeps an envelope from being written."""


ACTS = {
    "schedule": lambda s: exercises.schedule_exercise(actor=s["actor"], **said(title="乙")),
    "change": lambda s: exercises.change_exercise(
        actor=s["actor"], exercise=s["made"], rev=1, **said(title="乙")
    ),
    "cancel": lambda s: exercises.cancel_exercise(
        actor=s["actor"], exercise=s["made"], rev=1, reason="a"
    ),
    "held": lambda s: exercises.record_held(actor=s["actor"], exercise=s["past"], rev=1),
    "rule": lambda s: rules.set_due_rule(
        actor=s["actor"], plan="flood", organisation="dept-fire", months=1, last_on=None,
        warn_days=1, source="a", verified=True,
    ),
    "metric": lambda s: rules.set_metric(
        actor=s["actor"], metric="T1", target=2, limit=9, source="a", verified=True
    ),
    "scale": lambda s: rules.set_scale_value(
        actor=s["actor"], scale="five", value="4", points=81, source="a", verified=True
    ),
    "criteria": lambda s: evaluation.set_criteria(
        actor=s["actor"], exercise=s["running"], rev=1, items=[CRITERION]
    ),
    "first criteria": lambda s: evaluation.ensure_criteria(s["made"], s["actor"]),
    "mark": lambda s: evaluation.give_mark(
        actor=s["actor"], exercise=s["judged"], row=s["row"], value="4"
    ),
    "finding": lambda s: improvement.record_finding(
        actor=s["actor"], exercise=s["over"], **found()
    ),
    "finding anew": lambda s: improvement.change_finding(
        actor=s["actor"], improvement=s["improvement"], rev=1, **found(text="乙")
    ),
    "progress": lambda s: improvement.report_progress(
        actor=s["actor"], improvement=s["improvement"], kind="done", text="已改"
    ),
    "remove rule": lambda s: rules.remove_due_rule(actor=s["actor"], rule=s["rule"]),
    "write": lambda s: script.write_inject(actor=s["actor"], exercise=s["made"], **line(3)),
    "say anew": lambda s: script.change_inject(
        actor=s["actor"], inject=s["inject"], rev=1, **line(1, content="乙")
    ),
    "take out": lambda s: script.cancel_inject(actor=s["actor"], inject=s["inject"], rev=1),
    "put back": lambda s: script.put_back_inject(actor=s["actor"], inject=s["out"], rev=2),
    "take in": lambda s: script.take_script(
        actor=s["actor"], exercise=s["made"], lines=[line(1, content="乙"), line(2), line(8)]
    ),
    "attach": lambda s: script.attach(
        actor=s["actor"], inject=s["inject"], rev=1, name="a", file=pictures.jpeg(open=True)
    ),
    "start": lambda s: conduct.start_exercise(actor=s["actor"], exercise=s["ready"]),
    "pause": lambda s: conduct.pause_clock(actor=s["actor"], exercise=s["running"]),
    "resume": lambda s: conduct.resume_clock(actor=s["actor"], exercise=s["paused"]),
    "speed": lambda s: conduct.set_speed(actor=s["actor"], exercise=s["running"], speed=4),
    "jump": lambda s: conduct.jump_clock(actor=s["actor"], exercise=s["running"], minute=60),
    "end": lambda s: conduct.end_exercise(actor=s["actor"], exercise=s["running"]),
    "abort": lambda s: conduct.abort_exercise(
        actor=s["actor"], exercise=s["running"], reason="险情"
    ),
    "send": lambda s: conduct.send_inject(actor=s["actor"], inject=s["running"].injects.get()),
    "skip": lambda s: conduct.skip_inject(actor=s["actor"], inject=s["running"].injects.get()),
    "answer": lambda s: answers.answer_inject(
        actor=s["player"], delivery=s["delivery"], incident=s["incident"]
    ),
    "open": lambda s: answers.open_after_end(),
    "due": lambda s: deliver_late(s["running"]),
    "detach": lambda s: script.detach(
        actor=s["actor"], inject=s["filed"], rev=2, sha256=s["filed"].attachments[0]["sha256"]
    ),
}  # fmt: skip


CRITERION = {"id": "", "organisation": "", "objective": "", "text": "甲", "scale": "five",
             "weight": 1, "veto": False}  # fmt: skip


def played(planner) -> dict[str, Any]:
    """An exercise in which something was written down and not answered, one that has ended and
    whose other node does not hold what was played."""
    factories.peer()
    factories.organisation("610113", node="xian-yanta")
    player = factories.officer("district_officer", "dept-fire")
    people = [*PEOPLE[:2], {"organisation": "610113", "part": "play"}]
    for title in ("live", "over"):
        made = exercises.schedule_exercise(actor=planner, **said(title=title, participants=people))
        truth = line()["truth"] | {"share_with": []}
        script.write_inject(actor=planner, exercise=made, **line(1, minutes=0, truth=truth))
        conduct.start_exercise(actor=planner, exercise=made)
        found, _new = incidents.report_incident(
            actor=player, title=title, type_code="11D02", realm=made.realm
        )
        if title == "live":
            delivery, incident = made.deliveries.get(), found
    conduct.end_exercise(actor=planner, exercise=made)
    return {"player": player, "delivery": delivery, "incident": incident}


def deliver_late(running: Exercise) -> None:
    """What the timer does when an hour has passed."""
    before, conduct.wall = conduct.wall, lambda: datetime.now(UTC) + timedelta(hours=1)
    try:
        conduct.deliver_due()
    finally:
        conduct.wall = before


@pytest.mark.parametrize("name", ACTS)
def test_what_the_log_does_not_take_has_not_happened(planner, monkeypatch, name):
    scene: dict[str, Any] = {"actor": planner}
    scene["made"] = exercises.schedule_exercise(actor=planner, **said())
    scene["past"] = exercises.schedule_exercise(actor=planner, **said(title="旧"))
    Exercise.objects.filter(pk=scene["past"].pk).update(starts_at=datetime(2026, 1, 1, tzinfo=UTC))
    scene["past"].refresh_from_db()
    scene["rule"] = rules.set_due_rule(
        actor=planner, plan="flood", organisation="dept-police", months=1, last_on=None,
        warn_days=1, source="a", verified=True,
    )  # fmt: skip

    given = {"actor": planner, "exercise": scene["made"]}
    scene["inject"] = script.write_inject(**given, **line(1))
    out = script.write_inject(**given, **line(2))
    scene["out"] = script.cancel_inject(actor=planner, inject=out, rev=1)
    scene["filed"] = script.attach(
        actor=planner, inject=script.write_inject(**given, **line(4)), rev=1, name="a",
        file=pictures.jpeg(open=True),
    )  # fmt: skip

    for one in ("ready", "running", "paused"):
        scene[one] = exercises.schedule_exercise(actor=planner, **said(title=one))
        at = {"actor": planner, "exercise": scene[one]}
        script.write_inject(**at, **line(5, expected=[]))
        if one != "ready":
            conduct.start_exercise(**at)
    conduct.pause_clock(actor=planner, exercise=scene["paused"])
    scene |= played(planner)
    scene["judged"] = scene["paused"]
    criteria = evaluation.set_criteria(
        actor=planner, exercise=scene["judged"], rev=1, items=[CRITERION]
    )
    scene["row"] = criteria.items[0]["id"]

    scene["over"] = exercises.schedule_exercise(actor=planner, **said(title="已结束"))
    Exercise.objects.filter(pk=scene["over"].pk).update(state=Exercise.State.HELD)
    scene["over"].refresh_from_db()
    scene["improvement"] = improvement.record_finding(
        actor=planner, exercise=scene["over"], **found()
    )

    def rows() -> list:
        tables = (
            Exercise, DueRule, Inject, Clock, Delivery, Metric, Share, Envelope, Criteria, Mark,
            Improvement, Progress,
            ScaleValue,
        )  # fmt: skip
        return [list(table.objects.order_by("pk").values()) for table in tables]

    def full(*_args, **_fields):
        raise DiskFull

    before, written = rows(), log.append
    monkeypatch.setattr(log, "append", full)
    with pytest.raises(DiskFull), transaction.atomic():
        ACTS[name](scene)
    assert rows() == before
    monkeypatch.setattr(log, "append", written)
    again = {one: Inject.objects.get(pk=scene[one].pk) for one in ("inject", "out", "filed")}
    ACTS[name](scene | again | {"rule": DueRule.objects.get()})
    assert rows() != before


def test_every_service_of_drills_is_among_the_acts():
    verbs = {
        name
        for module in (answers, conduct, evaluation, exercises, improvement, rules, script)
        for name, value in vars(module).items()
        if isfunction(value) and value.__module__ == module.__name__
        if not name.startswith("_") and name != "wall"
    }
    assert len(verbs) == len(ACTS)

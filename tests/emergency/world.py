"""An incident that all viewers see, those who act on it, and every act whose events they see.

Owns: one act for each type of event about incidents. Promises: each act appends that type. Must not
know: what viewers are shown (test_sync_law.py).
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings

from emergency.deadlines import services as deadlines
from emergency.directives import reminders
from emergency.directives import services as directives
from emergency.models import Incident, Reach, Report, ReportDraft, Request
from emergency.plans.services import responses, tasks
from emergency.reporting import services as reports
from emergency.rounds import services as rounds
from emergency.services import (
    attachments,
    entries,
    homes,
    incidents,
    reaching,
    receipts,
    requests,
    ties,
)
from emergency.supplements import services as supplements
from tests import factories
from tests.emergency.desk import HERE, NEXT_DOOR, districts
from tests.emergency.pictures import jpeg
from tests.emergency.verbs_duty import directive

PHONE = "phone-of-the-reporter"


class World:
    """An incident that all viewers see, and those who act on it."""

    def __init__(self):
        districts()
        self.actor = factories.officer("shift_leader")
        self.county = factories.organisation("s4")
        self.fire = factories.organisation("dept-fire")
        factories.organisation("s7")
        self.incident = self.report()
        self.entry = entries.write_entry(actor=self.actor, incident=self.incident, text="one")
        for organisation in (self.county, self.fire):
            self.open(organisation)

    def report(self, **fields: Any) -> Incident:
        around = ties.surroundings(*HERE)
        person = {"reporter": {"phone": PHONE}}
        place = {"lon": HERE[0], "lat": HERE[1], "around": around}
        return factories.incident(self.actor, **place | person | fields)

    def fresh(self) -> dict[str, Any]:
        self.incident.refresh_from_db()
        return {"actor": self.actor, "incident": self.incident}

    def open(self, organisation: Any) -> None:
        reaching.open_to(**self.fresh(), organisation=organisation)

    def move(self, point: tuple[float, float]) -> None:
        place = {"lon": point[0], "lat": point[1], "around": ties.surroundings(*point)}
        incidents.change_incident(**self.fresh(), rev=self.incident.rev, **place)

    def advance(self) -> None:
        incidents.advance_incident(**self.fresh(), rev=self.incident.rev, step="verify")


def ask(world: World) -> Request:
    """A request, as if the incident were at home on another node."""
    kept = Incident.objects.filter(pk=world.incident.pk)
    kept.update(home="xian-yanta")
    due = datetime.now(UTC) + timedelta(minutes=30)
    made = requests.make_request(**world.fresh(), kind="support", text="1 队", due_at=due)
    kept.update(home=settings.NODE_ID)
    return made


def receive(world: World, kind: str) -> None:
    """By a department that was shown it; the desk in charge gives no receipt."""
    reaching.open_to(**world.fresh(), organisation=world.fire)
    reader = factories.officer("liaison", world.fire.code)
    receipts.give_receipt(actor=reader, incident=world.fresh()["incident"], kind=kind)


def answer(world: World) -> None:
    made = Request.objects.get(pk=ask(world).pk)
    requests.answer_request(actor=world.actor, request=made, outcome="accepted")


def hand_over(world: World) -> None:
    factories.peer(live=True)
    homes.hand_over(**world.fresh(), rev=world.incident.rev, node="xian-yanta")


def take_over(world: World) -> None:
    factories.peer()
    Incident.objects.filter(pk=world.incident.pk).update(home="xian-yanta")
    homes.take_over(**world.fresh())


def show_here(world: World, code: str) -> None:
    """By this node alone, as if the incident were at home on another."""
    Incident.objects.filter(pk=world.incident.pk).update(home="xian-yanta")
    world.open(factories.organisation(code))


def end_here(world: World) -> None:
    show_here(world, "dept-police")
    Reach.objects.filter(incident=world.incident, organisation="dept-fire").update(ground="here")
    reaching.close_to(**world.fresh(), organisation=world.fire)


def activate(world: World) -> None:
    """By tasks for the fire service and the police, of which one saw it before."""
    factories.organisation("dept-police")
    world.open(world.fire)
    responses.activate_plan(**world.fresh(), **factories.activation())


def take_step(world: World, kind: str) -> None:
    activate(world)
    task = world.fresh()["incident"].tasks.get(organisation="dept-fire")
    reader = factories.officer("liaison", world.fire.code)
    tasks.take_step(actor=reader, task=task, kind=kind, text="到场")


def order_rounds(world: World) -> None:
    """The county that sees it reports every hour."""
    activate(world)
    rounds.order_rounds(
        **world.fresh(),
        activation=world.fresh()["incident"].activations.get(),
        every=60,
        reporters=[world.county],
    )


def report_round(world: World) -> None:
    order_rounds(world)
    order = world.fresh()["incident"].roundorders.get().pk
    said = {"order": order, "no": 1, "organisation": world.county.pk, "nothing_new": True}
    rounds.report_round(**world.fresh(), **said)


def remind_of_round(world: World) -> None:
    order_rounds(world)
    rounds.remind(now=datetime.now(UTC) + timedelta(minutes=61))


def remind_of_casualties(world: World) -> None:
    """One more has died since the first report."""
    reports.sign_draft(actor=world.actor, draft=submit(world))
    incidents.change_incident(**world.fresh(), rev=world.incident.rev, dead=1)
    supplements.remind()


def end_response(world: World) -> None:
    activate(world)
    responses.end_response(**world.fresh(), plan="flood", text="雨停")


def submit(world: World) -> ReportDraft:
    return reports.submit_draft(**world.fresh(), **factories.report_said(world.incident))


def take(world: World) -> None:
    """By the fire service, as if another node had made the report."""
    world.open(world.fire)
    report = reports.make_first_report(**world.fresh(), kind="phone", recipient="省")
    Report.objects.filter(pk=report.pk).update(home="xian-yanta")
    reader = factories.officer("liaison", world.fire.code)
    reports.take_report(actor=reader, report=Report.objects.get(pk=report.pk))
    Report.objects.filter(pk=report.pk).update(home=settings.NODE_ID)


def run_out(world: World, minutes: int) -> None:
    """The limits of the incident so many minutes after its receipt."""
    at = world.fresh()["incident"].received_at + timedelta(minutes=minutes)
    deadlines.settle([world.incident.pk], now=at)
    deadlines.remind(now=at)


def meet(world: World) -> None:
    run_out(world, 1)
    reports.make_first_report(**world.fresh(), kind="phone", recipient="省")
    run_out(world, 2)


def stop(world: World) -> None:
    run_out(world, 1)
    said = {"step": "dismiss", "reason": "误报"}
    incidents.advance_incident(**world.fresh(), rev=world.incident.rev, **said)
    run_out(world, 2)


def change(world: World) -> None:
    fields = {"title": "新", "dead": None, "injured": 3, "loss_cny": None, "grade": 2}
    incidents.change_incident(**world.fresh(), rev=world.incident.rev, **fields)


def record(world: World) -> None:
    """A directive for the fire service, which sees the incident already."""
    directives.record_directive(**world.fresh(), **directive())


def remind_of_directive(world: World) -> None:
    """Nobody has answered it in time."""
    record(world)
    reminders.remind(now=datetime.now(UTC) + timedelta(hours=2))


def give_back(world: World) -> None:
    """Its feedback was not enough."""
    record(world)
    task = world.incident.tasks.get()
    for kind in ("feedback", "returned"):
        tasks.take_step(actor=world.actor, task=task, kind=kind, text="a")


ACTS: dict[str, Callable[[World], object]] = {
    "incident.reported": lambda w: w.report(title="another", dead=0),
    "incident.changed": change,
    "incident.changed (moved away)": lambda w: w.move(NEXT_DOOR),
    "incident.changed (moved and back)": lambda w: (w.move(NEXT_DOOR), w.move(HERE)),
    "incident.advanced": lambda w: w.advance(),
    "incident.opened_to": lambda w: w.open(factories.organisation("dept-police")),
    "incident.closed_to": lambda w: reaching.close_to(**w.fresh(), organisation=w.fire),
    "incident.handed_over": hand_over,
    "incident.taken_over": take_over,
    "showing.begun": lambda w: show_here(w, "dept-police"),
    "showing.begun (to the viewer)": lambda w: (end_here(w), w.open(w.fire)),
    "showing.ended": end_here,
    "request.made": ask,
    "receipt.opened": lambda w: receive(w, "opened"),
    "receipt.acknowledged": lambda w: receive(w, "acknowledged"),
    "request.answered": answer,
    "plan.activated": activate,
    "plan.ended": end_response,
    "task.issued": activate,
    "task.acknowledged": lambda w: take_step(w, "acknowledged"),
    "task.feedback": lambda w: take_step(w, "feedback"),
    "task.done": lambda w: take_step(w, "done"),
    "directive.recorded": record,
    "task.returned": give_back,
    "task.reminded": remind_of_directive,
    "report.made": lambda w: reports.make_first_report(**w.fresh(), kind="phone", recipient="省"),
    "report.issued": lambda w: reports.sign_draft(actor=w.actor, draft=submit(w)),
    "report.taken": take,
    "draft.submitted": submit,
    "draft.closed": lambda w: reports.withdraw_draft(actor=w.actor, draft=submit(w)),
    "round.ordered": order_rounds,
    "round.reported": report_round,
    "round.reminded": remind_of_round,
    "supplement.reminded": remind_of_casualties,
    "deadline.reminded": lambda w: run_out(w, 40),
    "deadline.met": meet,
    "deadline.stopped": stop,
    "entry.written": lambda w: entries.write_entry(**w.fresh(), text="two"),
    "entry.corrected": lambda w: entries.correct_entry(actor=w.actor, entry=w.entry, text="2"),
    "entry.struck": lambda w: entries.strike_entry(actor=w.actor, entry=w.entry, reason="r"),
    "attachment.added": lambda w: attachments.add_attachment(
        **w.fresh(), name="a", file=jpeg(open=True)
    ),
    "tie.made": lambda w: ties.append(
        ties.make(incident=w.incident, around=ties.surroundings(*NEXT_DOOR), reason="layers"),
        actor="system",
    ),
}

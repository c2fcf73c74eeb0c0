"""The sync law: an old snapshot and the events since then are the new snapshot.

For every type that tells of incidents and for each kind of viewer: the events are applied as a
browser does it, newer replaces older, each twice and with an overlap on purpose.
"""

import copy
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from django.conf import settings

from emergency.deadlines import services as deadlines
from emergency.models import Incident, Officer, Reach, Report, ReportDraft, Request
from emergency.plans.services import responses, tasks
from emergency.reporting import services as reports
from emergency.services import attachments, entries, homes, incidents, receipts, requests, ties
from realtime import access, log, registry
from realtime.hub import Frames
from tests import factories
from tests.emergency.desk import HERE, NEXT_DOOR, Api, districts
from tests.emergency.pictures import jpeg

PHONE = "phone-of-the-reporter"
KINDS = {
    "entry": "entries",
    "attachment": "attachments",
    "tie": "ties",
    "request": "requests",
    "answer": "answers",
    "receipt": "receipts",
    "activation": "activations",
    "end": "ends",
    "task": "tasks",
    "step": "task_steps",
    "report": "reports",
    "taken": "report_receipts",
    "draft": "drafts",
    "elapsed": "deadline_steps",
}
State = dict[str, dict[str, Any]]  # subject to item


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
        incidents.open_to(**self.fresh(), organisation=organisation)

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
    incidents.open_to(**world.fresh(), organisation=world.fire)
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
    incidents.close_to(**world.fresh(), organisation=world.fire)


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


ACTS: dict[str, Callable[[World], object]] = {
    "incident.reported": lambda w: w.report(title="another", dead=0),
    "incident.changed": change,
    "incident.changed (moved away)": lambda w: w.move(NEXT_DOOR),
    "incident.changed (moved and back)": lambda w: (w.move(NEXT_DOOR), w.move(HERE)),
    "incident.advanced": lambda w: w.advance(),
    "incident.opened_to": lambda w: w.open(factories.organisation("dept-police")),
    "incident.closed_to": lambda w: incidents.close_to(**w.fresh(), organisation=w.fire),
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
    "report.made": lambda w: reports.make_first_report(**w.fresh(), kind="phone", recipient="省"),
    "report.issued": lambda w: reports.sign_draft(actor=w.actor, draft=submit(w)),
    "report.taken": take,
    "draft.submitted": submit,
    "draft.closed": lambda w: reports.withdraw_draft(actor=w.actor, draft=submit(w)),
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
VIEWERS = [("duty_officer", "610100"), ("liaison", "dept-fire"), ("district_officer", "s4")]


def snapshot(api: Api) -> State:
    """What the API shows this viewer: the list, and everything written about each."""
    found: State = {}
    for item in api.get("/incidents", state="all").json()["items"]:
        found[f"incident/{item['id']}"] = item
        detail = api.get(f"/incidents/{item['id']}").json()
        assert {name: detail[name] for name in item} == item
        for kind, name in KINDS.items():
            found |= {f"{kind}/{part['id']}": part for part in detail[name]}
    return found


def frames(viewer: Officer, after: int) -> list[dict[str, Any]]:
    """What the feed sends this viewer of the rows after a position."""
    rights = access.resolver().user_rights(viewer)
    rows = log.read_after(after, 1000)
    scopes = access.resolver().scopes({row.about for row in rows})
    found = []
    for row in rows:
        topic = registry.find(row.type).topic
        frame = Frames(row).seen_by(rights, "real", frozenset({"incidents"}), topic, scopes)
        if frame:
            found.append(orjson.loads(frame.payload))
    return found


def applied(old: State, told: list[dict[str, Any]], fetch: Callable[[str], State]) -> State:
    """Replace if newer; what is gone goes with all about it; what appears is fetched once."""
    new = copy.deepcopy(old)
    for frame in told:
        subject = frame["subject"]
        if frame["kind"] == "gone":
            pk = subject.partition("/")[2]
            new = {
                name: item
                for name, item in new.items()
                if name != subject and item.get("incident") != pk
            }
            continue
        showing = subject.startswith("showing/")  # not of the incident: what it says is fetched
        if showing or frame["about"] not in new:
            new |= fetch(frame["about"])
        if showing:
            continue
        known = new.get(subject)
        if known is None or newer(frame["item"], known):
            new[subject] = frame["item"]
    return new


def newer(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return (one.get("term", 1), one["rev"]) > (other.get("term", 1), other["rev"])


def test_every_type_about_incidents_is_acted_out():
    about = {name for name, kind in registry.declared().items() if kind.topic == "incidents"}
    declared = {name for name in about if not name.startswith("inject.")}  # no part of an incident
    assert {name.partition(" ")[0] for name in ACTS} == declared


@pytest.mark.parametrize(("role", "code"), VIEWERS, ids=[role for role, _code in VIEWERS])
@pytest.mark.parametrize("act", ACTS)
def test_old_snapshot_and_events_are_the_new_snapshot(node, act, role, code):
    world = World()
    viewer = factories.officer(role, code)
    api = Api(viewer)
    position = log.head().position
    old = snapshot(api)
    ACTS[act](world)
    told = frames(viewer, max(0, position - 3))  # an overlap, on purpose
    new = snapshot(api)

    def fetch(subject: str) -> State:
        pk = subject.partition("/")[2]
        about = {name: item for name, item in new.items() if item.get("incident") == pk}
        return about | {subject: new[subject]}

    once = applied(old, told, fetch)
    assert once == new
    assert applied(once, told, fetch) == new
    if role != "duty_officer":
        assert (PHONE in str(new)) is (role == "district_officer" and bool(new))

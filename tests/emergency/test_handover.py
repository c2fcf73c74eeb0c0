"""Handing over: filled from the data, signed by both, not while an overdue report has no note."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from emergency.deadlines import services as deadlines
from emergency.errors import StaleRevision, WrongState
from emergency.handover import selectors, services
from emergency.handover.open_items import MOST, needs_note, open_items
from emergency.models import Handover, Incident, Report, ReportDraft, Request, Task
from emergency.plans.services import responses
from emergency.reporting import services as reports
from emergency.roster.services import keep_shift
from emergency.rounds import services as rounds
from realtime.problems import Invalid, NotAllowed, NotFound
from tests import factories
from tests.emergency.pages import told
from tests.emergency.test_parallel import PARALLEL, at_once

HOUR = timedelta(hours=1)


def incident(officer, *, ago=0, **fields):
    """An incident that was received so many minutes ago, whose limits run."""
    received = datetime.now(UTC) - timedelta(minutes=ago)
    made = factories.incident(officer, received_at=received, **fields)
    deadlines.settle([made.pk])
    return made


def items(officer):
    return open_items(officer, datetime.now(UTC))[0]


def kinds(officer):
    return [one["kind"] for one in items(officer)]


def note_all(officer, text="市局电话占线，已改用传真"):
    return {one["key"]: text for one in items(officer) if needs_note(one)}


@pytest.fixture
def other(node):
    return factories.officer("shift_leader", name="赵建国")


def sign(officer, **fields):
    return services.sign_handover(actor=officer, **{"notes": note_all(officer)} | fields)


def take(officer, row, **fields):
    said = {"rev": row.rev, "notes": note_all(officer)} | fields
    return services.take_over_shift(actor=officer, handover=row, **said)


def test_it_is_filled_from_the_data_and_signed_by_both(duty, other):
    made = incident(duty, grade=2)
    row = sign(duty, warnings="暴雨橙色预警", faults="2号电台无声", sensitive="无", remarks="")
    assert [one["kind"] for one in row.items] == ["limit", "limit", "incident"]
    assert {one["number"] for one in row.items} == {made.number}
    assert row.items[-1]["grade"] == 2 and row.items[0]["of"] in ("phone", "written")
    assert (row.state, row.taken_at, row.giver_name[-len(duty.name) :]) == (
        "signed",
        None,
        duty.name,
    )
    done = take(other, row)
    assert (done.state, done.rev) == ("taken", 2)
    first, second = told("handover.signed")[0], told("handover.taken")[0]
    assert (first.actor, second.actor) == (row.giver, done.taker)
    assert json.loads(bytes(second.public))["items"] == row.items
    assert (first.audience.split(), first.relay) == (["xian"], "none")


def test_an_overdue_report_without_a_note_holds_it_up_and_is_named(duty, other):
    made = incident(duty, ago=90)
    overdue = [one["key"] for one in items(duty) if one["overdue"]]
    assert len(overdue) == 2
    for notes in ({}, {overdue[0]: "占线"}, {overdue[0]: "占线", overdue[1]: "  "}):
        with pytest.raises(Invalid) as refused:
            sign(duty, notes=notes)
        assert set(refused.value.fields) == set(overdue) - ({overdue[0]} if notes else set())
    assert not Handover.objects.exists() and not told("handover.signed")
    row = sign(duty)
    assert set(row.notes) == set(overdue)
    reports.make_first_report(actor=duty, incident=made, kind="written", recipient="省应急厅")
    deadlines.settle([made.pk])
    assert not any(needs_note(one) for one in items(duty))
    assert set(take(other, row).notes) == set(overdue)


def test_what_became_overdue_after_the_signature_needs_a_note_before_it_is_taken(duty, other):
    row = sign(duty)
    late = incident(duty, ago=90)
    with pytest.raises(Invalid):
        take(other, row, notes={})
    done = take(other, row)
    assert [one["number"] for one in done.items][:2] == [late.number] * 2
    assert len(done.notes) == 2 and done.rev == 2


def test_nobody_takes_over_from_themselves_or_without_having_read_it(duty, other):
    row = sign(duty)
    with pytest.raises(NotAllowed):
        take(duty, row)
    again = sign(duty, remarks="补充")
    assert (again.pk, again.rev) == (row.pk, 2)
    with pytest.raises(StaleRevision):
        take(other, row, rev=1)
    take(other, again)
    with pytest.raises(WrongState):
        take(factories.officer(), again, rev=3)


def test_one_handover_waits_at_a_time(duty, other):
    row = sign(duty)
    with pytest.raises(WrongState):
        sign(other)
    take(other, row)
    assert sign(other).pk != row.pk


def test_of_twenty_who_take_over_at_once_one_does(live_node):
    row = sign(factories.officer())
    people = [factories.officer() for _number in range(PARALLEL)]
    answers = at_once(lambda number: take(people[number], row))
    assert sum(isinstance(one, Handover) for one in answers) == 1
    assert sum(isinstance(one, WrongState) for one in answers) == PARALLEL - 1
    assert len(told("handover.taken")) == 1


def test_what_was_taken_never_changes(duty, other):
    done = take(other, sign(duty))
    before = Handover.objects.values().get()
    incident(duty)
    for act in (lambda: take(duty, done), lambda: take(other, done)):
        with pytest.raises(WrongState):
            act()
    assert Handover.objects.values().get() == before


@pytest.mark.parametrize(
    ("role", "code"),
    [("observer", "610100"), ("liaison", "dept-fire"), ("duty_officer", "s4"),
     ("system_admin", "610100")],
)  # fmt: skip
def test_nobody_but_the_desk_of_the_node_signs_or_reads(duty, role, code):
    row, other = sign(duty), factories.officer(role, code)
    for act in (
        lambda: services.sign_handover(actor=other, notes={}),
        lambda: services.take_over_shift(actor=other, handover=row, rev=1, notes={}),
        lambda: selectors.waiting(other),
        lambda: selectors.taken(other),
        lambda: selectors.handover(other, row.pk),
        lambda: selectors.now_open(other),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_reports_of_other_nodes_that_nobody_took_and_their_incidents_are_told_by_number_alone(
    duty, other
):
    theirs = incident(duty, title="雁塔区的事件")
    Incident.objects.filter(pk=theirs.pk).update(home="xian-yanta", number="xian-yanta-2026-1")
    now = datetime.now(UTC)
    said = {"incident": theirs, "home": "xian-yanta", "realm": "real", "author": "x"}
    said |= {"author_name": "", "recorded_at": now, "reported_at": now}
    Report.objects.create(kind="written", recipient="市", signed_by="x", **said)
    task = {"activation": uuid.uuid4(), "plan": "flood", "no": 1, "due_at": now + HOUR}
    task |= {"organisation": "610100", "organisation_name": "西安市", "text": "调泵车到雁塔区"}
    said.pop("reported_at")
    Task.objects.create(**task, **said)
    assert sorted(kinds(duty)) == ["incident", "receipt", "report", "task"]
    row = sign(duty)
    kept = json.dumps(row.items, ensure_ascii=False)
    assert "雁塔区" not in kept.replace("xian-yanta", "") and '"state"' not in kept
    shown = selectors.shown(other, row.items)
    assert {(one["title"], one["linked"]) for one in shown} == {("雁塔区的事件", True)}
    Incident.objects.filter(pk=theirs.pk).update(realm=f"ex:{uuid.uuid4()}")
    shown = selectors.shown(other, row.items)
    assert {(one["title"], one["linked"]) for one in shown} == {("", False)}


def test_drafts_requests_tasks_and_rounds_are_among_it(duty, other):
    made = incident(duty)
    ReportDraft.objects.all().delete()
    factories.draft(made)
    now = datetime.now(UTC)
    ask = {"incident": made, "home": "xian-yanta", "realm": "real", "author": "x"}
    ask |= {"author_name": "", "recorded_at": now, "due_at": now + HOUR}
    Request.objects.create(kind="support", text="泵车2台", **ask)
    factories.organisation("610122")
    factories.plan(every=60, reporters=["610122"])
    responses.activate_plan(actor=other, incident=made, **factories.activation())
    assert {"draft", "request", "awaited", "limit", "incident"} <= set(kinds(duty))
    shown = selectors.shown(duty, items(duty))
    assert all(one["text"] for one in shown)
    made.tasks.update(organisation=duty.organisation_id)
    assert "task" in kinds(duty)


def test_a_round_that_this_desk_owes_and_missed_needs_a_note(duty, other):
    made = incident(duty)
    factories.plan(every=60, reporters=["610100"])
    responses.activate_plan(actor=other, incident=made, **factories.activation())
    later = datetime.now(UTC) + timedelta(minutes=3 * 60 + 1)
    found = [one for one in open_items(duty, later)[0] if one["kind"] == "round"]
    assert [(one["nos"], needs_note(one)) for one in found] == [([1, 2, 3], True), ([4], False)]
    order = made.roundorders.get()
    again = open_items(duty, later + HOUR)[0]
    keys = {one["key"] for one in again if needs_note(one)}
    assert keys.isdisjoint(one["key"] for one in found if needs_note(one))
    code = order.reporters[0]["organisation"]
    rounds.report_round(
        actor=duty, incident=made, order=order.pk, no=1, organisation=code, nothing_new=True
    )
    found = [one for one in open_items(duty, later)[0] if one["kind"] == "round"]
    assert [one["nos"] for one in found] == [[2, 3], [4]]


def test_a_form_that_is_sent_again_after_it_was_taken_makes_no_other_handover(duty, other):
    pk = uuid.uuid4()
    assert sign(duty, id=pk) == sign(duty, id=pk)
    take(other, Handover.objects.get())
    with pytest.raises(WrongState):
        sign(duty, id=pk)
    assert Handover.objects.get().state == "taken"


def test_what_is_overdue_is_never_left_out(duty, monkeypatch):
    for _number in range(3):
        incident(duty, ago=90)
    monkeypatch.setattr("emergency.handover.open_items.MOST", 4)
    found, left = open_items(duty, datetime.now(UTC))
    assert (len(found), left) == (6, 3) and all(needs_note(one) for one in found)
    assert MOST > 100


def test_of_an_exercise_nothing_is_told(duty):
    made = incident(duty, ago=90)
    Incident.objects.filter(pk=made.pk).update(realm=f"ex:{uuid.uuid4()}")
    assert items(duty) == []


def test_the_shift_that_runs_is_named(duty, other):
    now = datetime.now(UTC)
    people = [{"post": "main", "username": duty.username, "name": "", "phone": ""}]
    made = keep_shift(actor=other, starts_at=now - HOUR, ends_at=now + HOUR, people=people)
    assert sign(duty).shift == made.pk


def test_a_handover_that_there_is_not_is_not_found(duty):
    with pytest.raises(NotFound):
        selectors.handover(duty, uuid.uuid4())
    assert selectors.waiting(duty) is None

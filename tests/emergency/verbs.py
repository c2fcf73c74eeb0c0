"""What the verbs of the desk act on, and one act for each of them.

Owns: the acts. Promises: each writes something; what a timer could not write raises DiskFull. Must
not know: what is asked of them (test_rollback.py).
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from emergency import models as desk
from emergency.deadlines import services as deadlines
from emergency.deadlines import tables as limits
from emergency.factor import codes
from emergency.factor import services as factors
from emergency.family import services as family
from emergency.family import tables as alike
from emergency.grading import tables as grades
from emergency.plans import selectors
from emergency.plans.services import editing, responses, tasks
from emergency.reporting import services as reports
from emergency.roster import services as roster
from emergency.roster import swaps
from emergency.rounds import services as rounds
from emergency.services import (
    accounts,
    attachments,
    entries,
    homes,
    incidents,
    links,
    reaching,
    receipts,
    requests,
    sharing,
)
from emergency.services.ties import tie_open_incidents_anew
from emergency.supplements import services as supplements
from emergency.unified import services as unified
from tests import factories
from tests.emergency.desk import HERE
from tests.emergency.pictures import jpeg
from tests.emergency.verbs_duty import DUTY, DiskFull, given, hours, main, rolled, template


class Scene:
    """What the verbs act on."""

    def __init__(self):
        self.actor = factories.officer("shift_leader")
        self.guard = factories.officer("security_admin")
        self.incident = factories.incident(self.actor, lon=HERE[0], lat=HERE[1])
        self.other = factories.incident(self.actor, title="another")
        self.third = factories.incident(self.actor, title="third")
        self.entry = entries.write_entry(actor=self.actor, incident=self.incident, text="one")
        desk.AlikeRule.objects.create(type_prefix="12", distance_m=9, minutes=9)
        self.county = factories.organisation("610122")
        reaching.open_to(actor=self.actor, incident=self.other, organisation=self.county)
        for officer in (self.guard, self.actor):
            accounts.issue_token(officer=officer, label="old")
        self.session = factories.client(self.actor).session.session_key
        factor(self.guard)
        self.later = datetime.now(UTC) + timedelta(hours=2)
        self.admin = factories.officer("system_admin")
        self.office = factories.officer("emergency_office")
        said = {"issuer": "i", "subject": "s", "since": self.later}
        desk.UnifiedIdentity.objects.create(officer=self.office, **said)
        factories.peer("xian-yanta")
        factories.peer("xian-lintong", live=True)
        factories.organisation("s4", node="xian-lintong")
        factories.peer("shaanxi", upper=True, confirmed=False)
        sharing.share_incident(actor=self.actor, incident=self.other, node="xian-yanta")
        self.rule = sharing.set_rule(actor=self.admin, **rule())
        self.foreign = factories.incident(self.actor, title="of the district")
        desk.Incident.objects.filter(pk=self.foreign.pk).update(home="xian-yanta")
        self.foreign.refresh_from_db()
        self.fire = factories.organisation("dept-fire")
        reaching.open_to(actor=self.actor, incident=self.foreign, organisation=self.county)
        factories.plan(every=60, reporters=["610122"])
        responses.activate_plan(actor=self.actor, incident=self.other, **factories.activation())
        self.task = self.other.tasks.first()
        self.draft = self.submit(self.other)
        self.told = reports.make_first_report(
            actor=self.actor, incident=factories.incident(self.actor), kind="phone", recipient="省"
        )
        desk.Report.objects.filter(pk=self.told.pk).update(home="xian-yanta")
        self.told.refresh_from_db()
        self.over = factories.incident(self.actor, title="a false report")
        incidents.advance_incident(
            actor=self.actor, incident=self.over, rev=1, step="dismiss", reason="误报"
        )
        desk.Deadline.objects.exclude(incident=self.other).delete()  # of which it reminds
        self.died = factories.incident(self.actor, title="one more has died")
        reports.sign_draft(actor=self.actor, draft=self.submit(self.died))
        desk.Incident.objects.filter(pk=self.died.pk).update(dead=1)
        self.given = given(self.office)
        self.template = template()
        self.called = rolled("shaanxi", "xian")
        rolled("xian", "xian-yanta")
        self.shift = roster.keep_shift(actor=self.actor, people=[main(self.actor)], **hours(1))
        self.swap = swaps.ask_swap(
            actor=self.actor, shift=self.shift, taker=self.office.username, reason="出差"
        )
        self.asked = self.ask()
        desk.Request.objects.filter(pk=self.asked.pk).update(incident=self.other)
        self.asked.refresh_from_db()

    def submit(self, incident: desk.Incident) -> desk.ReportDraft:
        return reports.submit_draft(
            actor=self.actor, incident=incident, **factories.report_said(incident)
        )

    def ask(self) -> desk.Request:
        due = datetime.now(UTC) + timedelta(minutes=30)
        return requests.make_request(
            actor=self.actor, incident=self.foreign, kind="support", text="1 队", due_at=due
        )


def rule(**fields: object) -> dict:
    """A sharing rule."""
    base = {"node": "xian-yanta", "type_prefix": "", "least_grade": 2, "source": "a"}
    return base | {"verified": False} | fields


def factor(officer: desk.Officer) -> None:
    """Give an officer a second factor."""
    secret = codes.new_secret()
    code = codes.code_at(secret, datetime.now(UTC))
    factors.set_up(officer=officer, secret=secret, code=code, address="")


def whole(failed: list) -> None:
    """What a timer could not write it tells, and raises nothing."""
    if failed:
        raise DiskFull


def remind_of_rounds(scene: Scene) -> list:
    """Rounds that nothing could be said of."""
    rounds.remind(now=scene.later)
    return list(desk.RoundOrder.objects.all()) if not desk.RoundReminder.objects.exists() else []


def remind_of_casualties(scene: Scene) -> list:
    """Accidents of which nothing could be said."""
    return [] if supplements.remind() else [scene.died]


def limit(**fields: object) -> dict:
    """A limit of a report."""
    base = {"kind": "phone", "type_prefix": "12D", "grade": 0, "level": "", "minutes": 10}
    return base | {"source": "a", "verified": False} | fields


ACTS: dict[str, Callable[[Scene], object]] = DUTY | {
    "report": lambda s: factories.incident(s.actor),
    "change": lambda s: incidents.change_incident(
        actor=s.actor, incident=s.incident, rev=1, title="new"
    ),
    "advance": lambda s: incidents.advance_incident(
        actor=s.actor, incident=s.incident, rev=1, step="verify"
    ),
    "merge": lambda s: incidents.advance_incident(
        actor=s.actor, incident=s.incident, rev=1, step="merge", reason="same", into=s.other
    ),
    "grade, with a share by rule": lambda s: incidents.change_incident(
        actor=s.actor, incident=s.incident, rev=1, grade=1
    ),
    "decline": lambda s: sharing.decline_proposal(
        actor=s.actor, incident=s.incident, node="xian-lintong"
    ),
    "open to": lambda s: reaching.open_to(
        actor=s.actor, incident=s.incident, organisation=s.county
    ),
    "close to": lambda s: reaching.close_to(actor=s.actor, incident=s.other, organisation=s.county),
    "show here": lambda s: reaching.open_to(actor=s.actor, incident=s.foreign, organisation=s.fire),
    "end showing here": lambda s: reaching.close_to(
        actor=s.actor, incident=s.foreign, organisation=s.county
    ),
    "write": lambda s: entries.write_entry(actor=s.actor, incident=s.incident, text="two"),
    "correct": lambda s: entries.correct_entry(actor=s.actor, entry=s.entry, text="two"),
    "strike": lambda s: entries.strike_entry(actor=s.actor, entry=s.entry, reason="wrong"),
    "ask": lambda s: s.ask(),
    "receive": lambda s: receipts.give_receipt(
        actor=s.actor, incident=s.foreign, kind="acknowledged"
    ),
    "answer": lambda s: requests.answer_request(
        actor=s.actor, request=s.asked, outcome="accepted", changes={"title": "as asked"}
    ),
    "hand over": lambda s: homes.hand_over(
        actor=s.actor, incident=s.incident, rev=s.incident.rev, node="xian-lintong"
    ),
    "take over": lambda s: homes.take_over(actor=s.actor, incident=s.foreign),
    "activate a plan": lambda s: responses.activate_plan(
        actor=s.actor, incident=s.incident, **factories.activation()
    ),
    "end a response": lambda s: responses.end_response(
        actor=s.actor, incident=s.other, plan="flood", text="雨停"
    ),
    "make a plan": lambda s: editing.make_plan(
        actor=s.office, code="new", **selectors.said(factories.plan()) | {"type_codes": []}
    ),
    "revise a plan": lambda s: editing.revise_plan(
        actor=s.office,
        code="flood",
        version=1,
        **selectors.said(factories.plan()) | {"type_codes": []},
    ),
    "acknowledge a task": lambda s: tasks.take_step(
        actor=s.actor, task=s.task, kind="done", text="已封闭"
    ),
    "report by phone": lambda s: reports.make_first_report(
        actor=s.actor, incident=s.incident, kind="phone", recipient="省应急厅"
    ),
    "submit a report": lambda s: s.submit(s.third),
    "sign a report": lambda s: reports.sign_draft(actor=s.actor, draft=s.draft),
    "return a report": lambda s: reports.return_draft(actor=s.actor, draft=s.draft, reason="缺"),
    "withdraw a report": lambda s: reports.withdraw_draft(actor=s.actor, draft=s.draft),
    "take a report": lambda s: reports.take_report(actor=s.actor, report=s.told),
    "end the limits": lambda s: whole(deadlines.settle([s.over.pk])[1]),
    "report in a round": lambda s: rounds.report_round(
        actor=s.actor,
        incident=s.other,
        order=desk.RoundOrder.objects.first().pk,
        no=1,
        organisation=s.county.pk,
        nothing_new=True,
    ),
    "remind of a round": lambda s: whole(remind_of_rounds(s)),
    "remind of casualties": lambda s: whole(remind_of_casualties(s)),
    "set a supplement": lambda s: limits.set_supplement(
        actor=s.admin, type_prefix="13", days=7, source="a", verified=False
    ),
    "remove a supplement": lambda s: limits.remove_supplement(
        actor=s.admin, rule=desk.SupplementRule.objects.first()
    ),
    "set a parent": lambda s: family.set_parent(
        actor=s.actor, incident=s.incident, rev=1, parent=s.other
    ),
    "set what is alike": lambda s: alike.set_alike(
        actor=s.admin, type_prefix="13", distance_m=9, minutes=9, source="a", verified=False
    ),
    "remove what is alike": lambda s: alike.remove_alike(
        actor=s.admin, rule=desk.AlikeRule.objects.get(type_prefix="12")
    ),
    "set a grade rule": lambda s: grades.set_grade_rule(
        actor=s.admin,
        type_prefix="13",
        figure="affected",
        least=[None, 50, 10, 1],
        source="a",
        verified=False,
    ),
    "remove a grade rule": lambda s: grades.remove_grade_rule(
        actor=s.admin, rule=desk.GradeRule.objects.first()
    ),
    "remind of a limit": lambda s: whole(deadlines.remind(now=s.later)),
    "set a limit": lambda s: limits.set_limit(actor=s.admin, **limit()),
    "remove a limit": lambda s: limits.remove_limit(
        actor=s.admin, rule=desk.LimitRule.objects.exclude(type_prefix="").first()
    ),
    "set a reminder": lambda s: limits.set_reminder(
        actor=s.admin, percent=90, roles=["shift_leader"], source="a", verified=False
    ),
    "remove a reminder": lambda s: limits.remove_reminder(
        actor=s.admin, rule=desk.ReminderRule.objects.first()
    ),
    "attach": lambda s: attachments.add_attachment(
        actor=s.actor, incident=s.incident, name="a.jpg", file=jpeg(open=True)
    ),
    "tie anew": lambda s: tie_open_incidents_anew(),
    "make officer": lambda s: factories.officer("observer"),
    "change officer": lambda s: accounts.change_officer(
        actor=s.guard, officer=s.actor, is_active=False
    ),
    "sign in": lambda s: accounts.note_sign_in(officer=s.actor, address="127.0.0.1"),
    "sign out": lambda s: accounts.end_session(officer=s.actor, address="127.0.0.1"),
    "end all": lambda s: accounts.end_all_sessions(officer=s.actor, address="127.0.0.1"),
    "add officer": lambda s: accounts.add_officer(
        actor=s.guard, username="new", name="new", role="observer", organisation=s.county
    ),
    "set up a second factor": lambda s: factor(s.actor),
    "renew recovery codes": lambda s: factors.renew_codes(officer=s.guard, address=""),
    "remove a second factor": lambda s: factors.remove(officer=s.guard, address=""),
    "take a second factor away": lambda s: factors.take_away(actor=s.guard, officer=s.actor),
    "ask roles": lambda s: factors.ask_roles(actor=s.guard, roles=["observer"]),
    "bind an identity": lambda s: unified.bind(
        officer=s.actor, issuer="i", subject="new", address=""
    ),
    "let an identity go": lambda s: unified.let_go(actor=s.guard, officer=s.office),
    "reset password": lambda s: accounts.reset_password(actor=s.guard, officer=s.actor),
    "change password": lambda s: accounts.change_password(
        officer=s.actor, new="another-long-passphrase", address="127.0.0.1"
    ),
    "end one": lambda s: accounts.end_one_session(
        officer=s.actor, key=s.session, address="127.0.0.1"
    ),
    "revoke all": lambda s: accounts.revoke_all_tokens(actor=s.guard, officer=s.actor),
    "issue token": lambda s: accounts.issue_token(officer=s.actor, label="new"),
    "share": lambda s: sharing.share_incident(
        actor=s.actor, incident=s.incident, node="xian-yanta"
    ),
    "unshare": lambda s: sharing.unshare_incident(
        actor=s.actor, incident=s.other, node="xian-yanta"
    ),
    "add rule": lambda s: sharing.set_rule(actor=s.admin, **rule(type_prefix="12")),
    "change rule": lambda s: sharing.set_rule(actor=s.admin, **rule(least_grade=None)),
    "remove rule": lambda s: sharing.remove_rule(actor=s.admin, rule=s.rule),
    "issue code": lambda s: links.issue_code(actor=s.admin, node="xian-changan"),
    "confirm, with its first rule": lambda s: links.confirm(
        actor=s.admin, node="shaanxi", cleared=True
    ),
    "new key": lambda s: links.rotate_key(actor=s.admin),
    "revoke": lambda s: links.revoke(actor=s.admin, node="xian-yanta"),
    "revoke token": lambda s: accounts.revoke_token(
        officer=s.guard, token_id=s.guard.apitoken_set.get().pk
    ),
}

"""A change whose envelope cannot be written has not happened: no row, no number, no envelope."""

import pytest
from django.contrib.sessions.models import Session
from django.db import models, transaction

from emergency import models as desk
from emergency.archive import services as archive
from emergency.deadlines import services as deadlines
from emergency.deadlines import tables as limits
from emergency.directives import services as directives
from emergency.documents import services as documents
from emergency.duty import services as duty
from emergency.duty import tables as words
from emergency.factor import services as factors
from emergency.family import services as family
from emergency.family import tables as alike
from emergency.grading import tables as grades
from emergency.handover import services as handover
from emergency.plans.services import editing, responses, tasks
from emergency.reporting import services as reports
from emergency.rollcall import services as rollcall
from emergency.roster import services as roster
from emergency.roster import swaps
from emergency.rounds import services as rounds
from emergency.services import (
    accounts,
    attachments,
    entries,
    incidents,
    links,
    reaching,
    receipts,
    sharing,
)
from emergency.supplements import services as supplements
from emergency.unified import services as unified
from realtime import log
from realtime.models import Envelope, LogHead, NodeKey, PairingCode, Peer, Share
from tests import factories
from tests.emergency.desk import districts
from tests.emergency.verbs import ACTS, DiskFull, Scene


def everything() -> dict[str, list]:
    """Every row of the desk and of the log."""
    tables: list[type[models.Model]] = [
        desk.Incident, desk.Reach, desk.NumberSeries, desk.Entry, desk.Attachment, desk.Tie,
        desk.Officer, desk.ApiToken, desk.SecondFactor, desk.FactorRule,
        desk.UnifiedIdentity, Session, Envelope, LogHead,
        desk.Activation, desk.ResponseEnd, desk.Plan, desk.Task, desk.TaskStep, desk.Report,
        desk.ReportDraft, desk.ReportReceipt, desk.Deadline, desk.DeadlineStep, desk.LimitRule,
        desk.ReminderRule, desk.RoundOrder, desk.RoundReport, desk.RoundReminder,
        desk.SupplementRule, desk.SupplementReminder, desk.GradeRule, desk.AlikeRule,
        desk.DutyChannel, desk.DutyEntry, desk.DutyPost, desk.Shift, desk.Swap,
        desk.RollCall, desk.RollAnswer, desk.Handover, desk.Directive, desk.TaskReminder,
        desk.Request, desk.SharingRule, Share, Peer, PairingCode, NodeKey,
    ]  # fmt: skip
    return {table.__name__: list(table.objects.order_by("pk").values()) for table in tables}


@pytest.mark.parametrize("act", ACTS)
def test_what_the_log_does_not_take_has_not_happened(node, monkeypatch, act):
    scene = Scene()
    if act in ("tie anew", "decline"):
        districts()
    before = everything()

    def full(*_args, **_fields):
        raise DiskFull

    written = log.append
    monkeypatch.setattr(log, "append", full)
    with pytest.raises(DiskFull):  # no transaction here: each verb must have its own
        ACTS[act](scene)
    assert everything() == before
    monkeypatch.setattr(log, "append", written)
    ACTS[act](scene)
    assert everything() != before


def test_a_rolled_back_report_gives_its_number_back(node, monkeypatch):
    actor = factories.officer()
    first = factories.incident(actor)
    with pytest.raises(DiskFull), transaction.atomic():
        factories.incident(actor)
        raise DiskFull
    second = factories.incident(actor)
    assert int(second.number[-6:]) == int(first.number[-6:]) + 1


def test_every_service_of_the_desk_is_among_the_acts():
    """A verb that is added here must be added above."""
    verbs = {
        name
        for module in (
            incidents,
            reaching,
            grades,
            family,
            alike,
            entries,
            attachments,
            accounts,
            sharing,
            links,
            receipts,
            editing,
            reports,
            responses,
            tasks,
            deadlines,
            limits,
            rounds,
            supplements,
            duty,
            words,
            roster,
            swaps,
            rollcall,
            handover,
            directives,
            documents,
            archive,
            factors,
            unified,
        )
        for name, value in vars(module).items()
        if callable(value) and getattr(value, "__module__", "") == module.__name__
        if not name.startswith("_") and name != "generated_password"
    }
    assert verbs == {
        "report_incident", "change_incident", "advance_incident", "open_to", "close_to",
        "write_entry", "correct_entry", "strike_entry", "add_attachment", "make_officer",
        "change_officer", "note_sign_in", "end_session", "end_all_sessions", "issue_token",
        "revoke_token", "add_officer", "reset_password", "change_password", "end_one_session",
        "revoke_all_tokens", "share_incident", "unshare_incident", "share_all_with", "set_rule",
        "remove_rule", "decline_proposal", "share_by_rule", "grant_with_way",
        "issue_code", "join", "join_as", "confirm", "confirm_as", "revoke",
        "give_receipt", "activate_plan", "take_step", "make_first_report", "plant_plan",
        "submit_draft", "sign_draft", "return_draft", "withdraw_draft", "take_report",
        "make_plan", "revise_plan", "end_response",
        "rotate_key", "settle", "remind", "set_limit", "remove_limit", "set_reminder",
        "remove_reminder", "limit_key", "shift", "look_again", "state",
        "order_rounds", "order_again", "report_round", "set_supplement", "remove_supplement",
            "set_grade_rule", "remove_grade_rule", "grade_key",
            "set_parent", "set_alike", "remove_alike", "log_duty", "set_word",
        "keep_shift", "cancel_shift", "repeat_shifts", "publish", "withdraw", "stand_in",
        "call_roll", "answer_roll", "close_due", "sign_handover", "take_over_shift",
        "record_directive", "show_to", "issue_document", "set_template", "reset_template",
        "pack_incident",
        "set_up", "use", "renew_codes", "remove", "take_away", "take_away_here", "ask_roles",
        "note", "bind", "let_go", "compare_now",
        "ask_swap", "answer_swap", "decide_swap", "withdraw_swap",
    }  # fmt: skip

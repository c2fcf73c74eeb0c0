"""One act for each verb of the duty desk beside its incidents: log, roster, swaps.

Owns: these acts, what they are told, and what stands for a full disk. Promises: each writes
something. Must not know: what the scene is beside them (verbs.py), what is asked of the acts.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

from django.utils.timezone import localdate

from emergency import models as desk
from emergency.archive import services as archive
from emergency.directives import services as directives
from emergency.documents import services as documents
from emergency.documents import shipped
from emergency.duty import services as duty
from emergency.duty import tables as words
from emergency.handover import services as handover
from emergency.rollcall import services as rollcall
from emergency.roster import services as roster
from emergency.roster import swaps
from realtime import log


class DiskFull(Exception):
    """Stands for whatever keeps an envelope from being written."""


def call(**fields: object) -> dict:
    """An entry of the duty log."""
    base = {"at": datetime.now(UTC), "channel": "phone", "direction": "in", "party": "王值班员"}
    return base | {"summary": "来电"} | fields


def directive() -> dict[str, Any]:
    """What a leader has said, for the fire service."""
    now = datetime.now(UTC)
    said = {"leader": "王书记", "post": "书记", "channel": "written", "text": "立即处置"}
    said |= {"received_at": now, "read_back": False, "what": "报情况", "lead": "dept-fire"}
    return said | {"due_at": now + timedelta(hours=1)}


def main(officer: desk.Officer) -> dict[str, str]:
    """This officer as the first of a shift."""
    return {"post": "main", "username": officer.username, "name": "", "phone": ""}


def hours(first: int) -> dict[str, datetime]:
    """An hour of a shift, so many hours from now."""
    begins = datetime.now(UTC) + timedelta(hours=first)
    return {"starts_at": begins, "ends_at": begins + timedelta(hours=1)}


def rolled(home: str, node: str) -> desk.RollCall:
    """A roll call of this node that runs."""
    now = datetime.now(UTC)
    return desk.RollCall.objects.create(
        home=home, home_name=home, at=now, here_since=now, minutes=5, author="a", author_name="a",
        epoch=log.head().epoch,
        nodes=[{"node": node, "name": node}],
    )  # fmt: skip


def template() -> desk.DocumentTemplate:
    """One of the office that is in force."""
    return desk.DocumentTemplate.objects.create(
        kind="daily", version=1, note="a", sha256="0" * 64, size=1, author="a", author_name="a",
        recorded_at=datetime.now(UTC),
    )  # fmt: skip


def closed(scene: Any) -> None:
    """A call that could not be closed goes on, and the timer raises nothing."""
    if not rollcall.close_due(now=scene.later):
        raise DiskFull


def given(officer: desk.Officer) -> desk.Handover:
    """A handover of this officer that waits."""
    return desk.Handover.objects.create(
        home="xian", rev=1, giver=f"{officer.username}@xian {officer.role}", giver_name="a",
        given_at=datetime.now(UTC),
    )  # fmt: skip


DUTY: dict[str, Callable[[Any], object]] = {
    "record a directive": lambda s: directives.record_directive(
        actor=s.actor, incident=s.incident, **directive()
    ),
    "issue a document": lambda s: documents.issue_document(
        actor=s.actor, kind="dutylog", of=f"day/{localdate()}", recipients="存档"
    ),
    "set a template": lambda s: documents.set_template(
        actor=s.office, kind="dutylog", file=BytesIO(shipped.template("dutylog")), note="新抬头"
    ),
    "take the platform's template": lambda s: documents.reset_template(
        actor=s.office, kind=s.template.kind
    ),
    "pack an incident": lambda s: archive.pack_incident(
        actor=s.actor, incident=desk.Incident.objects.get(pk=s.over.pk)
    ),
    "log a call": lambda s: duty.log_duty(actor=s.actor, **call()),
    "set a word": lambda s: words.set_word(
        actor=s.admin,
        kind=desk.DutyChannel,
        code="fax",
        name="传真",
        name_en="",
        order=1,
        in_use=False,
        source="a",
        verified=False,
    ),
    "call the roll": lambda s: rollcall.call_roll(actor=s.actor, nodes=["xian-yanta"], minutes=5),
    "answer a roll call": lambda s: rollcall.answer_roll(actor=s.actor, call=s.called),
    "close a roll call": lambda s: closed(s),
    "hand a shift over": lambda s: handover.sign_handover(actor=s.office, notes={}),
    "take a shift over": lambda s: handover.take_over_shift(
        actor=s.actor, handover=s.given, rev=1, notes={}
    ),
    "keep a shift": lambda s: roster.keep_shift(actor=s.actor, people=[main(s.actor)], **hours(9)),
    "cancel a shift": lambda s: roster.cancel_shift(actor=s.actor, shift=s.shift, rev=1),
    "repeat shifts": lambda s: roster.repeat_shifts(
        actor=s.actor, first=s.shift.starts_at, days=1, times=2
    ),
    "publish the roster": lambda s: roster.publish(actor=s.actor, node="xian-yanta"),
    "ask a swap": lambda s: swaps.ask_swap(
        actor=s.office,
        shift=roster.keep_shift(actor=s.actor, people=[main(s.office)], **hours(9)),
        taker=s.actor.username,
        reason="出差",
    ),
    "take a swap on": lambda s: swaps.answer_swap(actor=s.office, swap=s.swap, takes=True),
    "withdraw a swap": lambda s: swaps.withdraw_swap(actor=s.actor, swap=s.swap),
}

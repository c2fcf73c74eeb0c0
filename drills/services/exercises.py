"""Exercises from the calendar on.

Owns: every write to them. Promises: an exercise and who may hold it are one transaction; a node
that takes part has it, one that takes part no more is asked to erase it, no other ever gets it;
the same id twice is one. Must not know: HTTP, how it travels.
"""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from emergency.errors import WrongState
from emergency.models import Officer, Organisation, Plan
from emergency.permissions import require
from emergency.services.once import already
from realtime.models import Envelope, Peer
from realtime.problems import Invalid

from .. import events
from ..models import Exercise, Part
from .common import hold, hold_script, keep_exercise, locked

TOLD = "title plan form scope purpose objectives starts_at minutes".split()


def schedule_exercise(
    *,
    actor: Officer,
    participants: Sequence[dict[str, str]],
    id: uuid.UUID | None = None,
    **told: Any,
) -> Exercise:
    """Put an exercise of a plan into the calendar of everybody who takes part.

    `participants`: each {organisation, part}; `told`: title, plan, form, scope, purpose,
    objectives, starts_at, minutes. Raises Invalid (no such plan, nobody to play or to control, an
    organisation twice, a time that is past), SameIdOtherContent.
    """
    require(actor, "drill.schedule")
    now = datetime.now(UTC)
    with transaction.atomic():
        if known := already(Exercise, id, **told):
            return known
        exercise = Exercise(id=id or uuid.uuid4(), home=settings.NODE_ID, rev=0)
        exercise.realm = f"ex:{exercise.pk}"
        _tell(exercise, told, participants, now)
        exercise.rev = 1
        keep_exercise(events.SCHEDULED, exercise, actor, now)
        _hold(exercise, actor)
    return exercise


def change_exercise(
    *,
    actor: Officer,
    exercise: Exercise,
    rev: int,
    participants: Sequence[dict[str, str]],
    **told: Any,
) -> Exercise:
    """Say anew what a scheduled exercise is. Raises as `schedule_exercise`, StaleRevision,
    WrongState for one that was held or cancelled."""
    now = datetime.now(UTC)
    with transaction.atomic():
        exercise = locked(actor, exercise, rev)
        before = events.data(exercise)
        _tell(exercise, told, participants, now)
        if events.data(exercise) != before:
            exercise.rev += 1
            keep_exercise(events.CHANGED, exercise, actor, now)
            _hold(exercise, actor)
    return exercise


def cancel_exercise(*, actor: Officer, exercise: Exercise, rev: int, reason: str) -> Exercise:
    """It does not take place; everybody who takes part is told why."""
    with transaction.atomic():
        exercise = locked(actor, exercise, rev)
        if not reason.strip():
            raise Invalid(fields={"reason": _("Say why.")})
        exercise.state, exercise.reason = Exercise.State.CANCELLED, reason
        exercise.rev += 1
        keep_exercise(events.CANCELLED, exercise, actor, datetime.now(UTC))
    return exercise


def record_held(*, actor: Officer, exercise: Exercise, rev: int) -> Exercise:
    """It took place, off the platform or on it: from now on it counts for what is due."""
    now = datetime.now(UTC)
    with transaction.atomic():
        exercise = locked(actor, exercise, rev)
        if exercise.starts_at > now:
            raise WrongState(_("It has not begun yet."))
        exercise.state = Exercise.State.HELD
        exercise.rev += 1
        keep_exercise(events.HELD, exercise, actor, now)
    return exercise


def _tell(
    exercise: Exercise, told: dict[str, Any], wanted: Sequence[dict[str, str]], now: datetime
) -> None:
    plan = Plan.objects.filter(code=told["plan"], in_force=True).first()
    if plan is None:
        raise Invalid(fields={"plan": _("There is no such plan in force.")})
    if told["starts_at"] != exercise.starts_at and told["starts_at"] <= now:
        raise Invalid(fields={"starts_at": _("The start lies in the past.")})
    for name in TOLD:
        setattr(exercise, name, told[name])
    exercise.starts_at = exercise.starts_at.astimezone(UTC)
    exercise.plan_name, exercise.plan_version = plan.name, plan.version
    exercise.participants = _participants(wanted)


def _participants(wanted: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """With the name and the node of each organisation. Raises Invalid."""
    codes = [one["organisation"] for one in wanted]
    known = Organisation.objects.in_bulk(codes)
    if gone := set(codes) - known.keys():
        said = _("No such organisation: %s") % ", ".join(sorted(gone))
        raise Invalid(fields={"participants": said})
    twice = {code for code in codes if codes.count(code) > 1}
    if twice:
        said = _("%s takes part twice.") % ", ".join(sorted(known[code].name for code in twice))
        raise Invalid(fields={"participants": said})
    parts = {one["part"] for one in wanted}
    if not {Part.PLAY, Part.CONTROL} <= parts:
        raise Invalid(fields={"participants": _("Somebody has to control, and somebody to play.")})
    linked = Peer.objects.filter(revoked_at=None).exclude(confirmed_at=None)
    peers = set(linked.values_list("node", flat=True))
    return [
        {
            "organisation": code,
            "organisation_name": known[code].name,
            "node": known[code].node if known[code].node in peers else settings.NODE_ID,
            "part": one["part"],
        }
        for code, one in zip(codes, wanted, strict=True)
    ]


def _hold(exercise: Exercise, actor: Officer) -> None:
    """Let the nodes that take part hold it, those that staff it the script too, and no others."""
    people = exercise.participants
    hold(events.subject(exercise), {one["node"] for one in people}, actor)
    if Envelope.objects.filter(subject=events.script(exercise)).exists():
        hold_script(exercise, actor)

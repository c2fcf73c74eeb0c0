"""What an exercise found, and what is done about it.

Owns: every write of them. Promises: findings are recorded by the office of the exercise's home once
it is over, with an owner that took part and a day; the owner says what was done, at its own node;
the office verifies, opens again or drops it, with a word each. Must not know: HTTP, plans.
"""

import uuid
from datetime import UTC, date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from emergency.errors import StaleRevision, WrongState
from emergency.models import Officer
from emergency.permissions import require
from emergency.services.once import already
from realtime import log, refusals
from realtime.problems import Invalid, NotAllowed

from .. import events, improvement_events
from ..models import Exercise, Improvement, Progress
from ..selectors_improvement import is_over, lines_of, may_record, may_report, state_of
from .common import keep

TOLD = "kind severity text cause action owner due row".split()
BEFORE = {  # kind of progress to the states in which it is possible
    Progress.Kind.DONE: {"open"},
    Progress.Kind.VERIFIED: {"done"},
    Progress.Kind.REOPENED: {"done", "verified", "dropped"},
    Progress.Kind.DROPPED: {"open", "done"},
}


def record_finding(
    *, actor: Officer, exercise: Exercise, id: uuid.UUID | None = None, **told: Any
) -> Improvement:
    """Record a finding with its correction. Raises NotAllowed, WrongState while the exercise runs,
    Invalid, SameIdOtherContent."""
    _require_office(actor, exercise)
    with transaction.atomic():
        if known := already(Improvement, id, exercise_id=exercise.pk, **told):
            return known
        _require(exercise, told["owner"], told["due"])
        made = Improvement(
            id=id or uuid.uuid4(), exercise=exercise, home=settings.NODE_ID, realm=exercise.realm,
            rev=0,
        )  # fmt: skip
        return _tell(made, told, actor)


def change_finding(
    *, actor: Officer, improvement: Improvement, rev: int, **told: Any
) -> Improvement:
    """Say a finding anew; what was done about it stays. Raises as `record_finding`,
    StaleRevision."""
    _require_office(actor, improvement.exercise)
    with transaction.atomic():
        found = Improvement.objects.select_for_update().get(pk=improvement.pk)
        if found.rev != rev:
            raise StaleRevision
        _require(found.exercise, told["owner"], None if told["due"] == found.due else told["due"])
        return _tell(found, told, actor)


def report_progress(
    *, actor: Officer, improvement: Improvement, kind: str, text: str, id: uuid.UUID | None = None
) -> Progress:
    """Say what was done about it. Raises NotAllowed, WrongState, Invalid without a word."""
    require(actor, "drill.improve")
    if not may_report(actor, improvement, kind):
        refusals.count(actor.username, "progress of an improvement")
        raise NotAllowed
    if not text.strip():
        raise Invalid(fields={"text": _("Say what was done, or why.")})
    with transaction.atomic():
        log.lock()
        if known := already(Progress, id, improvement=improvement.pk, kind=kind, text=text):
            return known
        lines = lines_of(improvement)
        if state_of(improvement, lines) not in BEFORE[Progress.Kind(kind)]:
            raise WrongState
        made = Progress(
            id=id or uuid.uuid4(), exercise=improvement.exercise, improvement=improvement.pk,
            home=settings.NODE_ID, realm=improvement.realm, kind=kind, text=text,
            step=max((one.step for one in lines), default=0) + 1,
            organisation=actor.organisation_id, recorded_at=datetime.now(UTC), rev=0,
        )  # fmt: skip
        about, build = events.subject(made.exercise), improvement_events.progress_data
        keep(improvement_events.PROGRESSED, made, actor, name="progress", about=about, build=build)
    return made


def _require_office(actor: Officer, exercise: Exercise) -> None:
    require(actor, "drill.improve")
    if not may_record(actor, exercise):
        refusals.count(actor.username, "findings of an exercise")
        raise NotAllowed


def _require(exercise: Exercise, owner: str, due: date | None) -> None:
    if not is_over(exercise):
        raise WrongState(_("Findings are recorded when the exercise is over."))
    if owner not in {one["organisation"] for one in exercise.participants}:
        raise Invalid(fields={"owner": _("The owner is one of those who took part.")})
    if due is not None and due < timezone.localdate():
        raise Invalid(fields={"due": _("This day has passed.")})


def _tell(one: Improvement, told: dict[str, Any], actor: Officer) -> Improvement:
    for name in TOLD:
        setattr(one, name, told[name])
    one.recorded_at = datetime.now(UTC)
    about, build = events.subject(one.exercise), improvement_events.improvement_data
    keep(improvement_events.FOUND, one, actor, name="improvement", about=about, build=build)
    return one

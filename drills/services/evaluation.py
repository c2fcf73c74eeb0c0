"""What evaluators judge by, and their marks.

Owns: every write of them. Promises: what is judged is set before the exercise ends and goes with
the script; a mark is of one evaluator and one row, replaces that evaluator's earlier one and never
anybody else's, and what was measured stays beside it; who sets another measure, or says that a row
does not apply, says why. Must not know: HTTP, how marks make a score.
"""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from emergency.errors import StaleRevision, WrongState
from emergency.models import Officer
from emergency.permissions import require
from emergency.selectors import actor_text
from realtime import log, refusals
from realtime.problems import Invalid, NotAllowed

from .. import events, mark_events
from ..models import Criteria, Exercise, Mark, ScaleValue
from ..scoring.judged import who
from ..scoring.shape import OWN
from ..script.lint import PLAYING
from ..selectors_conduct import began_at
from ..selectors_evaluation import judges, may_evaluate
from .common import keep, locked, open_script

ITEMS = 100  # of an exercise
GRADE = ScaleValue.Scale.GRADE


def set_criteria(
    *, actor: Officer, exercise: Exercise, rev: int, items: Sequence[dict[str, Any]]
) -> Criteria:
    """Say what is judged; `rev` is what the writer saw, 0 for nothing. The points of the scales and
    grades are those of today. Raises Invalid, StaleRevision."""
    with transaction.atomic():
        exercise = locked(actor, exercise, begun=True)
        found = Criteria.objects.select_for_update().filter(exercise=exercise).first()
        if (found.rev if found else 0) != rev:
            raise StaleRevision
        return _keep(exercise, found, _items(exercise, items, found), actor)


def ensure_criteria(exercise: Exercise, actor: Officer) -> None:
    """What an exercise is judged by stands in its log when it begins; in the caller's
    transaction."""
    if not Criteria.objects.filter(exercise=exercise).exists():
        _keep(exercise, None, [], actor)


def _keep(
    exercise: Exercise, known: Criteria | None, items: list[dict[str, Any]], actor: Officer
) -> Criteria:
    open_script(exercise, actor)
    found = known or Criteria(
        id=exercise.pk, exercise=exercise, home=settings.NODE_ID, realm=exercise.realm, rev=0
    )
    found.items, found.grades = items, _points(GRADE)
    about, build = events.script(exercise), mark_events.criteria_data
    keep(mark_events.CRITERIA_SET, found, actor, name="criteria", about=about, build=build)
    return found


def _points(scale: str) -> dict[str, int]:
    return dict(ScaleValue.objects.filter(scale=scale).values_list("value", "points"))


def _items(
    exercise: Exercise, items: Sequence[dict[str, Any]], known: Criteria | None
) -> list[dict[str, Any]]:
    """With their ids and the points of their scales. Raises Invalid."""
    if len(items) > ITEMS:
        raise Invalid(fields={"items": _("At most %s items are judged.") % ITEMS})
    before = {one["id"] for one in known.items} if known else set()
    play = {one["organisation"] for one in exercise.participants if one["part"] in PLAYING}
    kept = []
    for one in items:
        if one["organisation"] and one["organisation"] not in play:
            said = _("No such organisation: %s") % one["organisation"]
            raise Invalid(fields={"organisation": said})
        id = one["id"] if one["id"] in before else uuid.uuid4().hex
        before.discard(id)
        kept.append(one | {"id": id, "points": _points(one["scale"])})
    return kept


def give_mark(
    *,
    actor: Officer,
    exercise: Exercise,
    row: str,
    value: str,
    note: str = "",
    given_at: datetime | None = None,
) -> Mark:
    """Judge a row of the score; an empty value takes the own mark back. Raises NotAllowed,
    WrongState before the exercise has begun, Invalid."""
    require(actor, "drill.evaluate")
    if not may_evaluate(actor, exercise):
        refusals.count(actor.username, "evaluation of an exercise")
        raise NotAllowed
    with transaction.atomic():
        log.lock()
        began = began_at(exercise)
        if began is None:
            raise WrongState(_("It has not begun yet."))
        _require_value(exercise, row, value, note)
        id = uuid.uuid5(exercise.pk, f"{row} {who(actor_text(actor))}")
        known = Mark.objects.select_for_update().filter(pk=id).first()
        if known and (known.value, known.note) == (value, note):
            return known
        now = datetime.now(UTC)
        given_at = given_at if given_at and began <= given_at <= now else now
        if known and given_at < known.given_at:
            return known  # it waited somewhere while its officer thought better of it
        mark = known or Mark(
            id=id, exercise=exercise, home=settings.NODE_ID, realm=exercise.realm, rev=0, row=row
        )
        mark.value, mark.note, mark.organisation = value, note, actor.organisation_id
        mark.given_at = given_at
        about = events.script(exercise)
        build = mark_events.mark_data
        keep(mark_events.MARK_GIVEN, mark, actor, name="mark", about=about, build=build)
    return mark


def _require_value(exercise: Exercise, row: str, value: str, note: str) -> None:
    known = judges(exercise)
    if row not in known:
        raise Invalid(fields={"row": _("There is nothing of this kind to judge.")})
    points = known[row]
    if value and value not in points and value != Mark.NA:
        own = points is OWN
        said = _("From 0 to 100.") if own else _("There is no such value on this scale.")
        raise Invalid(fields={"value": said})
    if value and not note and (points is OWN or value == Mark.NA):
        raise Invalid(fields={"note": _("Say why.")})

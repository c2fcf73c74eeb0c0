"""Findings of exercises as an officer may read them, and how each stands.

Owns: reads. Promises: who sees an exercise sees what it found; how an item stands is its newest
line of progress, the same at every node; a plan with an open finding of its kind is to be revised.
Must not know: how anything is written.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from emergency.models import Officer
from emergency.permissions import may

from .models import Clock, Exercise, Improvement, Progress
from .selectors import is_office, names, part_of

STATES = {
    Progress.Kind.DONE: "done",
    Progress.Kind.VERIFIED: "verified",
    Progress.Kind.REOPENED: "open",
    Progress.Kind.DROPPED: "dropped",
}
TO_DO = ("open", "done")


STATE_WORDS = {
    "open": gettext_lazy("to be done"),
    "done": gettext_lazy("done, to be verified"),
    "verified": gettext_lazy("correction verified"),
    "dropped": gettext_lazy("dropped"),
}


@dataclass(frozen=True)
class Item:
    """A finding as it stands: its state, whether its day has passed, and its lines."""

    improvement: Improvement
    state: str
    overdue: bool
    owner_name: str
    lines: Sequence[Progress]

    @property
    def state_word(self) -> str:
        """Its state for a reader."""
        return str(gettext_lazy("overdue") if self.overdue else STATE_WORDS[self.state])


def is_over(one: Exercise) -> bool:
    """Has it been held, on the platform or off it, or was it broken off?"""
    clock = Clock.objects.filter(exercise=one).first()
    return one.state == Exercise.State.HELD or (clock is not None and clock.state not in Clock.OPEN)


def may_record(officer: Officer, one: Exercise) -> bool:
    """The office of its home."""
    office = may(officer, "drill.schedule") and is_office(officer)
    return office and one.home == settings.NODE_ID


def may_report(officer: Officer, improvement: Improvement, kind: str) -> bool:
    """The owner says that it is done, where it takes part; the office says the rest, and that."""
    if may_record(officer, improvement.exercise):
        return True
    owns = officer.organisation_id == improvement.owner and part_of(officer, improvement.exercise)
    return bool(owns) and may(officer, "drill.improve") and kind == Progress.Kind.DONE


def state_of(improvement: Improvement, lines: Iterable[Progress]) -> str:
    """How an item stands by its lines: the last step says, of equal ones that of its home. The
    owner says that it is done, its home the rest, and that."""
    said = [
        one
        for one in lines
        if one.home == improvement.home
        or (one.organisation == improvement.owner and one.kind == Progress.Kind.DONE)
    ]
    last = max(
        said,
        key=lambda one: (one.step, one.home == improvement.home, one.recorded_at, str(one.pk)),
        default=None,
    )
    return STATES[Progress.Kind(last.kind)] if last else "open"


def lines_of(improvement: Improvement) -> list[Progress]:
    """What was done about one item."""
    rows = Progress.objects.filter(improvement=improvement.pk, exercise=improvement.exercise_id)
    return list(rows)


def standing(improvement: Improvement) -> str:
    """How one item stands."""
    return state_of(improvement, lines_of(improvement))


def _lines(rows: Iterable[Progress]) -> dict[tuple, list[Progress]]:
    """By exercise and item."""
    found: dict[tuple, list[Progress]] = defaultdict(list)
    for row in rows:
        found[row.exercise_id, row.improvement].append(row)
    return found


def items(exercises: Iterable[Exercise], today: date) -> list[Item]:
    """What these exercises found, what is overdue first, then by day."""
    known = {one.pk: one for one in exercises}
    lines, found = _lines(Progress.objects.filter(exercise__in=known)), []
    called = {pk: names(one) for pk, one in known.items()}
    for one in Improvement.objects.filter(exercise__in=known):
        one.exercise = known[one.exercise_id]
        own = lines[one.exercise_id, one.pk]
        state = state_of(one, own)
        overdue = state == "open" and one.due < today
        found.append(
            Item(one, state, overdue, called[one.exercise_id].get(one.owner, one.owner), own)
        )
    return sorted(
        found, key=lambda one: (not one.overdue, one.state not in TO_DO, one.improvement.due)
    )


def notes_on_plans(codes: Iterable[str]) -> dict[str, str]:
    """待修订: plan to what exercises found about it and nobody has verified yet."""
    kind, counts = Improvement.Kind.PLAN, Counter()
    rows = Improvement.objects.filter(
        kind=kind, exercise__plan__in=list(codes), exercise__home=settings.NODE_ID
    )
    lines = _lines(Progress.objects.filter(improvement__in=rows.values("pk")))
    for one in rows.select_related("exercise"):
        if state_of(one, lines[one.exercise_id, one.pk]) in TO_DO:
            counts[one.exercise.plan] += 1
    said = _("to be revised (findings of exercises: %s)")
    return {code: said % count for code, count in counts.items()}

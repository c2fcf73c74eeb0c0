"""The states of an incident and the steps between them, in one table.

Owns: the table (接报 → 核实 → 首报 → 处置 → 终报 → 归档, with 误报, 移送, 合并 and 重开).
Promises: a step that is not a row here cannot be taken. Must not know: who may take it
(emergency/permissions.py), how it is written.
Source: domain rules of information reporting, national practice.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where an incident stands."""

    RECEIVED = "received", _("Received")
    VERIFIED = "verified", _("Verified")
    REPORTED = "reported", _("First report made")
    HANDLING = "handling", _("Being handled")
    CONCLUDED = "concluded", _("Final report made")
    ARCHIVED = "archived", _("Archived")
    FALSE_REPORT = "false_report", _("False report")
    REFERRED = "referred", _("Referred elsewhere")
    MERGED = "merged", _("Merged")


OPEN = (State.RECEIVED, State.VERIFIED, State.REPORTED, State.HANDLING)


@dataclass(frozen=True)
class Step:
    """One row of the table."""

    sources: tuple[State, ...]
    target: State
    label: str
    reason: bool = False  # must be given


STEPS: dict[str, Step] = {
    "verify": Step((State.RECEIVED,), State.VERIFIED, _("Verify")),
    "report": Step((State.RECEIVED, State.VERIFIED), State.REPORTED, _("First report")),
    "handle": Step((State.VERIFIED, State.REPORTED), State.HANDLING, _("Start handling")),
    "conclude": Step((State.REPORTED, State.HANDLING), State.CONCLUDED, _("Final report")),
    "archive": Step(
        (State.CONCLUDED, State.FALSE_REPORT, State.REFERRED, State.MERGED),
        State.ARCHIVED,
        _("Archive"),
    ),
    "dismiss": Step(
        (State.RECEIVED, State.VERIFIED), State.FALSE_REPORT, _("False report"), reason=True
    ),
    "refer": Step((State.RECEIVED, State.VERIFIED), State.REFERRED, _("Refer"), reason=True),
    "merge": Step(OPEN, State.MERGED, _("Merge"), reason=True),
    "reopen": Step(
        (State.CONCLUDED, State.ARCHIVED, State.FALSE_REPORT, State.REFERRED, State.MERGED),
        State.HANDLING,
        _("Reopen"),
        reason=True,
    ),
}


def steps_from(state: str) -> list[str]:
    """Names of the steps that may follow this state."""
    return [name for name, step in STEPS.items() if state in step.sources]

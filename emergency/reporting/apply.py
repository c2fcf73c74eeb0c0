"""Facts about reports and their receipts, put into their tables.

Owns: which fact goes into which table. Promises: as `emergency/apply.py`; a receipt may come before
its report; a draft whose report comes back to a node that was restored waits no more. Must not
know: who sent it.
"""

from collections.abc import Sequence

from django.db.models import F

from realtime.registry import Fact, applies

from ..models import Report, ReportDraft, ReportReceipt
from .events import SHAPES

HAS_TO_BE = {
    **dict.fromkeys(("elements", "before", "covers", "oral"), dict),
    **dict.fromkeys(("filled", "unknown", "lacking"), list),
}

applies(SHAPES[ReportReceipt].subject)(SHAPES[ReportReceipt].insert)


@applies(SHAPES[Report].subject)
def apply_reports(facts: Sequence[Fact]) -> None:
    """Insert reports. Raises NotYet, ValueError for what is none."""
    for fact in facts:
        for name, kind in HAS_TO_BE.items():
            if not isinstance(fact.public.get(name, kind()), kind):
                raise ValueError(f"{name} that cannot be read")
    SHAPES[Report].insert(facts)
    State = ReportDraft.State
    made = [fact.public["id"] for fact in facts]
    waiting = ReportDraft.objects.filter(pk__in=made, state=State.SUBMITTED)
    waiting.update(state=State.SIGNED, rev=F("rev") + 1)

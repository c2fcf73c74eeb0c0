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

applies(SHAPES[ReportReceipt].subject)(SHAPES[ReportReceipt].insert)


@applies(SHAPES[Report].subject)
def apply_reports(facts: Sequence[Fact]) -> None:
    """Insert reports. Raises NotYet, ValueError for a kind that there is not."""
    SHAPES[Report].insert(facts)
    State = ReportDraft.State
    made = [fact.public["id"] for fact in facts]
    waiting = ReportDraft.objects.filter(pk__in=made, state=State.SUBMITTED)
    waiting.update(state=State.SIGNED, rev=F("rev") + 1)

"""First reports upward.

Owns: every write of them. Promises: one by phone, one in writing, each with what was known then.
Must not know: how it travels, HTTP.
"""

import uuid
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from realtime.problems import Invalid

from ...errors import WrongState
from ...models import FirstReport, Incident, Officer
from ...permissions import require, require_home
from ...services import incidents
from ...services.once import already
from ...states import STEPS
from .. import elements, events
from .common import keep, written

AHEAD = timedelta(minutes=15)  # how far a clock may be ahead


def make_first_report(
    *,
    actor: Officer,
    incident: Incident,
    kind: str,
    recipient: str,
    text: str = "",
    reported_at: datetime | None = None,
    id: uuid.UUID | None = None,
) -> FirstReport:
    """Write down that the incident was reported upward for the first time, and what was known.

    The first of either kind takes the incident to its state "first report made". Raises WrongState
    for a second of this kind, Invalid for a time ahead of the clock, SameIdOtherContent.
    """
    require(actor, "incident.advance", incident)
    require_home(incident)
    now = datetime.now(UTC)
    at = reported_at or now
    if at > now + AHEAD:
        raise Invalid(fields={"reported_at": _("This time is still to come.")})
    with transaction.atomic():
        incident = Incident.objects.select_for_update().get(pk=incident.pk)
        if known := already(FirstReport, id, incident_id=incident.pk, kind=kind, text=text):
            return known
        if incident.firstreports.filter(kind=kind).exists():
            raise WrongState(
                _("This first report was made already: write what follows as entries.")
            )
        filled, lacking = elements.standing(incident)
        report = FirstReport(
            id=id or uuid.uuid4(),
            kind=kind,
            recipient=recipient,
            text=text,
            reported_at=at,
            filled=filled,
            lacking=lacking,
            **written(incident, actor, now),
        )
        keep(events.FIRST_REPORT_MADE, report)
        if incident.state in STEPS["report"].sources:
            incidents.advance_incident(
                actor=actor, incident=incident, rev=incident.rev, step="report"
            )
    return report

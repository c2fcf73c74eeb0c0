"""What every write about an incident here has in common.

Owns: the columns of what is written, and saving it. Promises: the row, then its envelope. Must not
know: rules.
"""

from datetime import datetime
from typing import Any

from django.conf import settings

from realtime import log
from realtime.registry import EventType

from ...models import Incident, Officer
from ...selectors import signed
from .. import events


def written(incident: Incident, actor: Officer, at: datetime) -> dict[str, Any]:
    """The columns of what this officer writes about the incident now."""
    return {
        "incident": incident,
        "home": settings.NODE_ID,
        "realm": incident.realm,
        "recorded_at": at,
        **signed(actor),
    }


def keep(kind: EventType, row: events.Row) -> None:
    """Save what was written, and append it."""
    row.save(force_insert=True)
    log.append(
        kind,
        subject=f"{events.SUBJECTS[type(row)]}/{row.pk}",
        about=f"incident/{row.incident_id}",
        actor=row.author,
        realm=row.realm,
        rev=1,
        public=events.data(row),
        relay="about",
    )

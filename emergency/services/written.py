"""What every write of something that is written once about an incident has in common.

Owns: the columns of what is written, and saving it. Promises: the row, then its envelope. Must not
know: rules, what the kinds are.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from realtime import log
from realtime.registry import EventType

from ..models import Incident, Officer, Written
from ..selectors import signed
from ..written import Shape


def written(incident: Incident, actor: Officer, at: datetime) -> dict[str, Any]:
    """The columns of what this officer writes about the incident now."""
    return {
        "incident": incident,
        "home": settings.NODE_ID,
        "realm": incident.realm,
        "recorded_at": at,
        **signed(actor),
    }


def by_the_clock(incident: Incident, at: datetime) -> dict[str, Any]:
    """The columns of what this node writes about the incident by itself."""
    own = {"incident": incident, "home": settings.NODE_ID, "realm": incident.realm}
    return own | {"recorded_at": at, "author": log.SYSTEM, "author_name": ""}


def keep(
    kind: EventType, row: Written, shapes: Mapping[type[Written], Shape], *, actor: str = ""
) -> None:
    """Save what was written, and append it with the fields that this type of event has; `actor`
    where somebody else than its author does so."""
    row.save(force_insert=True)
    shape = shapes[type(row)]
    said = shape.data(row)
    log.append(
        kind,
        subject=f"{shape.subject}/{row.pk}",
        about=f"incident/{row.incident_id}",
        actor=actor or row.author,
        realm=row.realm,
        rev=1,
        public={name: said[name] for name in kind.public},
        relay="about",
    )

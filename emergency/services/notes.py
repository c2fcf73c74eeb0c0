"""What a node notes about an incident for itself: whom it shows it to, whom it does not propose.

Owns: the envelopes of that. Promises: they are about the incident and not part of it, which only
its home writes, and go to no other node. Must not know: when something is noted.
"""

import uuid
from datetime import UTC, datetime

from django.conf import settings

from realtime import log
from realtime.registry import EventType

from ..models import Incident, Officer
from ..selectors import actor_text, signed


def append(kind: EventType, incident: Incident, actor: Officer, **fields: str) -> None:
    """Append a note with these fields; part of the caller's transaction."""
    pk = str(uuid.uuid4())
    log.append(
        kind,
        subject=f"{kind.name.split('.')[0]}/{pk}",
        about=f"incident/{incident.pk}",
        actor=actor_text(actor),
        realm=incident.realm,
        rev=1,
        public={
            "id": pk,
            "incident": str(incident.pk),
            "home": settings.NODE_ID,
            "realm": incident.realm,
            "rev": 1,
            "recorded_at": datetime.now(UTC).isoformat(),
            **signed(actor),
            **fields,
        },
    )

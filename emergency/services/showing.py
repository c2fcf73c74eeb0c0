"""Incidents of other nodes, shown to organisations of this one.

Owns: the envelopes of that. Promises: they are about the incident and not part of it, which only
its home writes, and go to no other node. Must not know: when it is shown (services/incidents.py).
"""

import uuid
from datetime import UTC, datetime

from django.conf import settings

from realtime import log
from realtime.registry import EventType

from ..models import Incident, Officer, Organisation
from ..selectors import actor_text


def append(kind: EventType, incident: Incident, organisation: Organisation, actor: Officer) -> None:
    """Append that it is shown, or no longer; part of the caller's transaction."""
    pk = str(uuid.uuid4())
    log.append(
        kind,
        subject=f"showing/{pk}",
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
            "organisation": organisation.pk,
            "author": actor_text(actor),
            "author_name": f"{actor.organisation.name} {actor.name}",
            "recorded_at": datetime.now(UTC).isoformat(),
        },
    )

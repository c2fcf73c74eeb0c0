"""Ties: what lay around an incident, by the layer versions of that moment.

Owns: making ties, and tying open incidents anew when a layer has a new version. Promises: a tie
is only ever added; the old one stays with the versions it was made from. Must not know: how the
layers are searched (gis.selectors).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from gis import selectors as gis
from realtime import log

from .. import events
from ..models import Incident, Tie
from ..selectors import open_incidents


@dataclass(frozen=True)
class Surroundings:
    """Two surveys of one point: of the layers everybody may see, and of the others."""

    survey: dict[str, Any]
    sensitive: dict[str, Any]


def surroundings(lon: float, lat: float) -> Surroundings:
    """Search the layers around a WGS 84 point; done before the transaction, it takes a while."""
    parts = [lambda layer: not layer.audience, lambda layer: bool(layer.audience)]
    return Surroundings(*gis.surveys(lon, lat, parts=parts))


def make(*, incident: Incident, around: Surroundings, reason: str) -> Tie:
    """Insert a tie; part of the caller's transaction, which calls `append` afterwards."""
    return Tie.objects.create(
        incident=incident,
        home=settings.NODE_ID,
        realm=incident.realm,
        made_at=datetime.now(UTC),
        reason=reason,
        lon=around.survey["lon"],
        lat=around.survey["lat"],
        survey=around.survey,
        sensitive=around.sensitive,
    )


def append(tie: Tie, *, actor: str) -> None:
    """Append the tie's envelope; part of the caller's transaction."""
    log.append(
        events.TIE_MADE,
        subject=f"tie/{tie.pk}",
        about=f"incident/{tie.incident_id}",
        actor=actor,
        realm=tie.realm,
        rev=1,
        public=events.tie_data(tie),
        personal=events.tie_personal(tie),
        relay="about",
    )


def tie_open_incidents_anew(*, realm: str = "real") -> int:
    """Add a tie to every open incident whose last one used other layer versions; how many."""
    made = 0
    own = open_incidents(realm).filter(home=settings.NODE_ID)
    for incident in own.exclude(lon=None):
        around = surroundings(incident.lon, incident.lat)
        last = incident.ties.last()
        if last and _versions(last) == _versions(around):
            continue
        with transaction.atomic():
            append(make(incident=incident, around=around, reason="layers"), actor=log.SYSTEM)
        made += 1
    return made


def _versions(around: Surroundings | Tie) -> dict[str, str]:
    return around.survey["layers"] | around.sensitive["layers"]

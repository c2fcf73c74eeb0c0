"""Nodes that an incident should perhaps be shared with, because of where it lies or reaches.

Owns: the proposals, and what was said no to. Promises: from the layers that the officer may see; a
node that holds the incident, one from which a person withdrew it, and one that a person said no to
for the same area are not proposed; nothing is shared here. Must not know: requests, how a share
travels.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import orjson
from django.conf import settings

from gis import selectors as gis
from realtime.link.sharing import Sharing
from realtime.models import Envelope, NodeKey

from . import realms
from .models import Incident, Officer, Organisation
from .permissions import require
from .selectors_sharing import withdrawn
from .share_events import PROPOSAL_DECLINED
from .states import OPEN

TOUCHES, INSIDE, NEAR = "touches", "inside", "near"


@dataclass(frozen=True)
class Ground:
    """What of an incident is laid over the areas: its affected area, or a circle around it."""

    shape: dict[str, Any]
    radius_m: int

    @property
    def mark(self) -> str:
        """The same for the same area, so that a refusal holds until the area changes."""
        text = json.dumps([self.shape, self.radius_m], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def proposals(officer: Officer, incident: Incident) -> list[dict[str, Any]]:
    """`{node, name, reason, distance_m, radius_m, area}` of each, nearest first.

    `reason`: the affected area touches the area of that node, or, without one, the incident lies
    inside it or near it: within the outermost survey ring, `radius_m`. Raises NotAllowed for who
    may not share the incident.
    """
    require(officer, "incident.share", incident)
    ground = ground_of(incident)
    if incident.home != settings.NODE_ID or incident.state not in OPEN or ground is None:
        return []
    visible = gis.visible_to(officer)
    areas = gis.areas_within(ground.shape, ground.radius_m, visible=visible)
    near = {f"{one['layer']}/{one['id']}": one["distance_m"] for one in areas}
    runs = Organisation.objects.filter(area__in=near, valid_to=None)
    runs = runs.exclude(node__in=("", settings.NODE_ID))
    names = {row.node: (row.name, near[row.area]) for row in runs}
    may = {node for node in names if realms.may_go(incident.realm, node)}
    left = _left(incident, ground, may)
    return sorted(
        (
            {
                "node": node,
                "name": name,
                "reason": _reason(incident, far),
                "distance_m": far,
                "radius_m": ground.radius_m,
                "area": ground.mark,
            }
            for node, (name, far) in names.items()
            if node in left
        ),
        key=lambda one: (one["distance_m"], one["node"]),
    )


def ground_of(incident: Incident) -> Ground | None:
    """None for an incident that lies nowhere yet."""
    if incident.affected_area:
        return Ground(incident.affected_area, 0)
    if incident.lon is None:
        return None
    point = {"type": "Point", "coordinates": [incident.lon, incident.lat]}
    return Ground(point, gis.widest_ring())


def _reason(incident: Incident, distance_m: int) -> str:
    if incident.affected_area:
        return TOUCHES
    return NEAR if distance_m else INSIDE


def _left(incident: Incident, ground: Ground, nodes: set[str]) -> set[str]:
    """Those that can be given the incident, lack it, and that nobody has decided about."""
    thing = f"incident/{incident.pk}"
    known = Sharing.of([thing])
    keys = NodeKey.objects.filter(node__in=nodes, retired_at=None)
    able = set(keys.values_list("node", flat=True))
    held = {node for node in able if known.has(thing, node)}
    return able - held - withdrawn(incident) - declined(incident, ground)


def declined(incident: Incident, ground: Ground) -> set[str]:
    """The nodes that a person said no to, for this area."""
    rows = Envelope.objects.filter(about=f"incident/{incident.pk}", type=PROPOSAL_DECLINED.name)
    said = [orjson.loads(bytes(row)) for row in rows.values_list("public", flat=True) if row]
    return {one["node"] for one in said if one["area"] == ground.mark}

"""The incidents that hang together with one, and those that may be the same.

Owns: reads. Promises: nothing that the officer may not see is told but that there is something; a
circle of causes, which two nodes can make at once, is told like any other. Must not know: how
anything is written.
Source: domain rules of duplicate reports: near in place and time, of the same kind.
"""

import math
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from gis.geometry import metric_point, parse_point
from realtime.problems import Invalid

from ..events import moment
from ..models import AlikeRule, Incident, Officer
from ..selectors import visible_incidents
from ..states import OPEN

KIND = 3  # places of a class code that name the kind
METRES_OF_A_DEGREE = 105_000.0  # fewer than of any, so that the box holds the circle
LISTED = 5
MINUTE = timedelta(minutes=1)
TOLD = "number title state grade home".split()


def brief(one: Incident) -> dict[str, Any]:
    """As much of an incident as a list of relatives shows."""
    told = {name: getattr(one, name) for name in TOLD}
    return told | {"id": str(one.pk), "received_at": moment(one.received_at)}


def relatives(officer: Officer, one: Incident) -> dict[str, Any]:
    """`{caused_by, led_to, merged_into, merged, split_from, parts, unseen}`: lists of what the
    officer may see of each; `unseen`: how many it came of, or went into, are not."""
    up = {"caused_by": one.parent_id, "merged_into": one.merged_into_id}
    up["split_from"] = one.split_from_id
    wanted = {pk for pk in up.values() if pk}
    near = Q(pk__in=wanted) | Q(parent=one.pk) | Q(merged_into=one.pk) | Q(split_from=one.pk)
    found = list(visible_incidents(one.realm, officer).filter(near).order_by("received_at", "pk"))
    return {
        **{name: _brief(row for row in found if row.pk == pk) for name, pk in up.items()},
        "led_to": _brief(row for row in found if row.parent_id == one.pk),
        "merged": _brief(row for row in found if row.merged_into_id == one.pk),
        "parts": _brief(row for row in found if row.split_from_id == one.pk),
        "unseen": len(wanted - {row.pk for row in found}),
    }


def _brief(rows: Iterable[Incident]) -> list[dict[str, Any]]:
    return [brief(row) for row in rows]


def ancestors(one: Incident) -> set[uuid.UUID]:
    """What an incident came of, and that of, as far as this node knows."""
    found: set[uuid.UUID] = set()
    at = one.parent_id
    while at and at not in found:
        found.add(at)
        at = Incident.objects.filter(pk=at).values_list("parent", flat=True).first()
    return found


def rule_for(type_code: str) -> AlikeRule | None:
    """The rule of the closest class; None where none fits."""
    fitting = [one for one in AlikeRule.objects.all() if type_code.startswith(one.type_prefix)]
    return max(fitting, key=lambda one: len(one.type_prefix), default=None)


def alike(
    officer: Officer, *, realm: str, type_code: str, lon: float, lat: float, at: datetime
) -> list[dict[str, Any]]:
    """Open incidents of the same kind that the officer may see, near this point (WGS 84, degrees)
    and received near this moment, the nearest first: as `brief`, with `distance_m`, `minutes`."""
    rule = rule_for(type_code)
    if rule is None:
        return []
    high = rule.distance_m / METRES_OF_A_DEGREE
    wide = high / max(math.cos(math.radians(lat)), 0.01)
    around = timedelta(minutes=rule.minutes)
    rows = visible_incidents(realm, officer).filter(
        state__in=OPEN,
        type_code__startswith=type_code[:KIND],
        received_at__range=(at - around, at + around),
        lon__range=(lon - wide, lon + wide),
        lat__range=(lat - high, lat + high),
    )
    here = metric_point(lon, lat)
    far = [(row, here.distance(metric_point(row.lon, row.lat))) for row in rows[:500]]
    near = sorted((pair for pair in far if pair[1] <= rule.distance_m), key=lambda pair: pair[1])
    return [
        brief(row)
        | {"distance_m": round(metres), "minutes": round(abs(row.received_at - at) / MINUTE)}
        for row, metres in near[:LISTED]
    ]


def _is_somewhere(one: Incident) -> bool:
    """Has it a position? What another node says may be none."""
    try:
        parse_point(one.lon, one.lat)
    except Invalid:
        return False
    return True


def alike_to(officer: Officer, one: Incident) -> list[dict[str, Any]]:
    """Those that may be the same as an open incident that has a position, and of which nobody has
    said what they are to it."""
    if one.state not in OPEN or not _is_somewhere(one):
        return []
    found = alike(
        officer,
        realm=one.realm,
        type_code=one.type_code,
        lon=one.lon,
        lat=one.lat,
        at=one.received_at,
    )
    known = {one.pk, one.parent_id, one.split_from_id}
    below = Incident.objects.filter(Q(parent=one.pk) | Q(split_from=one.pk))
    known |= set(below.values_list("pk", flat=True))
    return [told for told in found if uuid.UUID(told["id"]) not in known]

"""Values that an office may change: the rings of a survey and the extents of the region.

Owns: every write to them. Promises: each change says in the log what was and what is; a value that
cannot be used is refused by field; without a change nothing is written. Must not know: who may
change them (the caller has asked), what was surveyed before (a survey is kept with its own radii).
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from realtime.problems import Conflict, Invalid

from ..models import Extent, SurveyRing
from .tables import tell

RINGS_AT_MOST = 8
RING = ("radius_m", "source", "verified")
EXTENT = ("name", "west", "south", "east", "north", "source", "verified")


def set_ring(*, radius_m: int, source: str, verified: bool, actor: str) -> SurveyRing:
    """Add a ring of this radius, or change where it comes from. Raises Invalid."""
    with transaction.atomic():
        known = SurveyRing.objects.select_for_update().filter(radius_m=radius_m).first()
        if known is None and SurveyRing.objects.count() >= RINGS_AT_MOST:
            message = _("At most %(count)s rings: each makes every survey slower.")
            raise Invalid(fields={"radius_m": message % {"count": RINGS_AT_MOST}})
        before = _state(known, RING)
        ring = known or SurveyRing(radius_m=radius_m)
        ring.source, ring.verified = source, verified
        _keep(ring, "survey_rings", str(radius_m), before, RING, actor)
    return ring


def remove_ring(*, radius_m: int, actor: str) -> None:
    """Take a ring away from surveys to come. Raises Conflict when it is not there any more."""
    with transaction.atomic():
        ring = SurveyRing.objects.select_for_update().filter(radius_m=radius_m).first()
        if ring is None:
            raise Conflict
        before = _state(ring, RING)
        ring.delete()
        tell(table="survey_rings", key=str(radius_m), before=before, after=None, actor=actor)


def change_extent(
    *,
    extent: Extent,
    west: float,
    south: float,
    east: float,
    north: float,
    source: str,
    verified: bool,
    actor: str,
) -> Extent:
    """Move the edges of an extent (WGS 84) or change where they come from. Raises Invalid."""
    if not (-180 <= west < east <= 180):
        raise Invalid(fields={"east": _("A box runs from west to east and south to north.")})
    if not (-90 <= south < north <= 90):
        raise Invalid(fields={"north": _("A box runs from west to east and south to north.")})
    with transaction.atomic():
        extent = Extent.objects.select_for_update().get(pk=extent.pk)
        before = _state(extent, EXTENT)
        extent.west, extent.south, extent.east, extent.north = west, south, east, north
        extent.source, extent.verified = source, verified
        _keep(extent, "extents", extent.name, before, EXTENT, actor)
    return extent


def _keep(
    row: models.Model,
    table: str,
    key: str,
    before: dict[str, Any] | None,
    names: tuple[str, ...],
    actor: str,
) -> None:
    """Check and write a row and, last, the envelope."""
    after = _state(row, names)
    if after == before:
        return
    try:
        row.full_clean(validate_unique=False)
    except ValidationError as error:
        fields = {name: " ".join(found) for name, found in error.message_dict.items()}
        raise Invalid(fields=fields) from error
    row.save()
    tell(table=table, key=key, before=before, after=after, actor=actor)


def _state(row: models.Model | None, names: tuple[str, ...]) -> dict[str, Any] | None:
    return None if row is None else {name: getattr(row, name) for name in names}

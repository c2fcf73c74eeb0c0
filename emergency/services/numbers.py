"""Human numbers: per node, realm, kind and year, without gaps.

Owns: the series. Promises: called inside the transaction of the thing it numbers, so a rollback
gives the number back; drills have series of their own, the same for all of them; after a loss of
rows the numbers that they may have had are left free for when they come back from other nodes.
Must not know: what is numbered.
"""

from datetime import datetime

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from realtime.start import when_lost

from ..models import NumberSeries
from ..realms import REAL, series_of

BESIDE = "演练-"  # before every number that is not of the real realm, on whatever it is printed


def lock_series(*, realm: str, kind: str, at: datetime) -> NumberSeries:
    """The series of the local year, locked: whoever else wants a number of it waits."""
    year = timezone.localtime(at).year
    series, _made = NumberSeries.objects.select_for_update().get_or_create(
        realm=series_of(realm), kind=kind, year=year
    )
    return series


def take_number(*, series: NumberSeries) -> str:
    """The next number of a locked series, such as `xian-2026-000001`."""
    series.last += 1
    series.save(update_fields=["last"])
    mark = "" if series.realm == REAL else BESIDE
    return f"{mark}{settings.NODE_ID}-{series.year}-{series.last:06d}"


@when_lost
def leave_room(rows: int) -> None:
    """Pass over as many numbers as rows of the log are known to be lost."""
    NumberSeries.objects.update(last=F("last") + rows)

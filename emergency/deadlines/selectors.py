"""Limits of reports, their rules, and what has to be done about them now.

Owns: reads. Promises: of a thousand limits that run only those are loaded whose moment has come.
Must not know: how anything is written.
"""

import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Max, QuerySet

from realtime.models import Envelope

from .. import realms
from ..events import LimitData, moment
from ..models import (
    Deadline,
    DeadlineStep,
    Incident,
    LimitRule,
    Officer,
    Organisation,
    Plan,
    ReminderRule,
    Report,
)
from ..selectors import visible_incidents
from ..selectors_homes import homes
from ..states import OPEN
from . import standing
from .limits import Rule, binding, reminder_due

Kind = Deadline.Kind
AT_ONCE = 500
JUST = timedelta(seconds=5)
LISTED = 500  # what a desk is told of at once
OF_PLAN = "phone_minutes written_minutes type_codes source verified name".split()
ROW = ("kind", "type_prefix", "grade", "level", "minutes", "source", "verified")


def rules() -> list[Rule]:
    """The table of limits, and what plans in force say for their classes."""
    table = [Rule(*row) for row in LimitRule.objects.values_list(*ROW)]
    plans = Plan.objects.filter(in_force=True).values_list(*OF_PLAN)
    for phone, written_minutes, codes, *said in plans:
        limits = {Kind.PHONE: phone, Kind.WRITTEN: written_minutes}
        table += [
            Rule(kind, code, 0, "", minutes, *said)
            for kind, minutes in limits.items()
            for code in codes
            if minutes
        ]
    return table


def level() -> str:
    """What kind of organisation runs this node; a city where the node belongs to none."""
    own = Organisation.objects.filter(node=settings.NODE_ID).values_list("kind", flat=True)
    return own.first() or Organisation.Kind.CITY


def limits_for(incident: Incident, now: datetime, *, anew: bool = False) -> list[LimitData]:
    """The limits that this incident of ours is to state from now on (see `standing.held`)."""
    table, here = rules(), level()
    said = written([incident])[incident.pk] if incident.limits else standing.Written({}, [], [])
    fitting = {"type_code": incident.type_code, "grade": incident.grade, "level": here}
    return standing.held(
        incident, lambda kind: binding(table, kind=kind, **fitting), said, now, anew=anew
    )


def todo(incidents: Iterable[uuid.UUID], now: datetime) -> dict[uuid.UUID, list[standing.Act]]:
    """Those of these incidents about whose limits this node has something to do, and what; nothing
    of one that cannot be judged, which is tried again alone."""
    asked, found = list(incidents), {}
    for first in range(0, len(asked), AT_ONCE):
        some = list(Incident.objects.filter(pk__in=asked[first : first + AT_ONCE]))
        said = acts(some, now)
        for one in some:
            try:
                if this := said(one):
                    found[one.pk] = this
            except Exception:  # one that cannot be judged must not hide the others
                found[one.pk] = []
    return found


def acts(found: Sequence[Incident], now: datetime) -> Callable[[Incident], list[standing.Act]]:
    """What tells what is to be done about the limits of each of these incidents."""
    bounds = realms.among({one.realm for one in found})
    said = written(found)

    def of(one: Incident) -> list[standing.Act]:
        realm = bounds.get(one.realm)
        if one.home != settings.NODE_ID or not realms.writable(realm):
            return []
        return standing.acts(one, said[one.pk], partial(realms.passed, realm), now)

    return of


def written(found: Sequence[Incident]) -> dict[uuid.UUID, standing.Written]:
    """What this node looks at of these incidents, and what homes of theirs have written; what
    another node wrote about them counts for nothing."""
    told = homes(found)
    said = {one.pk: standing.Written({}, [], []) for one in found}
    for row in Deadline.objects.filter(incident__in=said):
        said[row.incident_id].watched[row.limit] = row
    for kind, name in ((DeadlineStep, "steps"), (Report, "reports")):
        for row in kind.objects.filter(incident__in=said):
            if (row.incident_id, row.home) in told:
                getattr(said[row.incident_id], name).append(row)
    return said


def last_told() -> datetime | None:
    """When this node last wrote anything into its log."""
    own = Envelope.objects.filter(source=settings.NODE_ID).order_by("-position")
    return own.values_list("time", flat=True).first()


def that_run() -> QuerySet[Deadline]:
    """Limits of incidents of this node that run, as it looks at them."""
    return Deadline.objects.filter(incident__home=settings.NODE_ID)


def last_watched() -> int:
    """The newest limit that this node looks at."""
    return Deadline.objects.aggregate(last=Max("pk"))["last"] or 0


def begun(after: int, now: datetime) -> list[int]:
    """Limits newer than that one that began just now."""
    fresh = Deadline.objects.filter(pk__gt=after, started_at__range=(now - JUST, now))
    return list(fresh.values_list("pk", flat=True))


def running(realm: str, officer: Officer) -> dict[str, Any]:
    """`{items, more, late}`: the limits that run for incidents of this node which the officer may
    see, those that have just ended and end next first, how many more there are, and how many of
    those are over."""
    if not realms.writable(realms.find(realm)):
        return {"items": [], "more": 0, "late": 0}
    seen = visible_incidents(realm, officer).filter(state__in=OPEN)
    found = that_run().filter(incident__in=seen)
    now = datetime.now(UTC)
    ends = [
        (started + timedelta(minutes=minutes, seconds=-shift), pk)
        for pk, started, minutes, shift in found.values_list("pk", "started_at", "minutes", "shift")
    ]
    ends.sort(key=lambda one: (abs(one[0] - now), one[1]))
    listed, rest = ends[:LISTED], ends[LISTED:]
    rows = found.select_related("incident").in_bulk([pk for _end, pk in listed])
    return {
        "items": [one for _end, pk in listed if pk in rows for one in _shown(rows[pk])],
        "more": len(rest),
        "late": sum(end <= now for end, _pk in rest),
    }


def _shown(row: Deadline) -> list[dict[str, Any]]:
    """A limit for the desk, as its incident states it, where it holds: from when on it would have
    run by the clock as it is now."""
    since = moment(row.started_at - timedelta(seconds=row.shift))
    own = {"started_at": since, "incident": str(row.incident_id), "title": row.incident.title}
    held = standing.last_of(row.incident.limits, row.kind)
    return [held | own] if held and held["id"] == str(row.limit) else []


def to_look_at(now: datetime) -> list[int]:
    """Deadlines whose moment has come. Where another clock than the wall's runs, its time is asked
    for each."""
    come = Deadline.objects.filter(next_at__lte=now).order_by("next_at")
    real = come.filter(realm=realms.REAL).values_list("pk", flat=True)[:AT_ONCE]
    others = list(come.exclude(realm=realms.REAL).select_related("incident")[:AT_ONCE])
    return [*real, *_due_by_their_clock(others, now)]


def _due_by_their_clock(found: Sequence[Deadline], now: datetime) -> list[int]:
    if not found:
        return []
    bounds = realms.among({one.realm for one in found})
    percents = sorted(ReminderRule.objects.values_list("percent", flat=True))
    said = written([one.incident for one in found])
    return [
        one.pk
        for one in found
        if reminder_due(
            standing.ran(one, now, bounds[one.realm].passed),
            one.minutes,
            percents,
            [row.percent for row in said[one.incident_id].steps if row.deadline == one.limit],
        )
    ]


def of_what_is_over(now: datetime) -> list[int]:
    """Deadlines that this node would look at, of exercises that are over."""
    found = Deadline.objects.filter(next_at__lte=now).exclude(realm=realms.REAL)
    bounds = realms.among(set(found.values_list("realm", flat=True).distinct()))
    over = [realm for realm, one in bounds.items() if not one.open]
    return list(found.filter(realm__in=over).values_list("pk", flat=True)) if over else []


def open_here() -> list[uuid.UUID]:
    """Open incidents of this node, and others of which a limit is looked at, the newest first."""
    here = Incident.objects.filter(home=settings.NODE_ID)
    found = here.filter(state__in=OPEN) | here.filter(pk__in=Deadline.objects.values("incident"))
    return list(found.order_by("-received_at").values_list("pk", flat=True))

"""Rounds that run, who has reported in them and who is missing.

Owns: reads. Promises: what a node wrote that is no home of the incident orders nothing here; a
report counts from the node of its organisation and from a home alone; what was said to be over is
not said again. Must not know: how anything is written.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from realtime.models import Envelope
from realtime.problems import NotFound

from .. import realms
from ..events import moment
from ..models import (
    Incident,
    Officer,
    Organisation,
    Plan,
    ReminderRule,
    ResponseEnd,
    RoundOrder,
    RoundReminder,
    RoundReport,
    RoundShift,
)
from ..permissions import may
from ..rights import rights_of
from ..selectors import visible_incidents
from ..selectors_homes import homes
from ..states import OPEN
from . import counting


@dataclass(frozen=True)
class Running:
    """An order in force: how long it has run, by whom each round was reported so far, what was said
    of each."""

    order: RoundOrder
    passed: timedelta
    reported: dict[int, set[str]]
    given: dict[int, set[int]]

    @property
    def no(self) -> int:
        """The round that runs."""
        return counting.current(self.passed, self.order.every)

    def missing(self, no: int) -> list[str]:
        """Who has not reported in a round, in the order's words."""
        codes = (one["organisation"] for one in self.order.reporters)
        return [code for code in codes if code not in self.reported.get(no, ())]


def reporters(plan: Plan, level: str, realm: str) -> tuple[int, list[Organisation]]:
    """How often a level of this plan asks for reports, 0 for never, and whom: who stands below
    another organisation than that of this node reports there; in an exercise those who act in it.
    """
    every = next(one["every"] for one in plan.levels if one["code"] == level)
    if not every:
        return 0, []
    bounds = realms.find(realm)
    found = below(plan.reporters)
    return every, [one for one in found if bounds is None or one.code in bounds.acting]


def below(codes: Collection[str]) -> list[Organisation]:
    """Those of these organisations that stand below none or that of this node."""
    found = Organisation.objects.filter(code__in=codes).order_by("code")
    own = set(Organisation.objects.filter(node=settings.NODE_ID).values_list("code", flat=True))
    return [one for one in found if not own or one.parent_id is None or one.parent_id in own]


def orders(found: Iterable[Incident]) -> list[RoundOrder]:
    """Orders in force on these incidents: of each plan the last, from a home, that nothing has
    ended."""
    about = {one.pk: one for one in found}
    told, last = homes(about.values()), {}
    ended = {
        (end.incident_id, str(pk))
        for end in ResponseEnd.objects.filter(incident__in=about)
        if (end.incident_id, end.home) in told and isinstance(end.activations, list)
        for pk in end.activations
    }
    for row in RoundOrder.objects.filter(incident__in=about).order_by("recorded_at", "id"):
        row.incident = about[row.incident_id]
        if (row.incident_id, row.home) in told:
            last[row.incident_id, row.plan] = row
    return [
        row
        for (incident, _plan), row in last.items()
        if row.every and (incident, str(row.activation)) not in ended
    ]


def running(found: Iterable[Incident], now: datetime) -> list[Running]:
    """The orders that run on these incidents, as this node sees them."""
    rows = [row for row in orders(found) if row.incident.state in OPEN]
    bounds = realms.among({row.realm for row in rows})
    rows = [row for row in rows if realms.writable(bounds.get(row.realm))]
    keys, told = [row.pk for row in rows], homes([row.incident for row in rows])
    shifts = dict(RoundShift.objects.filter(pk__in=keys).values_list("order", "seconds"))
    given: dict[uuid.UUID, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for order, no, percent, *where in RoundReminder.objects.filter(order__in=keys).values_list(
        "order", "no", "percent", "incident", "home"
    ):
        if tuple(where) in told:
            given[order][no].add(percent)
    reported: dict[uuid.UUID, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    counts = {row.pk: _counts(row, told) for row in rows}
    for order, no, code, home in RoundReport.objects.filter(order__in=keys).values_list(
        "order", "no", "organisation", "home"
    ):
        if counts[order](code, home):
            reported[order][no].add(code)
    return [
        Running(
            row,
            realms.passed(bounds.get(row.realm), row.recorded_at, now)
            + timedelta(seconds=shifts.get(row.pk, 0)),
            reported[row.pk],
            given[row.pk],
        )
        for row in rows
    ]


def _counts(row: RoundOrder, told: Collection[tuple[uuid.UUID, str]]) -> Callable[[str, str], bool]:
    """Whether an organisation's report was written where it reports: at its node or a home."""
    nodes = {one["organisation"]: one["node"] for one in row.reporters}
    return lambda code, home: (
        code in nodes and (home == nodes[code] or (row.incident_id, home) in told)
    )


def here() -> QuerySet[Incident]:
    """Open incidents of this node for which rounds were ordered."""
    own = Incident.objects.filter(home=settings.NODE_ID, state__in=OPEN)
    return own.filter(pk__in=RoundOrder.objects.values("incident"))


def marks() -> dict[int, list[str]]:
    """At which per cent of a round which roles are reminded; at its end in any case."""
    roles = dict(ReminderRule.objects.values_list("percent", "roles"))
    return {one: roles.get(one, []) for one in counting.percents(roles)}


def for_desk(realm: str, officer: Officer, now: datetime, *, back: int = 1) -> list[dict[str, Any]]:
    """For every order that runs on what the officer sees: the round that runs and as many before it
    as `back` says, where somebody is missing. Each `{order, incident, title, no, started_at,
    minutes, of, missing, mine}`: `started_at` of the order by the clock as it is now, `minutes`
    from there to the end of the round, `of` how many report, `missing` the names of those who have
    not, `mine` the codes of those of them for whom this officer reports."""
    seen = visible_incidents(realm, officer).filter(state__in=OPEN)
    seen = seen.filter(pk__in=RoundOrder.objects.values("incident"))
    return [
        shown
        for one in running(seen, now)
        for no in range(max(1, one.no - back), one.no + 1)
        if (shown := _shown(one, no, officer, now))
    ]


def _shown(one: Running, no: int, officer: Officer, now: datetime) -> dict[str, Any] | None:
    order, missing = one.order, one.missing(no)
    if not missing:
        return None
    since = order.recorded_at
    if order.realm == realms.REAL:
        since = now - one.passed
    lacking = [who for who in order.reporters if who["organisation"] in missing]
    return {
        "order": str(order.pk),
        "incident": str(order.incident_id),
        "title": order.incident.title,
        "no": no,
        "started_at": moment(since),
        "minutes": order.every * no,
        "of": len(order.reporters),
        "missing": [who["name"] for who in lacking],
        "mine": [who["organisation"] for who in lacking if is_mine(who, officer, order.incident)],
    }


def is_mine(reporter: dict[str, str], officer: Officer, incident: Incident) -> bool:
    """Does this officer report for it: as one of it where that counts, or at its node's desk?"""
    if not may(officer, "round.report"):
        return False
    at_its_node = reporter["node"] == settings.NODE_ID
    if officer.organisation_id == reporter["organisation"]:
        return at_its_node or incident.home == settings.NODE_ID
    return at_its_node and rights_of(officer).everywhere


def reported(order: RoundOrder, no: int, organisation: str) -> RoundReport | None:
    """The first report of this organisation in a round that counts."""
    counts = _counts(order, homes([order.incident]))
    given = RoundReport.objects.filter(order=order.pk, no=no, organisation=organisation)
    return next((one for one in given if counts(one.organisation, one.home)), None)


def ordered_after(position: int) -> list[uuid.UUID]:
    """Orders that this node wrote after this place of its log."""
    rows = Envelope.objects.filter(position__gt=position, type="round.ordered")
    said = rows.filter(source=settings.NODE_ID).values_list("subject", flat=True)
    return [uuid.UUID(one.partition("/")[2]) for one in said]


def in_force(incident: Incident, order: uuid.UUID, now: datetime) -> Running:
    """An order that runs on an incident. Raises NotFound."""
    found = [one for one in running([incident], now) if one.order.pk == order]
    if not found:
        raise NotFound
    return found[0]

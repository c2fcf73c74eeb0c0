"""Rounds of reports: ordered with a level of a plan, reported, reminded of.

Owns: every write of them. Promises: an order that stands and asks for the same goes on, with its
clock; an organisation reports a round once, the first counts, and not before it begins; a reminder
is written once, also by a node that was killed in between; only the home of an incident reminds.
Must not know: who is told, and how.
"""

import logging
import uuid
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from realtime import log
from realtime.problems import Invalid, NotAllowed

from .. import realms
from ..models import (
    Activation,
    Incident,
    Officer,
    Organisation,
    RoundOrder,
    RoundReminder,
    RoundReport,
    RoundShift,
)
from ..permissions import require
from ..rights import rights_of
from ..services.once import already
from ..services.written import keep, written
from . import counting, events, selectors

AGAIN = timedelta(minutes=1)  # what failed is tried again

logger = logging.getLogger(__name__)


def order_rounds(
    *,
    actor: Officer,
    incident: Incident,
    activation: Activation,
    every: int,
    reporters: list[Organisation],
) -> None:
    """Let these organisations report every so many minutes from now on, 0 for no more; nothing
    where that is so already. Part of the caller's transaction."""
    named = [{"organisation": one.pk, "name": one.name, "node": one.node} for one in reporters]
    asked = every if named else 0
    last = next((one for one in selectors.orders([incident]) if one.plan == activation.plan), None)
    if (last.every, last.reporters) == (asked, named) if last else not asked:
        return
    names = ("plan", "plan_name", "level_name")
    said = {name: getattr(activation, name) for name in names}
    _order(incident, actor, activation=activation.pk, every=asked, reporters=named, **said)


def order_again(*, actor: Officer, incident: Incident) -> None:
    """What was ordered counts anew, as of now: the incident was closed meanwhile. Part of the
    caller's transaction."""
    names = ("activation", "plan", "plan_name", "level_name", "every", "reporters")
    for one in selectors.orders([incident]):
        _order(incident, actor, **{name: getattr(one, name) for name in names})


def _order(incident: Incident, actor: Officer, **said: object) -> None:
    row = RoundOrder(**said, **written(incident, actor, datetime.now(UTC)))
    keep(events.ROUNDS_ORDERED, row, events.SHAPES)


def report_round(
    *,
    actor: Officer,
    incident: Incident,
    order: uuid.UUID,
    no: int,
    organisation: str,
    nothing_new: bool,
    text: str = "",
    id: uuid.UUID | None = None,
) -> RoundReport:
    """Say what is new with an organisation in a round, or that nothing is (零报告).

    For who belongs to it, and for the desks of its node and of the home, which write down what
    comes by phone. Raises NotFound for an order that does not run, NotAllowed, Invalid (a round
    that has not begun, an organisation that does not report, no words), SameIdOtherContent.
    """
    require(actor, "round.report", incident)
    now = datetime.now(UTC)
    found = selectors.in_force(incident, order, now)
    named = {one["organisation"]: one for one in found.order.reporters}
    if organisation not in named:
        raise Invalid(fields={"organisation": _("It does not report in these rounds.")})
    desk = incident.home == settings.NODE_ID and rights_of(actor).everywhere
    if not desk and not selectors.is_mine(named[organisation], actor):
        raise NotAllowed(_("Another organisation reports this."))
    if not 1 <= no <= found.no:
        raise Invalid(fields={"no": _("This round has not begun.")})
    if not nothing_new and not text.strip():
        raise Invalid(fields={"text": _("Say what is new.")})
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)
        said = {"no": no, "organisation": organisation, "nothing_new": nothing_new, "text": text}
        if known := already(RoundReport, id, order=order, **said):
            return known
        given = RoundReport.objects.filter(order=order, no=no, organisation=organisation)
        if first := given.first():
            return first
        report = RoundReport(
            id=id or uuid.uuid4(),
            order=order,
            late=counting.late(found.passed, found.order.every, no),
            **said,
            **written(incident, actor, now),
        )
        keep(events.ROUND_REPORTED, report, events.SHAPES)
    return report


def remind(*, now: datetime | None = None, most: int = 10) -> timedelta | None:
    """Say of every round of an incident of this node what is to be said, about so much at most; how
    long there is nothing more to say, None where nothing runs that could be waited for."""
    now = now or datetime.now(UTC)
    marks = selectors.marks()
    waits: list[timedelta] = []
    for one in selectors.running(selectors.here(), now):
        due = list(counting.reminders(one.passed, one.order.every, list(marks), one.given))
        try:
            for mark in due[:most]:
                if mark.percent == counting.WHOLE or one.missing(mark.no):
                    _remind(one, mark, marks[mark.percent], now)
        except Exception:  # the others are not to wait for it
            logger.exception("of a round nothing could be said")
            waits.append(AGAIN)
            continue
        if one.order.realm != realms.REAL or len(due) > most:
            waits.append(timedelta())
        else:
            waits.append(counting.next_look(one.passed, one.order.every, list(marks)) - one.passed)
    return min(waits, default=None)


def shift(*, by: timedelta) -> None:
    """The clock of the machine was set by so much: rounds go on as long as they really have."""
    seconds = round(by.total_seconds())
    for one in selectors.orders(selectors.here().filter(realm=realms.REAL)):
        RoundShift.objects.get_or_create(pk=one.pk)
        RoundShift.objects.filter(pk=one.pk).update(seconds=F("seconds") - seconds)


def _remind(one: selectors.Running, due: counting.Due, roles: list[str], now: datetime) -> None:
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pk=one.order.incident_id)
        again = RoundReminder.objects.filter(
            order=one.order.pk, no=due.no, percent=due.percent, home=settings.NODE_ID
        )
        if incident.home != settings.NODE_ID or again.exists():
            return
        row = RoundReminder(
            incident=incident,
            home=settings.NODE_ID,
            realm=incident.realm,
            recorded_at=now,
            author=log.SYSTEM,
            author_name="",
            order=one.order.pk,
            no=due.no,
            percent=due.percent,
            missing=one.missing(due.no),
            roles=roles,
        )
        keep(events.ROUND_REMINDED, row, events.SHAPES)

"""Rounds of reports: ordered with a level of a plan, reported, reminded of.

Owns: every write of them. Promises: an order that stands and asks for the same goes on, with its
clock; an organisation reports a round once, the first counts, and not before it begins; a reminder
is written once, also by a node that was killed in between; only the home of an incident reminds.
Must not know: who is told, and how.
"""

import logging
import uuid
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from realtime.problems import Conflict, Invalid, NotAllowed

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
from ..services.written import by_the_clock, keep, written
from . import counting, events, selectors

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
    before = RoundOrder.objects.filter(incident=incident).aggregate(last=Max("recorded_at"))["last"]
    now = datetime.now(UTC)
    if before and now <= before:  # the clock was ahead then; the last order is the one that holds
        now = before + timedelta(microseconds=1)
    row = RoundOrder(**said, **written(incident, actor, now))
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
    that has not begun, an organisation that does not report, no words or words that nothing is
    new), Conflict where it reported otherwise already, SameIdOtherContent.
    """
    require(actor, "round.report", incident)
    now = datetime.now(UTC)
    said = {"no": no, "organisation": organisation, "nothing_new": nothing_new, "text": text}
    if known := already(RoundReport, id, order=order, **said):
        return known
    found = selectors.in_force(incident, order, now)
    named = {one["organisation"]: one for one in found.order.reporters}
    if organisation not in named:
        raise Invalid(fields={"organisation": _("It does not report in these rounds.")})
    desk = incident.home == settings.NODE_ID and rights_of(actor).everywhere
    if not desk and not selectors.is_mine(named[organisation], actor, incident):
        raise NotAllowed(_("Another organisation reports this."))
    if not 1 <= no <= found.no:
        raise Invalid(fields={"no": _("This round has not begun.")})
    if not nothing_new and not text.strip():
        raise Invalid(fields={"text": _("Say what is new.")})
    if nothing_new and text.strip():
        raise Invalid(fields={"text": _("Either nothing is new, or these words are.")})
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pk=incident.pk)
        if known := already(RoundReport, id, order=order, **said):
            return known
        if first := selectors.reported(found.order, no, organisation):
            if (first.nothing_new, first.text) == (nothing_new, text):
                return first
            raise Conflict(_("%s has reported in this round already.") % first.author_name)
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
                    _remind(one.order, mark, marks[mark.percent], now)
        except Exception:  # the others are not to wait for it
            logger.exception("of a round nothing could be said")
            continue
        left, most = len(due) > most, max(0, most - len(due))
        if one.order.realm != realms.REAL or left:
            waits.append(timedelta())
        else:
            waits.append(counting.next_look(one.passed, one.order.every, list(marks)) - one.passed)
    return min(waits, default=None)


def shift(*, by: timedelta, but: Collection[uuid.UUID] = ()) -> None:
    """The clock of the machine was set by so much: rounds go on as long as they really have, but
    for those that were ordered since."""
    seconds = round(by.total_seconds())
    with transaction.atomic():
        for one in selectors.orders(selectors.here().filter(realm=realms.REAL)):
            if one.pk not in but:
                RoundShift.objects.get_or_create(pk=one.pk)
                RoundShift.objects.filter(pk=one.pk).update(seconds=F("seconds") - seconds)


def _remind(order: RoundOrder, due: counting.Due, roles: list[str], now: datetime) -> None:
    """Say it, as it is by now: somebody may have reported, or another look have said it."""
    with transaction.atomic():
        incident = Incident.objects.select_for_update(no_key=True).get(pk=order.incident_id)
        known = [one for one in selectors.running([incident], now) if one.order.pk == order.pk]
        if incident.home != settings.NODE_ID or not known:
            return
        one = known[0]
        said, missing = due.percent in one.given.get(due.no, ()), one.missing(due.no)
        if said or not (missing or due.percent == counting.WHOLE):
            return
        row = RoundReminder(
            order=order.pk,
            no=due.no,
            percent=due.percent,
            missing=missing,
            roles=roles,
            **by_the_clock(incident, now),
        )
        keep(events.ROUND_REMINDED, row, events.SHAPES)

"""Roll calls: made, answered, closed.

Owns: every write of them. Promises: a node answers a call that was made of it, once; a call is
closed once, when all have answered or its minutes are over, with what this node measured by its own
clock; nothing is closed by another node. Must not know: requests, how it travels.
"""

import logging
import uuid
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from realtime import log
from realtime.problems import Invalid, NotFound
from realtime.registry import EventType

from ..errors import WrongState
from ..models import Officer, RollAnswer, RollCall
from ..permissions import require
from ..realms import REAL
from ..selectors import signed
from . import events, selectors

MOST_MINUTES = 60

logger = logging.getLogger(__name__)


def call_roll(
    *,
    actor: Officer,
    nodes: Collection[str],
    minutes: int,
    text: str = "",
    id: uuid.UUID | None = None,
) -> RollCall:
    """Ask the desks of these nodes whether somebody is there. Raises Invalid for none, for one that
    this node is not linked with or that stands above it, for no time."""
    require(actor, "duty.write")
    if not 1 <= minutes <= MOST_MINUTES:
        raise Invalid(fields={"minutes": _("From 1 to %s.") % MOST_MINUTES})
    with transaction.atomic():
        log.lock()
        if known := RollCall.objects.filter(pk=id, home=settings.NODE_ID).first() if id else None:
            return known
        names = {peer.node: peer.name for peer in selectors.callable_nodes()}
        if not nodes or not set(nodes) <= names.keys():
            raise Invalid(fields={"nodes": _("Name nodes that this one is linked with.")})
        now = datetime.now(UTC)
        call = RollCall(
            id=id or uuid.uuid4(),
            home=settings.NODE_ID,
            home_name=settings.NODE_NAME,
            at=now,
            here_since=now,
            minutes=minutes,
            nodes=[{"node": node, "name": names[node]} for node in sorted(set(nodes))],
            text=text,
            **signed(actor),
        )
        call.save(force_insert=True)
        _tell(events.ROLL_CALLED, call, call.author)
    return call


def answer_roll(*, actor: Officer, call: RollCall) -> RollAnswer:
    """Somebody is at the desk of this node; answered before, the answer that there is. Raises
    NotFound for a call of others, WrongState for one that was closed without it."""
    require(actor, "duty.write")
    with transaction.atomic():
        log.lock()
        call = RollCall.objects.get(pk=call.pk)
        if settings.NODE_ID not in {one["node"] for one in call.nodes}:
            raise NotFound
        if known := call.answers.filter(home=settings.NODE_ID).first():
            return known
        if call.closed_at:
            raise WrongState(_("This roll call is closed."))
        now = datetime.now(UTC)
        answer = RollAnswer(
            id=events.answer_id(call.pk, settings.NODE_ID),
            call=call,
            home=settings.NODE_ID,
            seconds=max(0, round((now - call.here_since).total_seconds())),
            recorded_at=now,
            here_since=now,
            **signed(actor),
        )
        answer.save(force_insert=True)
        log.append(
            events.ROLL_ANSWERED,
            subject=f"rollanswer/{answer.pk}",
            about=f"rollcall/{call.pk}",
            actor=answer.author,
            realm=REAL,
            rev=1,
            public=events.answer_data(answer),
            audience=[call.home],
        )
    return answer


def close_due(*, now: datetime | None = None) -> int:
    """Close the calls of this node that all have answered or whose minutes are over; how many."""
    now, done = now or datetime.now(UTC), 0
    for pk in selectors.running().values_list("pk", flat=True):
        try:
            with transaction.atomic():
                done += _close(pk, now)
        except Exception:  # the others are not to wait for it
            logger.exception("a roll call could not be closed")
    return done


def _close(pk: uuid.UUID, now: datetime) -> bool:
    log.lock()
    call = RollCall.objects.get(pk=pk)
    results = selectors.measured(call)
    over = now >= call.here_since + timedelta(minutes=call.minutes)
    if call.closed_at or not (over or len(results) == len(call.nodes)):
        return False
    call.closed_at, call.results, call.rev = now, results, call.rev + 1
    call.save()
    _tell(events.ROLL_CLOSED, call, log.SYSTEM)
    return True


def _tell(kind: EventType, call: RollCall, actor: str) -> None:
    log.append(
        kind,
        subject=f"rollcall/{call.pk}",
        actor=actor,
        realm=REAL,
        rev=call.rev,
        public=events.call_data(call),
        audience=[one["node"] for one in call.nodes],
    )

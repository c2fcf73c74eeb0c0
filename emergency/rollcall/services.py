"""Roll calls: made, answered, closed.

Owns: every write of them. Promises: a node answers a call that was made of it, once; a call is
closed once, when all have answered or its minutes are over, with what this node measured by its own
clock; nothing is closed by another node, nor what this one called before it lost anything. Must
not know: requests, how it travels.
"""

import logging
import uuid
from collections.abc import Collection
from datetime import UTC, datetime

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
from ..services.once import already
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
    this node is not linked with or that stands above it, for no time; SameIdOtherContent."""
    require(actor, "duty.write")
    if not 1 <= minutes <= MOST_MINUTES:
        raise Invalid(fields={"minutes": _("From 1 to %s.") % MOST_MINUTES})
    with transaction.atomic():
        log.lock()
        names = {peer.node: peer.name for peer in selectors.callable_nodes()}
        if not nodes or not set(nodes) <= names.keys():
            raise Invalid(fields={"nodes": _("Name nodes that this one is linked with.")})
        said = {
            "home": settings.NODE_ID,
            "minutes": minutes,
            "nodes": [{"node": node, "name": names[node]} for node in sorted(set(nodes))],
            "text": text,
        }
        if known := already(RollCall, id, **said):
            return known
        now = datetime.now(UTC)
        call = RollCall(
            id=id or uuid.uuid4(),
            home_name=settings.NODE_NAME,
            at=now,
            here_since=now,
            epoch=log.head().epoch,
            **said,
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
            id=uuid.uuid4(),
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
    for call in selectors.running():
        if not selectors.is_due(call, now):
            continue
        try:
            with transaction.atomic():
                done += _close(call.pk, now)
        except Exception:  # the others are not to wait for it
            logger.exception("a roll call could not be closed")
    return done


def _close(pk: uuid.UUID, now: datetime) -> bool:
    log.lock()
    call = RollCall.objects.get(pk=pk)
    if call.closed_at:
        return False
    call.closed_at, call.results, call.rev = now, selectors.measured(call), call.rev + 1
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

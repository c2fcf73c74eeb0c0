"""Swaps: asked, taken on, approved by somebody else.

Owns: every write of them. Promises: nobody is put on a post who has not taken it on, and nothing
changes before a third person approves; what was decided stays. Must not know: requests.
"""

import uuid
from datetime import UTC, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from realtime import log
from realtime.problems import Conflict, Invalid, NotAllowed

from ..errors import WrongState
from ..models import Officer, Shift, Swap
from ..permissions import require
from ..realms import REAL
from ..selectors import signed
from ..services.once import already
from . import events, selectors
from .services import stand_in

State = Swap.State


def ask_swap(
    *, actor: Officer, shift: Shift, taker: str, reason: str, id: uuid.UUID | None = None
) -> Swap:
    """Ask another officer to stand in for oneself in a shift. Raises Invalid, NotAllowed for who is
    not on duty in it, WrongState for a shift that is over, Conflict where a swap waits
    already, SameIdOtherContent."""
    require(actor, "duty.write")
    with transaction.atomic():
        log.lock()
        said = {"giver": actor.username, "shift_id": shift.pk, "taker": taker, "reason": reason}
        if known := already(Swap, id, **said):
            return known
        shift = Shift.objects.get(pk=shift.pk)
        mine = [one for one in shift.people if one["username"] == actor.username]
        if not mine or shift.home != settings.NODE_ID:
            raise NotAllowed(_("You are not on duty in this shift."))
        _require_to_come(shift)
        others = {one.username: one for one in selectors.officers()}
        if taker not in others or taker in {one["username"] for one in shift.people}:
            raise Invalid(fields={"taker": _("Name somebody who is not on duty then.")})
        if not reason.strip():
            raise Invalid(fields={"reason": _("Say why.")})
        if shift.swaps.filter(giver=actor.username, state__in=selectors.OPEN).exists():
            raise Conflict(_("A swap of yours in this shift waits already."))
        swap = Swap(
            id=id or uuid.uuid4(),
            home=settings.NODE_ID,
            post=mine[0]["post"],
            giver_name=actor.name,
            taker_name=others[taker].name,
            **said,
        )
        _keep(swap, actor)
    return swap


def answer_swap(*, actor: Officer, swap: Swap, takes: bool, answer: str = "") -> Swap:
    """Take it on, or not; who is asked alone. Raises NotAllowed, WrongState."""
    require(actor, "duty.write")
    with transaction.atomic():
        swap = _open(swap, State.ASKED)
        if actor.username != swap.taker:
            raise NotAllowed(_("Another officer is asked."))
        if takes:
            _require_to_come(swap.shift)
        return _step(swap, State.TAKEN if takes else State.DECLINED, actor, answer)


def withdraw_swap(*, actor: Officer, swap: Swap) -> Swap:
    """Ask no more, before it is decided. Raises NotAllowed, WrongState."""
    require(actor, "duty.write")
    with transaction.atomic():
        swap = _open(swap, *selectors.OPEN)
        if actor.username != swap.giver:
            raise NotAllowed(_("Another officer has asked."))
        return _step(swap, State.WITHDRAWN, actor)


def decide_swap(*, actor: Officer, swap: Swap, approves: bool, answer: str = "") -> Swap:
    """Let it be so, which changes the shift, or not. Nobody decides on a swap of their own. Raises
    NotAllowed, Invalid, WrongState where it is not taken on or the shift has changed."""
    require(actor, "duty.roster")
    with transaction.atomic():
        swap = _open(swap, State.TAKEN)
        if actor.username in (swap.giver, swap.taker):
            raise NotAllowed(_("Somebody else approves a swap of yours."))
        if approves:
            taker = {one.username: one for one in selectors.officers()}.get(swap.taker)
            if taker is None:
                raise WrongState(_("Who was to stand in has no desk here any more."))
            stand_in(shift=swap.shift, post=swap.post, giver=swap.giver, taker=taker, actor=actor)
        elif not answer.strip():
            raise Invalid(fields={"answer": _("Say why.")})
        return _step(swap, State.APPROVED if approves else State.REFUSED, actor, answer)


def _require_to_come(shift: Shift) -> None:
    if shift.cancelled or shift.ends_at <= datetime.now(UTC):
        raise WrongState(_("This shift is over or cancelled."))


def _open(swap: Swap, *states: str) -> Swap:
    """The swap as it is now, in one of these states."""
    log.lock()
    found = Swap.objects.select_related("shift").get(pk=swap.pk)
    if found.state not in states:
        raise WrongState(_("It was answered or withdrawn already."))
    return found


def _step(swap: Swap, state: str, actor: Officer, answer: str = "") -> Swap:
    swap.state, swap.answer = state, answer
    _keep(swap, actor)
    return swap


def _keep(swap: Swap, actor: Officer) -> None:
    for name, value in signed(actor).items():
        setattr(swap, name, value)
    swap.rev += 1
    swap.recorded_at = datetime.now(UTC)
    swap.save()
    log.append(
        events.SWAP_CHANGED,
        subject=f"swap/{swap.pk}",
        actor=swap.author,
        realm=REAL,
        rev=swap.rev,
        public=events.swap_data(swap),
    )

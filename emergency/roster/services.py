"""Shifts: kept, cancelled, repeated, published.

Owns: every write of them. Promises: shifts of this node do not overlap, nobody stands in one twice,
and one that is over stays as it was; who wrote in between is told; a roster goes to the nodes that
a person named and to no others. Must not know: requests, how it travels.
"""

import uuid
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from realtime import log
from realtime.link import sharing
from realtime.models import Envelope, Peer, Share
from realtime.problems import Conflict, Invalid, NotAllowed, NotFound

from ..errors import StaleRevision, WrongState
from ..models import DutyPost, Officer, Shift
from ..permissions import require
from ..realms import REAL
from ..selectors import actor_text, signed
from ..services.once import already
from . import events, selectors

LONGEST = timedelta(days=7)  # of one shift
MOST_DAYS, MOST_TIMES, AHEAD = 31, 31, 92  # of a repetition: days, times, days ahead


def keep_shift(
    *,
    actor: Officer,
    starts_at: datetime,
    ends_at: datetime,
    people: Collection[dict[str, str]],
    shift: Shift | None = None,
    rev: int | None = None,
    id: uuid.UUID | None = None,
) -> Shift:
    """Add a shift, or say one anew: who is on duty at which post ({post, username, name, phone}; a
    name and phone of their own only for who has no account). Raises Invalid, Conflict where another
    shift runs then, WrongState for one that is over or cancelled, StaleRevision where another state
    than `rev` is there, SameIdOtherContent."""
    require(actor, "duty.roster")
    desk = _Desk()
    with transaction.atomic():
        log.lock()  # shifts are written one after the other
        row = _mine(shift, rev) if shift else Shift(id=id or uuid.uuid4(), home=settings.NODE_ID)
        row.people = desk.people(people, row)
        said = {"home": row.home, "starts_at": starts_at, "ends_at": ends_at}
        if shift is None and (known := already(Shift, id, people=row.people, **said)):
            return known
        row.starts_at, row.ends_at = starts_at, ends_at
        _require_time(row)
        _keep(row, actor)
    return row


def cancel_shift(*, actor: Officer, shift: Shift, rev: int) -> Shift:
    """It does not take place. Raises WrongState for one that has begun, StaleRevision."""
    require(actor, "duty.roster")
    with transaction.atomic():
        log.lock()
        row = _mine(shift, rev)
        if row.starts_at <= datetime.now(UTC):
            raise WrongState(_("This shift has begun."))
        row.cancelled = True
        _keep(row, actor)
    return row


def repeat_shifts(
    *, actor: Officer, first: datetime, days: int, times: int
) -> tuple[list[Shift], int]:
    """Repeat what begins within so many days from a moment, so many times one after the other. What
    was made, and how many were left out because another shift runs then. Raises Invalid where
    nothing begins then."""
    require(actor, "duty.roster")
    if not (1 <= days <= MOST_DAYS and 1 <= times <= MOST_TIMES and days * times <= AHEAD):
        raise Invalid(fields={"times": _("At most %s days ahead.") % AHEAD})
    step, made, left, desk = timedelta(days=days), [], 0, _Desk()
    with transaction.atomic():
        log.lock()
        begins = {"starts_at__gte": first, "starts_at__lt": first + step}
        pattern = list(selectors.own().filter(**begins))
        if not pattern:
            raise Invalid(fields={"first": _("No shift begins in these days.")})
        for turn in range(1, times + 1):
            for one in pattern:
                row = Shift(
                    id=uuid.uuid4(),
                    home=settings.NODE_ID,
                    starts_at=one.starts_at + turn * step,
                    ends_at=one.ends_at + turn * step,
                )
                if selectors.overlapping(row) or row.ends_at <= datetime.now(UTC):
                    left += 1
                    continue
                row.people = desk.people(one.people, one)
                _keep(row, actor)
                made.append(row)
    return made, left


def publish(*, actor: Officer, node: str) -> None:
    """Let a node that this one is linked with see the roster from now on. Raises NotFound."""
    require(actor, "duty.roster")
    if not Peer.objects.filter(node=node, revoked_at=None).exclude(confirmed_at=None).exists():
        raise NotFound
    with transaction.atomic():
        _open(actor)
        sharing.grant(thing=events.roster(settings.NODE_ID), node=node, actor=actor_text(actor))


def withdraw(*, actor: Officer, node: str) -> None:
    """Let that node see it no longer; it is asked to erase what it has. Raises NotFound."""
    require(actor, "duty.roster")
    thing = events.roster(settings.NODE_ID)
    with transaction.atomic():
        log.lock()
        mine = {"by": settings.NODE_ID, "ended_at": None}
        share = Share.objects.filter(thing=thing, node=node, **mine).first()
        if share is None:
            raise NotFound
        sharing.end(share=share, actor=actor_text(actor))


def stand_in(*, shift: Shift, post: str, giver: str, taker: Officer, actor: Officer) -> None:
    """Put somebody else on a post; part of the caller's transaction. Raises WrongState where the
    one who gives it does not stand there any more."""
    row = _mine(shift, Shift.objects.get(pk=shift.pk).rev)
    if not any((one["post"], one["username"]) == (post, giver) for one in row.people):
        raise WrongState(_("The shift was changed meanwhile."))
    people = [
        one | {"username": taker.username} if one["post"] == post else one for one in row.people
    ]
    row.people = _Desk().people(people, row)
    _keep(row, actor)


def _mine(shift: Shift, rev: int | None) -> Shift:
    """A shift of this node as it is now, to be changed."""
    if shift.home != settings.NODE_ID:
        raise NotAllowed
    row = Shift.objects.select_for_update(no_key=True).get(pk=shift.pk)
    if row.rev != rev:
        raise StaleRevision
    if row.cancelled or row.ends_at <= datetime.now(UTC):
        raise WrongState(_("This shift is over or cancelled."))
    return row


def _require_time(row: Shift) -> None:
    if not row.starts_at < row.ends_at <= row.starts_at + LONGEST:
        raise Invalid(fields={"ends_at": _("After its beginning, within seven days.")})
    if row.ends_at <= datetime.now(UTC):
        raise Invalid(fields={"ends_at": _("This shift would be over already.")})
    if other := selectors.overlapping(row):
        raise Conflict(_("Another shift runs then: %s.") % selectors.span(other))


class _Desk:
    """Who may stand where: posts and officers, as they are now."""

    def __init__(self) -> None:
        self.posts = {one.code: one for one in DutyPost.objects.all()}
        self.officers = {one.username: one for one in selectors.officers()}

    def people(self, given: Collection[dict[str, str]], row: Shift) -> list[dict[str, str]]:
        """Who is on duty, in the order of the posts, with the names and phones of now. Raises
        Invalid."""
        stood = {one["post"] for one in row.people}
        found: dict[str, dict[str, str]] = {}
        for one in given:
            post = self.posts.get(one["post"])
            if post is None or not (post.in_use or post.code in stood) or post.code in found:
                raise Invalid(fields={"people": _("There is no such post.")})
            found[post.code] = self._person(one, post, row)
        if not found:
            raise Invalid(fields={"people": _("Say who is on duty.")})
        who = [one["username"] or one["name"] for one in found.values()]
        if len(set(who)) < len(who):
            raise Invalid(fields={"people": _("Somebody stands there twice.")})
        return [found[code] for code in self.posts if code in found]

    def _person(self, one: dict[str, str], post: DutyPost, row: Shift) -> dict[str, str]:
        officer, field = self.officers.get(one["username"]), f"post_{post.code}"
        if one["username"] and officer is None:
            said = {"who": one["name"] or one["username"]}
            said["shift"] = selectors.span(row) if row.rev else ""
            raise Invalid(fields={field: _("%(who)s has no desk here. %(shift)s") % said})
        name = officer.name if officer else one["name"].strip()
        if not name:
            raise Invalid(fields={field: _("Say who.")})
        return {
            "post": post.code,
            "post_name": post.name,
            "username": one["username"],
            "name": name,
            "phone": officer.phone if officer else one["phone"],
        }


def _open(actor: Officer) -> None:
    """The roster itself, before the first shift."""
    thing = events.roster(settings.NODE_ID)
    log.lock()
    if not Envelope.objects.filter(subject=thing).exists():
        log.append(
            events.ROSTER_OPENED,
            subject=thing,
            actor=actor_text(actor),
            realm=REAL,
            rev=1,
            public={"node": settings.NODE_ID, "name": settings.NODE_NAME, "rev": 1},
            relay="about",
        )


def _keep(row: Shift, actor: Officer) -> None:
    """Write it as it is now; part of the caller's transaction."""
    _open(actor)
    for name, value in signed(actor).items():
        setattr(row, name, value)
    row.rev += 1
    row.recorded_at = datetime.now(UTC)
    row.save()
    personal: dict[str, Any] = {"people": row.people}
    log.append(
        events.SHIFT_KEPT,
        subject=f"shift/{row.pk}",
        about=events.roster(settings.NODE_ID),
        actor=row.author,
        realm=REAL,
        rev=row.rev,
        public=events.shift_data(row),
        personal=personal,
        relay="about",
    )

"""Shifts that come, who is on duty now, swaps, and to which nodes the roster is told.

Owns: reads. Promises: for the desk of the node's own organisation; a shift of another node is told
as that node keeps it, with nobody's name where these are withheld. Must not know: how anything is
written.
"""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from realtime.models import Peer, Share
from realtime.problems import NotFound

from ..models import DutyPost, Officer, Shift, Swap
from ..permissions import may, require
from . import events

LISTED = 200
OPEN = (Swap.State.ASKED, Swap.State.TAKEN)


@dataclass(frozen=True)
class Row:
    """A shift as it is read: who, with posts in the language of the page; whether it runs; which
    posts are needed and empty."""

    shift: Shift
    people: list[dict[str, str]]
    now: bool
    lacks: list[str]


def own() -> QuerySet[Shift]:
    """Shifts of this node that take place."""
    return Shift.objects.filter(home=settings.NODE_ID, cancelled=False)


def last() -> Shift | None:
    """The shift of this node that ends last."""
    return own().order_by("-ends_at").first()


def overlapping(row: Shift) -> Shift | None:
    """Another shift of this node that runs at the same time."""
    same = own().filter(starts_at__lt=row.ends_at, ends_at__gt=row.starts_at)
    return same.exclude(pk=row.pk).first()


def on_duty(node: str, now: datetime | None = None) -> Shift | None:
    """The shift of a node that runs now."""
    now = now or datetime.now(UTC)
    runs = {"starts_at__lte": now, "ends_at__gt": now, "cancelled": False}
    return Shift.objects.filter(home=node, **runs).first()


def officers() -> list[Officer]:
    """Who may stand in a shift: officers in force of the organisation that runs the node, who have
    a desk."""
    found = Officer.objects.select_related("organisation").filter(
        organisation__node=settings.NODE_ID
    )
    return [one for one in found.order_by("name") if may(one, "duty.see")]


def shifts(officer: Officer, *, since: datetime) -> tuple[list[Row], int]:
    """Shifts of this node from one that runs at a moment on, the earliest first, and how many there
    are beyond those that are listed."""
    require(officer, "duty.see")
    found = own().filter(ends_at__gt=since)
    return _rows(list(found[:LISTED])), max(0, found.count() - LISTED)


def elsewhere(officer: Officer) -> list[tuple[Peer, list[Row]]]:
    """Of each node that tells its roster what runs and comes next there."""
    require(officer, "duty.see")
    now = datetime.now(UTC)
    found = []
    for peer in Peer.objects.filter(revoked_at=None).order_by("node"):
        theirs = Shift.objects.filter(home=peer.node, cancelled=False, ends_at__gt=now)
        if rows := _rows(list(theirs[:2])):
            found.append((peer, rows))
    return found


def _rows(found: list[Shift]) -> list[Row]:
    now = datetime.now(UTC)
    posts = list(DutyPost.objects.all())
    names = {post.code: post.shown_name for post in posts}
    return [
        Row(
            one,
            [person | {"post_name": _post(one, person, names)} for person in one.people],
            one.starts_at <= now < one.ends_at,
            [
                post.shown_name
                for post in posts
                if one.home == settings.NODE_ID
                and post.needed
                and post.in_use
                and post.code not in {person["post"] for person in one.people}
            ],
        )
        for one in found
    ]


def _post(one: Shift, person: dict[str, str], names: dict[str, str]) -> str:
    """A post in the words of the node whose shift it is."""
    own = one.home == settings.NODE_ID
    return names.get(person["post"], person["post_name"]) if own else person["post_name"]


def shift(officer: Officer, pk: uuid.UUID) -> Shift:
    """One shift of this node. Raises NotFound."""
    require(officer, "duty.see")
    found = Shift.objects.filter(pk=pk, home=settings.NODE_ID).first()
    if found is None:
        raise NotFound
    return found


def swap(officer: Officer, pk: uuid.UUID) -> Swap:
    """One swap. Raises NotFound."""
    require(officer, "duty.see")
    found = Swap.objects.select_related("shift").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def swaps(officer: Officer) -> list[Swap]:
    """Swaps that are not decided, and those of the last days, the newest first."""
    require(officer, "duty.see")
    lately = datetime.now(UTC) - timedelta(days=7)
    found = Swap.objects.select_related("shift")
    waits = found.filter(state__in=OPEN, shift__ends_at__gt=datetime.now(UTC))
    return list((waits | found.filter(recorded_at__gte=lately))[:50])


def published() -> list[tuple[Peer, bool]]:
    """Nodes that this one is linked with, and whether each is told of the roster."""
    mine = {"by": settings.NODE_ID, "ended_at": None}
    shares = Share.objects.filter(thing=events.roster(settings.NODE_ID), **mine)
    told = set(shares.values_list("node", flat=True))
    peers = Peer.objects.filter(revoked_at=None).exclude(confirmed_at=None).order_by("node")
    return [(peer, peer.node in told) for peer in peers]


def posts(*, besides: set[str]) -> list[DutyPost]:
    """Posts in use, and some others, in their order."""
    return [one for one in DutyPost.objects.all() if one.in_use or one.code in besides]


def span(one: Shift) -> str:
    """From when to when, in local time."""
    begins, ends = timezone.localtime(one.starts_at), timezone.localtime(one.ends_at)
    until = f"{ends:%H:%M}" if begins.date() == ends.date() else f"{ends:%m-%d %H:%M}"
    return f"{begins:%m-%d %H:%M}–{until}"

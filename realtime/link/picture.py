"""The first picture: keys, and what is open now, ahead of a long backlog.

Owns: which envelopes go before the log. Promises: keys first, however little waits, so that the
other end can verify what is signed with them; where more than LONG rows wait, the newest of each
open thing, last changed first, MOST things at most, each after the share by which the peer may hold
it and after what handed it over. Only positions are kept in memory. Must not know: what a thing is,
and when it is open (each app says, `registry.opens`).
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db.models import Max, Q, QuerySet

from .. import registry
from ..models import Envelope, Share
from . import nodes
from .sharing import SHARE_GRANTED

LONG = 2000  # rows; what is less is there in no time
MOST = 3000  # things


def keys(peer: str, after: int) -> list[int]:
    """The rows that tell keys, in the order of the log."""
    found = Envelope.objects.filter(audience__contains=f" {peer} ", position__gt=after)
    told = found.filter(type__in=nodes.TYPES).order_by("position")
    return list(told.values_list("position", flat=True))


def open_things(peer: str, after: int) -> list[int]:
    """The rows of the picture, in the order in which they have to go."""
    shares = Share.objects.filter(node=peer, ended_at=None)
    shares = shares.filter(Q(until=None) | Q(until__gt=datetime.now(UTC)))
    may = Q(audience__contains=f" {peer} ") | Q(subject__in=shares.values("thing"))
    things = Envelope.objects.filter(may, subject__in=registry.open_things()).values("subject")
    newest = things.annotate(at=Max("position"), terms=Max("term")).filter(at__gt=after)
    found = list(newest.order_by("-at").values_list("subject", "at", "terms")[:MOST])
    steps = _steps([subject for subject, _at, terms in found if terms > 1], peer)
    given = _given(shares)
    rows = ((given.get(one, []), _row(steps.get(one), at, terms)) for one, at, terms in found)
    return [position for share, row in rows if row for position in (*share, *row)]


def _given(shares: QuerySet[Share]) -> dict[str, list[int]]:
    """Where the log says that these shares were given, by thing."""
    things = {f"share/{pk}": thing for pk, thing in shares.values_list("pk", "thing")}
    rows = Envelope.objects.filter(type=SHARE_GRANTED.name, about__in=shares.values("thing"))
    given: dict[str, list[int]] = {}
    for subject, position in rows.order_by("position").values_list("subject", "position"):
        if subject in things:
            given.setdefault(things[subject], []).append(position)
    return given


def _row(steps: Sequence[int] | None, at: int, terms: int) -> Sequence[int]:
    """What of one thing goes: nothing where it came here by steps that the peer may not see."""
    if terms == 1:
        return (at,)
    return () if steps is None else (*(one for one in steps if one < at), at)


def _steps(things: Sequence[str], peer: str) -> dict[str, list[int]]:
    """By which rows each of these things came to its term, of those that the peer may see whole."""
    handing = [kind.name for kind in registry.declared().values() if kind.hands_over]
    rows = Envelope.objects.filter(Q(type__in=handing) | Q(term=1, rev=1), subject__in=things)
    steps: dict[str, list[int]] = {}
    hidden = set()
    columns = "subject", "position", "source", "audience", "via"
    for subject, position, source, audience, via in rows.order_by("position").values_list(*columns):
        steps.setdefault(subject, []).append(position)
        if source != peer and f" {peer} " not in audience + via:
            hidden.add(subject)
    return {subject: found for subject, found in steps.items() if subject not in hidden}

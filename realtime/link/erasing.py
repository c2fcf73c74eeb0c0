"""After the end of a share: what this node may hold no longer is erased, and that is confirmed.

Owns: the erasure and its receipt. Promises: rows, bodies of envelopes and files go in one
transaction with the receipt; headers stay, so that chain and digests stay valid; what this node
wrote itself stays in its own log. Must not know: what a thing is (each app's erasers).
"""

import logging
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from typing_extensions import TypedDict

from .. import blobs, log
from ..models import Blob, Envelope, Share
from ..registry import Fact, applies, declare, eraser
from .sharing import Sharing, way_to

OVERDUE = timedelta(hours=24)

logger = logging.getLogger(__name__)


class ErasureData(TypedDict):
    """That a node has erased what it was shown, and how many envelopes that was."""

    share: str
    thing: str
    node: str
    rev: int
    erased_at: str
    envelopes: int


SHARE_ERASED = declare("share.erased", version=1, topic="shares", data=ErasureData, takes_away=True)


def erase_due() -> int:
    """Erase what shares that have ended no longer let this node hold; how many things."""
    ended = Q(ended_at__isnull=False) | Q(until__lte=datetime.now(UTC))
    due = Share.objects.filter(ended, node=settings.NODE_ID, erased_at=None)
    done = 0
    for share in due:
        with transaction.atomic():
            done += _erase(share)
    return done


def _erase(share: Share) -> int:
    thing, now = share.thing, datetime.now(UTC)
    kept = Sharing.of([thing]).has(thing, settings.NODE_ID)
    rows = Envelope.objects.filter(about=thing).exclude(source=settings.NODE_ID)
    rows = rows.exclude(type__startswith="share.")
    count, files = 0, []
    if not kept:  # not by another share either
        erase = eraser(thing)
        files = erase(thing) if erase else []
        count = rows.update(public=None, personal=None)
        Blob.objects.filter(sha256__in=files).update(here=False, wanted=False)
    Share.objects.filter(pk=share.pk).update(erased_at=now)
    about = Envelope.objects.filter(about=thing)  # at least the share
    realm = about.values_list("realm", flat=True).first() or "real"
    log.append(
        SHARE_ERASED,
        subject=f"erasure/{share.pk}",
        about=thing,
        actor=log.SYSTEM,
        realm=realm,
        rev=1,
        public={
            "share": str(share.pk),
            "thing": thing,
            "node": settings.NODE_ID,
            "rev": 1,
            "erased_at": now.isoformat(),
            "envelopes": count,
        },
        audience=(share.by, *way_to(share.by)),
    )
    for sha256 in files:
        blobs.path_of(sha256).unlink(missing_ok=True)
        blobs.part_of(sha256).unlink(missing_ok=True)
    return 1


def overdue() -> list[Share]:
    """Shares that this node ended more than a day ago and that nobody has confirmed as erased."""
    before = datetime.now(UTC) - OVERDUE
    ended = Q(ended_at__lte=before) | Q(until__lte=before)
    return list(Share.objects.filter(ended, by=settings.NODE_ID, erased_at=None))


@applies("erasure")
def apply_erasures(facts: Sequence[Fact]) -> None:
    """Note the receipt of the node that the share was for, and of nobody else."""
    for fact in facts:
        found = Share.objects.filter(pk=uuid.UUID(fact.public["share"]), node=fact.source)
        found.update(erased_at=datetime.fromisoformat(fact.public["erased_at"]))

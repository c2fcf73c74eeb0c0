"""Attachments: taken in by content, kept under their SHA-256.

Owns: the rows of attachments. Promises: the file is on disk before the row is
committed; the same content is kept once; the number per incident is bounded. Must not know:
what kinds are taken (emergency/media.py).
"""

import hashlib
from datetime import UTC, datetime
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from realtime import blobs, log
from realtime.problems import TooLarge

from .. import events, media
from ..models import Attachment, Incident, Officer
from ..permissions import require
from ..selectors import actor_text, signed

PER_INCIDENT = 200


def add_attachment(*, actor: Officer, incident: Incident, name: str, file: BinaryIO) -> Attachment:
    """Take in one file. Raises Invalid or TooLarge for what is not taken."""
    require(actor, "attachment.add", incident)
    if incident.attachments.count() >= PER_INCIDENT:
        raise TooLarge(_("This incident has as many attachments as it may have."))
    accepted = media.accept(file.read(media.LIMIT + 1))
    sha256 = hashlib.sha256(accepted.content).hexdigest()
    blobs.keep(sha256, accepted.content)
    with transaction.atomic():
        attachment = Attachment.objects.create(
            incident=incident,
            home=settings.NODE_ID,
            realm=incident.realm,
            name=media.display_name(name, accepted.suffix),
            media_type=accepted.media_type,
            size=len(accepted.content),
            sha256=sha256,
            **signed(actor),
            recorded_at=datetime.now(UTC),
        )
        log.append(
            events.ATTACHMENT_ADDED,
            subject=f"attachment/{attachment.pk}",
            about=f"incident/{incident.pk}",
            actor=actor_text(actor),
            realm=incident.realm,
            rev=1,
            public=events.attachment_data(attachment),
            relay="about",
            blobs=[{"sha256": sha256, "size": attachment.size, "media_type": accepted.media_type}],
        )
    return attachment

"""What is written about an incident: entries, attachments, ties, requests to its home, receipts.

Owns: fields and constraints. Promises: an entry is never deleted and its text never changes: it is
struck, or corrected by a newer entry that points to it; a tie is append-only and names the layer
versions it was made from by content hash, never by foreign key. Must not know: who may write.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .incidents import Incident


class Entry(models.Model):
    """One line of the timeline, written by a person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="entries")
    home = models.CharField(max_length=64)
    realm = models.CharField(max_length=64)
    rev = models.PositiveIntegerField(default=1)
    text = models.TextField()
    author = models.CharField(max_length=120)
    author_name = models.CharField(max_length=120)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    corrects = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    struck_at = models.DateTimeField(null=True)
    struck_by = models.CharField(max_length=120, blank=True)
    struck_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["recorded_at", "id"]


class Attachment(models.Model):
    """A picture or PDF; its content lies under its SHA-256 outside the web root."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="attachments")
    home = models.CharField(max_length=64)
    realm = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    author = models.CharField(max_length=120)
    author_name = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["recorded_at", "id"]


class Tie(models.Model):
    """What lay around an incident, by the layer versions of that moment."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="ties")
    home = models.CharField(max_length=64)
    realm = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    reason = models.CharField(max_length=20)
    lon = models.FloatField()
    lat = models.FloatField()
    survey = models.JSONField()
    sensitive = models.JSONField()  # the survey of layers that not everybody may see

    class Meta:
        ordering = ["made_at", "id"]


class Request(models.Model):
    """What another node asks the home of an incident for, and the answer."""

    class Kind(models.TextChoices):
        CHANGE = "change", _("Change of a field")
        SUPPORT = "support", _("Support")

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        PARTLY = "partly", _("Accepted in part")
        REFUSED = "refused", _("Refused")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="requests")
    home = models.CharField(max_length=64)  # the node that asks
    realm = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.TextField()
    proposed = models.JSONField(default=dict)  # field to value
    author = models.CharField(max_length=120)
    author_name = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer_id = models.UUIDField(null=True)
    answer_home = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=10, blank=True, choices=Outcome.choices)
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=120, blank=True)
    answered_by_name = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["recorded_at", "id"]


class Receipt(models.Model):
    """A role of an organisation has an incident before it: opened it first, acknowledged it."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("Opened")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="receipts")
    home = models.CharField(max_length=64)  # the node where it was opened
    realm = models.CharField(max_length=64)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    organisation = models.CharField(max_length=40)  # code, as that node knows it
    role = models.CharField(max_length=20)
    author = models.CharField(max_length=120)
    author_name = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["recorded_at", "id"]

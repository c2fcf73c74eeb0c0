"""Injects of an exercise, and the metrics by which what they ask for is judged.

Owns: fields and constraints. Promises: minutes are of the exercise clock; what is true and what is
expected stands apart from what a player is told; a figure of people is a number or None, which is
不详. Must not know: who may read a script, how it travels, how a score is worked out.
"""

import uuid

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .exercises import Exercise


class Metric(models.Model):
    """How something is measured: full marks at `target`, none at `limit` and beyond."""

    class Unit(models.TextChoices):
        MINUTES = "minutes", _("minutes")
        PERCENT = "percent", _("per cent")
        METRES = "metres", _("metres")

    code = models.CharField(primary_key=True, max_length=4)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    unit = models.CharField(max_length=8, choices=Unit.choices)
    target = models.PositiveIntegerField()
    limit = models.PositiveIntegerField()
    source = models.CharField(max_length=120)
    verified = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def shown_name(self) -> str:
        """Its name in the reader's language."""
        return self.name if (get_language() or "").startswith("zh") else self.name_en


class Inject(models.Model):
    """What players are told at a minute of the exercise clock.

    `recipients`: codes of organisations; `truth`: {type_code, grade, level, lon, lat (WGS 84),
    dead, injured, missing, trapped, share_with (codes)}; `expected`: each {metric, organisation,
    target, limit, weight, note}; `attachments`: each {sha256, name, media_type, size}.
    """

    class Channel(models.TextChoices):
        PHONE = "phone", _("Telephone")
        PLATFORM = "platform", _("Platform")
        SMS = "sms", _("Text message")
        FAX = "fax", _("Fax")
        OPINION = "opinion", _("Public opinion")

    class Late(models.TextChoices):
        """What becomes of it where its minute has passed unseen."""

        SEND = "send", _("send at once")
        SKIP = "skip", _("leave out")
        ASK = "ask", _("ask the controller")

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        WAITING = "waiting", _("to be decided")  # its minute has passed, the controller is asked
        SENT = "sent", _("sent")
        SKIPPED = "skipped", _("left out")
        CANCELLED = "cancelled", _("cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="injects")
    home = models.CharField(max_length=64)
    realm = models.CharField(max_length=64)
    term = models.PositiveIntegerField(default=1)
    rev = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PLANNED)
    number = models.PositiveIntegerField()
    minutes = models.PositiveIntegerField()
    phase = models.CharField(max_length=40, blank=True)
    channel = models.CharField(max_length=12, choices=Channel.choices)
    sender = models.CharField(max_length=60)
    recipients = models.JSONField(default=list)
    content = models.TextField()
    place = models.CharField(max_length=200, blank=True)
    late = models.CharField(max_length=8, choices=Late.choices, default=Late.SEND)
    optional = models.BooleanField(default=False)
    truth = models.JSONField(default=dict)
    expected = models.JSONField(default=list)
    attachments = models.JSONField(default=list)
    at = models.PositiveBigIntegerField(null=True)  # ms of the clock when it was sent
    author = models.CharField(max_length=120)
    author_name = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["minutes", "number"]

    def __str__(self) -> str:
        return f"{self.number} {self.content[:40]}"

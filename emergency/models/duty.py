"""The duty log (值班日志): what came in and went out at the duty desk, and by which channels.

Owns: fields and constraints. Promises: an entry is never deleted and never changes; what corrects
one is an entry of its own that points to it. Must not know: who may write.
"""

import uuid

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Word(models.Model):
    """A word of a list that an office keeps. One out of use stays, for what was written with it."""

    code = models.SlugField(primary_key=True, max_length=20)
    name = models.CharField(max_length=20)
    name_en = models.CharField(max_length=40, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    in_use = models.BooleanField(default=True)
    source = models.CharField(max_length=300, blank=True)
    verified = models.BooleanField(default=False)

    class Meta:
        abstract = True
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """It in the language of the page."""
        english = (get_language() or "").startswith("en")
        return self.name_en if english and self.name_en else self.name


class DutyChannel(Word):
    """How something reaches the desk: by phone, fax, radio."""


class DutyEntry(models.Model):
    """A call, a fax, a message: what was said, by whom, and what was done about it."""

    class Direction(models.TextChoices):
        IN = "in", _("Incoming")
        OUT = "out", _("Outgoing")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    home = models.CharField(max_length=64)
    at = models.DateTimeField()
    channel = models.CharField(max_length=20)
    channel_name = models.CharField(max_length=20)  # as it was called then
    direction = models.CharField(max_length=3, choices=Direction.choices)
    party = models.CharField(max_length=120)  # who spoke at the other end
    phone = models.CharField(max_length=40, blank=True)
    summary = models.TextField()
    handling = models.TextField(blank=True)
    incident = models.UUIDField(null=True, db_index=True)  # may not be here any more
    number = models.CharField(max_length=60, blank=True)  # of the incident
    corrects = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    author = models.CharField(max_length=120)
    author_name = models.CharField(max_length=120)
    recorded_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-recorded_at", "-id"]

"""What an exercise found, and what becomes of it.

Owns: fields and constraints. Promises: an item belongs to one exercise and to one owner among those
who took part; what was done about it is lines of their own, so that nobody overwrites another. Must
not know: who may write, how an item stands now.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .exercises import Exercise


class Improvement(models.Model):
    """A finding and its correction (整改项), due on a day; `row`: of the score that shows it."""

    class Kind(models.TextChoices):
        PLAN = "plan", _("plan")
        ORGANISATION = "organisation", _("organisation")
        PEOPLE = "people", _("people and training")
        EQUIPMENT = "equipment", _("equipment and supplies")
        COMMUNICATION = "communication", _("communication")
        PLATFORM = "platform", _("platform")

    class Severity(models.TextChoices):
        GRAVE = "grave", _("grave")
        NOTABLE = "notable", _("notable")
        SMALL = "small", _("small")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="improvements")
    home = models.CharField(max_length=64)
    realm = models.CharField(max_length=64)
    term = models.PositiveIntegerField(default=1)
    rev = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    severity = models.CharField(max_length=8, choices=Severity.choices)
    text = models.CharField(max_length=500)
    cause = models.CharField(max_length=500, blank=True)
    action = models.CharField(max_length=500)
    owner = models.CharField(max_length=40)
    due = models.DateField()
    row = models.CharField(max_length=120, blank=True)
    author = models.CharField(max_length=120)
    author_name = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["recorded_at", "id"]

    def __str__(self) -> str:
        return self.text[:40]


class Progress(models.Model):
    """What was done about an item: done by its owner; verified, opened again or dropped by the
    office."""

    class Kind(models.TextChoices):
        DONE = "done", _("done, to be verified")
        VERIFIED = "verified", _("correction verified")
        REOPENED = "reopened", _("open again")
        DROPPED = "dropped", _("dropped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="progress")
    improvement = models.UUIDField(db_index=True)
    step = models.PositiveIntegerField()  # one more than the lines that its writer saw
    home = models.CharField(max_length=64)
    realm = models.CharField(max_length=64)
    term = models.PositiveIntegerField(default=1)
    rev = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    text = models.CharField(max_length=500)
    organisation = models.CharField(max_length=40)
    author = models.CharField(max_length=120)
    author_name = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["step", "recorded_at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.text[:40]}"

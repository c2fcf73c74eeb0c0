"""An exercise as it runs: its clock, and what was delivered to players.

Owns: fields and constraints. Promises: an exercise has one clock; an inject is delivered once,
because a delivery has its id. Must not know: what the clock shows now, who may read a delivery.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..clock import Reading
from .exercises import Exercise


class Clock(models.Model):
    """The clock of an exercise as it was last set; `at` in milliseconds of the exercise."""

    class State(models.TextChoices):
        RUNNING = "running", _("running")
        PAUSED = "paused", _("paused")
        ENDED = "ended", _("finished")
        ABORTED = "aborted", _("broken off")

    OPEN = frozenset({State.RUNNING, State.PAUSED})

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    exercise = models.OneToOneField(Exercise, on_delete=models.CASCADE, related_name="clock")
    home = models.CharField(max_length=64)
    realm = models.CharField(max_length=64)
    term = models.PositiveIntegerField(default=1)
    rev = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, choices=State.choices)
    since = models.DateTimeField()
    at = models.PositiveBigIntegerField(default=0)
    speed = models.PositiveIntegerField(default=1)
    reason = models.CharField(max_length=300, blank=True)  # of breaking off
    opened = models.BooleanField(default=False)  # was what was played here opened at the end?
    author = models.CharField(max_length=120)
    author_name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return f"{self.state} {self.at}"

    @property
    def reading(self) -> Reading:
        """For the arithmetic."""
        running = self.state == self.State.RUNNING
        return Reading(self.since, self.at, self.speed, running)


class Delivery(models.Model):
    """An inject as players got it: what was told, when by the wall and by the clock (ms)."""

    id = models.UUIDField(primary_key=True)  # of the inject
    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="deliveries")
    home = models.CharField(max_length=64)
    realm = models.CharField(max_length=64)
    term = models.PositiveIntegerField(default=1)
    rev = models.PositiveIntegerField(default=1)
    number = models.PositiveIntegerField()
    channel = models.CharField(max_length=12)
    sender = models.CharField(max_length=60)
    recipients = models.JSONField(default=list)
    content = models.TextField()
    place = models.CharField(max_length=200, blank=True)
    attachments = models.JSONField(default=list)
    minutes = models.PositiveIntegerField()  # as planned
    at = models.PositiveBigIntegerField()
    sent_at = models.DateTimeField()
    came_at = models.DateTimeField(null=True)  # to this node, from another; never told
    author = models.CharField(max_length=120)
    author_name = models.CharField(max_length=120)

    class Meta:
        ordering = ["sent_at", "number"]

    def __str__(self) -> str:
        return f"{self.number} {self.content[:40]}"

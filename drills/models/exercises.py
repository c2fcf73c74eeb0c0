"""Rules of how often a plan is to be exercised, and exercises.

Owns: fields and constraints. Promises: an exercise is a realm of its own (`ex:` and its id), and
every version of it travels whole; who takes part is told by organisation, role and node, never by
name. Must not know: what is due, who may write, how it travels.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class DueRule(models.Model):
    """How often an organisation is to exercise a plan; `last_on`: before this platform."""

    plan = models.CharField(max_length=40)
    organisation = models.CharField(max_length=40)
    months = models.PositiveIntegerField()
    last_on = models.DateField(null=True)
    warn_days = models.PositiveIntegerField(default=90)
    source = models.CharField(max_length=120)
    verified = models.BooleanField(default=False)

    class Meta:
        ordering = ["plan", "organisation"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "organisation"], name="one_due_rule_each"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.organisation}"


class Part(models.TextChoices):
    """What somebody is in an exercise (AQ/T 9007: 导调、参演、模拟、评估、观摩)."""

    CONTROL = "control", _("Control")
    PLAY = "play", _("Player")
    SIMULATE = "simulate", _("Simulation")
    EVALUATE = "evaluate", _("Evaluation")
    OBSERVE = "observe", _("Visitor")


STAFF = frozenset({Part.CONTROL, Part.SIMULATE, Part.EVALUATE})  # they know what is to come


class Exercise(models.Model):
    """An exercise of a plan. `participants`: each {organisation, organisation_name, node, part};
    `objectives`: sentences; `minutes`: planned length."""

    class State(models.TextChoices):
        SCHEDULED = "scheduled", _("Scheduled")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")

    class Form(models.TextChoices):
        TABLETOP = "tabletop", _("Tabletop")
        LIVE = "live", _("Live exercise")

    class Scope(models.TextChoices):
        SINGLE = "single", _("Single task")
        FULL = "full", _("Whole plan")

    class Purpose(models.TextChoices):
        TEST = "test", _("To test")
        SHOW = "show", _("To demonstrate")
        STUDY = "study", _("To study")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    home = models.CharField(max_length=64)
    realm = models.CharField(max_length=64, unique=True)
    term = models.PositiveIntegerField(default=1)
    rev = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=12, choices=State.choices, default=State.SCHEDULED)
    reason = models.CharField(max_length=300, blank=True)  # of cancelling
    title = models.CharField(max_length=120)
    plan = models.CharField(max_length=40)
    plan_name = models.CharField(max_length=120)
    plan_version = models.PositiveIntegerField()
    form = models.CharField(max_length=12, choices=Form.choices)
    scope = models.CharField(max_length=12, choices=Scope.choices)
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    objectives = models.JSONField(default=list)
    starts_at = models.DateTimeField(db_index=True)
    minutes = models.PositiveIntegerField()
    participants = models.JSONField(default=list)
    author = models.CharField(max_length=120)
    author_name = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "id"]

    def __str__(self) -> str:
        return self.title

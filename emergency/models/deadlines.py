"""Limits of reports upward (时限): their table, whom a reminder is for, and what became of limits.

Owns: fields and constraints. Promises: what became of a limit is written once. Must not know: what
time it is, which limits an incident has (it says so itself).
Source: domain rules of information reporting (class × grade × channel × level → minutes).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .accounts import Organisation
from .incidents import Grade, Incident
from .written import Written


class Deadline(models.Model):
    """A limit of an incident that this node looks at while it runs; told to nobody. `next_at` is
    when to look again, null where there is nothing to wait for; `shift`, seconds by which its clock
    was set back since it began."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("First report by phone")
        WRITTEN = "written", _("First report in writing")

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="deadlines")
    limit = models.UUIDField()  # its id, as the incident states it
    realm = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    started_at = models.DateTimeField()
    minutes = models.PositiveIntegerField()
    next_at = models.DateTimeField(null=True, db_index=True)
    shift = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "limit"], name="deadline_of_limit")
        ]


class DeadlineStep(Written):
    """What became of a deadline: somebody was reminded, the report was made, it does not run any
    more. `late` is in minutes: of the report, or of what there was when it stopped."""

    class Kind(models.TextChoices):
        REMINDED = "reminded", _("Reminded")
        MET = "met", _("Report made")
        STOPPED = "stopped", _("Does not run any more")

    deadline = models.UUIDField(db_index=True)  # as the incident states it
    report = models.CharField(max_length=8, choices=Deadline.Kind.choices)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    percent = models.PositiveSmallIntegerField(default=0)
    roles = models.JSONField(default=list)
    late = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=20, blank=True)


class LimitRule(models.Model):
    """Minutes from receipt to a report. An empty beginning of a class code, grade or level is every
    one; `level` is the kind of organisation whose desk reports."""

    kind = models.CharField(max_length=8, choices=Deadline.Kind.choices)
    type_prefix = models.CharField(max_length=5, blank=True)
    grade = models.PositiveSmallIntegerField(default=0)  # 0 is every one, and none
    level = models.CharField(max_length=12, choices=Organisation.Kind.choices, blank=True)
    minutes = models.PositiveIntegerField()
    source = models.CharField(max_length=300, blank=True)
    verified = models.BooleanField(default=False)

    class Meta:
        ordering = ["kind", "type_prefix", "-grade", "level"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "type_prefix", "grade", "level"], name="limit_rule_once"
            ),
            models.CheckConstraint(
                condition=models.Q(grade=0) | models.Q(grade__in=Grade.values),
                name="limit_rule_grade",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.type_prefix or '*'} {self.minutes}"


class ReminderRule(models.Model):
    """When so much of a limit has passed, these roles are reminded."""

    percent = models.PositiveSmallIntegerField(primary_key=True)
    roles = models.JSONField(default=list)
    source = models.CharField(max_length=300, blank=True)
    verified = models.BooleanField(default=False)

    class Meta:
        ordering = ["percent"]

    def __str__(self) -> str:
        return f"{self.percent} %"

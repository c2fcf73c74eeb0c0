"""Digital plans, and what their activation on an incident makes: tasks, steps of tasks.

Owns: fields and constraints. Promises: of a plan one version is in force, older ones stay as they
were; what was activated keeps the words of its version and never looks at the plan again; nothing
that is written about an incident here ever changes. Must not know: who may write, how it travels.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .written import Written


class Plan(models.Model):
    """One version of a plan. `levels`: lowest first, each {code, name, when, every}, `every`
    minutes between two reports of its `reporters` (codes), 0 for none; `tasks`: each {no, level
    (from which on), organisation, text, minutes, acknowledge}."""

    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    name = models.CharField(max_length=120)
    number = models.CharField(max_length=60, blank=True)  # of the document, as published
    type_codes = models.JSONField(default=list)  # beginnings of class codes
    levels = models.JSONField(default=list)
    tasks = models.JSONField(default=list)
    reporters = models.JSONField(default=list)
    phone_minutes = models.PositiveIntegerField(null=True)  # for the first report, from 接报 on
    written_minutes = models.PositiveIntegerField(null=True)
    source = models.CharField(max_length=300, blank=True)
    verified = models.BooleanField(default=False)
    in_force = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="one_plan_per_version"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(in_force=True), name="one_version_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Activation(Written):
    """A plan was activated at a level: for what, until about when, with which measures."""

    plan = models.CharField(max_length=40)
    plan_name = models.CharField(max_length=120)
    plan_version = models.PositiveIntegerField()
    level = models.CharField(max_length=20)
    level_name = models.CharField(max_length=40)
    matter = models.CharField(max_length=300)
    until = models.DateTimeField()  # expected
    measures = models.TextField()


class ResponseEnd(Written):
    """What a plan had put in force on an incident has ended (解除), and why."""

    plan = models.CharField(max_length=40)
    plan_name = models.CharField(max_length=120)
    level_name = models.CharField(max_length=40)
    activations = models.JSONField(default=list)  # ids of those that it ends
    text = models.TextField()


class Task(Written):
    """What an organisation has to do, by when; `node` is the node it runs, where it runs one."""

    activation = models.UUIDField()  # may be at another node and come later
    plan = models.CharField(max_length=40)
    no = models.PositiveIntegerField()
    organisation = models.CharField(max_length=40)
    organisation_name = models.CharField(max_length=120)
    node = models.CharField(max_length=64, blank=True)
    text = models.CharField(max_length=500)
    acknowledge = models.BooleanField(default=True)
    due_at = models.DateTimeField()

    class Meta(Written.Meta):
        ordering = ["due_at", "no", "id"]


class TaskStep(Written):
    """What was done about a task: acknowledged, reported on, done; of a directive also returned."""

    class Kind(models.TextChoices):
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        FEEDBACK = "feedback", _("Feedback")
        DONE = "done", _("Done")
        RETURNED = "returned", _("Returned")  # a feedback to a directive was not enough

    task = models.UUIDField(db_index=True)  # may be at another node and come later
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.TextField(blank=True)
    organisation = models.CharField(max_length=40)

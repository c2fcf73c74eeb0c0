"""Instructions of a leader about an incident (领导批示), to be followed to the end (督办).

Owns: fields and constraints. Promises: the words stand as they were given; what is to be done are
tasks (plans.py) whose `activation` is the directive and whose plan is empty. Must not know: who may
write, how it travels.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .written import Written


class Directive(Written):
    """Who said what, by which channel; until when feedback is due, and of whom: `units` are
    {organisation, organisation_name, part}, the first of them leads."""

    class Channel(models.TextChoices):
        WRITTEN = "written", _("In writing")
        PHONE = "phone", _("By phone")
        ORAL = "oral", _("By word of mouth")
        MEETING = "meeting", _("At a meeting")

    class Part(models.TextChoices):
        LEAD = "lead", _("Leads")
        ASSIST = "assist", _("Assists")

    leader = models.CharField(max_length=60)
    post = models.CharField(max_length=120)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    text = models.TextField()  # verbatim
    received_at = models.DateTimeField()
    read_back = models.BooleanField(default=False)  # 复述
    what = models.CharField(max_length=500)  # is to be done
    due_at = models.DateTimeField()
    units = models.JSONField(default=list)


class TaskReminder(Written):
    """So many per cent of the time for what a directive asks had passed without a feedback; these
    roles are to know."""

    task = models.UUIDField(db_index=True)  # may come later
    organisation = models.CharField(max_length=40)  # whose task it is
    node = models.CharField(max_length=64, blank=True)  # that this organisation runs
    percent = models.PositiveSmallIntegerField()
    roles = models.JSONField(default=list)

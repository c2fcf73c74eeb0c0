"""Reports upward (信息报送): those that were made, who took them, drafts that wait for their
signature, and what a report has to say.

Owns: fields and constraints. Promises: a report that was made never changes; one draft of an
incident waits at a time; a home numbers its follow-ups without a gap. Must not know: who may write,
how it travels.
Source: domain rules of information reporting (first, follow-ups, final; 先电话后书面).
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .incidents import Incident
from .written import Written

NUMBERED = ("followup", "supplement")  # reports, each kind from 1 on


class Report(Written):
    """One report: what was written down of one made by phone or elsewhere, or one issued here with
    its signature. `recorded_at` is when it was written, `reported_at` when it was made or signed:
    what comes between belongs to the next. `elements` are the values then, `before` those that had
    changed, as the last report had them; both are empty for one that was written down."""

    class Kind(models.TextChoices):
        PHONE = "phone", _("First report by phone")
        WRITTEN = "written", _("First report in writing")
        FOLLOW_UP = "followup", _("Follow-up report")
        FINAL = "final", _("Final report")
        SUPPLEMENT = "supplement", _("Supplement")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    number = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=200, blank=True)  # of the incident, then
    recipient = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    reported_at = models.DateTimeField()
    elements = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    filled = models.JSONField(default=list)  # elements that were known then, or said to be 不详
    unknown = models.JSONField(default=list)  # those of them that were said to be 不详
    lacking = models.JSONField(default=list)
    complete = models.PositiveSmallIntegerField(default=0)  # per cent, by the weights then
    covers = models.JSONField(default=dict)  # epoch, position, at: up to where it tells
    signed_by = models.CharField(max_length=120, blank=True)
    signed_by_name = models.CharField(max_length=120, blank=True)
    oral = models.JSONField(default=dict)  # name, at: who approved it by word of mouth

    class Meta(Written.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=NUMBERED, number__gt=0) | ~Q(kind__in=NUMBERED) & Q(number=0),
                name="report_number",
            ),
        ]


class ReportReceipt(Written):
    """An organisation of another node took a report (签收)."""

    report = models.UUIDField(db_index=True)  # may come later
    organisation = models.CharField(max_length=40)


class ReportDraft(models.Model):
    """A report that waits for its signature, or waited; it never leaves its node."""

    class State(models.TextChoices):
        SUBMITTED = "submitted", _("Waits for signature")
        SIGNED = "signed", _("Signed")
        RETURNED = "returned", _("Returned")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="drafts")
    realm = models.CharField(max_length=64)
    rev = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SUBMITTED)
    kind = models.CharField(max_length=10, choices=Report.Kind.choices)
    recipient = models.CharField(max_length=120)
    text = models.TextField()
    unknown = models.JSONField(default=list)
    elements = models.JSONField(default=dict)
    author = models.CharField(max_length=120)
    author_name = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()
    said_of = models.PositiveIntegerField(default=0)  # the revision that its words were made from
    covers = models.JSONField(default=dict)  # as of a report
    reason = models.CharField(max_length=500, blank=True)  # why it was returned
    closed_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["recorded_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident"], condition=Q(state="submitted"), name="one_draft_waits"
            ),
        ]


class ReportElement(models.Model):
    """An element of a report: from which report on it must be said, and its weight."""

    class Needed(models.TextChoices):
        FIRST = "first", _("in the first report")
        FINAL = "final", _("in the final report")
        NEVER = "never", _("where it is known")

    name = models.CharField(primary_key=True, max_length=40)
    place = models.PositiveSmallIntegerField(unique=True)
    needed = models.CharField(max_length=5, choices=Needed.choices)
    weight = models.PositiveSmallIntegerField(default=1)
    source = models.CharField(max_length=300, blank=True)
    verified = models.BooleanField(default=False)

    class Meta:
        ordering = ["place"]

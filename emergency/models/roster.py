"""The roster (值班表): shifts, who is on duty in them at which post, and swaps.

Owns: fields and constraints. Promises: a shift of another node is here as that node keeps it, under
its id. Must not know: who may write; which shift is now.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from .duty import Word


class DutyPost(Word):
    """A post of a shift; `needed`: a shift without it is marked."""

    needed = models.BooleanField(default=False)


class Shift(models.Model):
    """From when to when, and who: `people` are {post, post_name, username, name, phone}, in the
    order of the posts; a username is empty for who has no account here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    home = models.CharField(max_length=64)
    rev = models.PositiveIntegerField(default=0)
    starts_at = models.DateTimeField(db_index=True)
    ends_at = models.DateTimeField()
    people = models.JSONField(default=list)
    cancelled = models.BooleanField(default=False)
    author = models.CharField(max_length=120)
    author_name = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="shift_ends_later"
            )
        ]


class Swap(models.Model):
    """Somebody is to stand in for another in a shift: asked, taken on, approved."""

    class State(models.TextChoices):
        ASKED = "asked", _("waits for who is asked")
        TAKEN = "taken", _("waits for approval")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")
        REFUSED = "refused", _("not approved")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    home = models.CharField(max_length=64)
    rev = models.PositiveIntegerField(default=0)
    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="swaps")
    post = models.CharField(max_length=20)
    giver = models.CharField(max_length=40)  # username
    giver_name = models.CharField(max_length=60)
    taker = models.CharField(max_length=40)
    taker_name = models.CharField(max_length=60)
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    answer = models.CharField(max_length=300, blank=True)
    author = models.CharField(max_length=120)
    author_name = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["-recorded_at", "id"]

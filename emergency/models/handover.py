"""Handing over a shift (交接班): what is open, as it stood when it was signed, and who signed.

Owns: fields and constraints. Promises: at a node one handover waits to be taken; what was taken
never changes. Must not know: what is open; who may sign.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Handover(models.Model):
    """`items` are what was open (handover/open_items.py) when it was signed, `more` how many beyond
    them; `notes` why something overdue is so, by the key of its item."""

    class State(models.TextChoices):
        SIGNED = "signed", _("waits to be taken over")
        TAKEN = "taken", _("taken over")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    home = models.CharField(max_length=64)
    rev = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.SIGNED)
    shift = models.UUIDField(null=True)  # of the roster, that ran when it was signed
    items = models.JSONField(default=list)
    more = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=dict)
    warnings = models.TextField(blank=True)  # weather, warnings in force
    faults = models.TextField(blank=True)  # of equipment
    sensitive = models.TextField(blank=True)
    remarks = models.TextField(blank=True)
    giver = models.CharField(max_length=120)  # as the log keeps an actor
    giver_name = models.CharField(max_length=120)
    given_at = models.DateTimeField()
    taker = models.CharField(max_length=120, blank=True)
    taker_name = models.CharField(max_length=120, blank=True)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-given_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["home"], condition=models.Q(state="signed"), name="one_handover_waits"
            )
        ]

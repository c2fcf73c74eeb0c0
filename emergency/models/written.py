"""What is written once about an incident.

Owns: the columns that all of it has. Promises: it never changes and goes with its incident alone.
Must not know: what the kinds are.
"""

import uuid

from django.db import models

from .incidents import Incident


class Written(models.Model):
    """What is written once about an incident, by whom and when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="%(class)ss")
    home = models.CharField(max_length=64)
    realm = models.CharField(max_length=64)
    author = models.CharField(max_length=120)
    author_name = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["recorded_at", "id"]

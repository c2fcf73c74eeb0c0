"""Roll calls (点名): a node asks desks of others whether somebody is there; how soon they answer.

Owns: fields and constraints. Promises: a desk answers a call once; what was found at its end stays.
Must not know: who may call.
"""

import uuid

from django.db import models


class RollCall(models.Model):
    """A call: of which nodes ({node, name}), how many minutes there are, and what was found at its
    end: `results` are {node, seconds} of those who answered in time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    home = models.CharField(max_length=64)
    home_name = models.CharField(max_length=120)
    rev = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    nodes = models.JSONField(default=list)
    text = models.CharField(max_length=300, blank=True)
    author = models.CharField(max_length=120)
    author_name = models.CharField(max_length=120)
    closed_at = models.DateTimeField(null=True, db_index=True)
    results = models.JSONField(default=list)
    here_since = models.DateTimeField()  # by the clock of this node; told to nobody
    epoch = models.CharField(max_length=64, blank=True)  # of the log, in which this node called

    class Meta:
        ordering = ["-here_since", "id"]


class RollAnswer(models.Model):
    """The desk of a node is there: so many seconds after the call had come to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    call = models.ForeignKey(RollCall, on_delete=models.CASCADE, related_name="answers")
    home = models.CharField(max_length=64)
    seconds = models.PositiveIntegerField()
    author = models.CharField(max_length=120)
    author_name = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()
    here_since = models.DateTimeField()  # by the clock of this node; told to nobody

    class Meta:
        ordering = ["recorded_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["call", "home"], name="one_answer_of_a_node")
        ]

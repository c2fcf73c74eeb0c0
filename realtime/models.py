"""Rows of the node's log: its head, the envelopes, the public keys that verify them.

Owns: tables and constraints only. Promises: envelopes are inserted by `realtime.log` alone and
never changed; `position` has no gap. Must not know: what any envelope is about.
"""

from django.db import models


class LogHead(models.Model):
    """The one row that is locked to give out the next position."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    epoch = models.BinaryField(max_length=16)
    position = models.BigIntegerField(default=0)
    chain = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_log_head")]


class NodeKey(models.Model):
    """A public key of a node; the algorithm belongs to the key, so another can join later."""

    id = models.CharField(primary_key=True, max_length=32)
    node = models.CharField(max_length=64)
    algorithm = models.CharField(max_length=16)
    public = models.BinaryField()
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)


class Envelope(models.Model):
    """One fact, whole state. `header` holds the exact signed bytes; columns repeat it to search."""

    position = models.BigIntegerField(primary_key=True)
    id = models.UUIDField(unique=True)
    source = models.CharField(max_length=64)
    realm = models.CharField(max_length=64)
    type = models.CharField(max_length=64)
    version = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=120)
    about = models.CharField(max_length=120)
    term = models.PositiveIntegerField()
    rev = models.PositiveIntegerField()
    time = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=200)
    header = models.BinaryField()
    signature = models.BinaryField()
    key = models.CharField(max_length=32)
    public = models.BinaryField(null=True)
    public_salt = models.BinaryField(max_length=16)
    personal = models.BinaryField(null=True)
    personal_salt = models.BinaryField(max_length=16, null=True)
    chain = models.BinaryField(max_length=32)
    epoch = models.BinaryField(max_length=16)
    via = models.TextField(default="[]")

    class Meta:
        indexes = [
            models.Index(fields=["subject", "position"], name="envelope_subject"),
            models.Index(fields=["about", "position"], name="envelope_about"),
        ]

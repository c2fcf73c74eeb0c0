"""Rows of the node's log and of its links to other nodes.

Owns: tables and constraints only. Promises: envelopes are inserted by `realtime.log` alone and
never changed; `position` has no gap; a peer's cursor is saved with the rows that it stands for.
Must not know: what any envelope is about.
"""

from django.db import models


class LogHead(models.Model):
    """The one row that is locked to give out the next position."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    epoch = models.BinaryField(max_length=16)
    position = models.BigIntegerField(default=0)
    chain = models.BinaryField(max_length=32)
    key_number = models.PositiveSmallIntegerField(default=1)  # of the private key that signs

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_log_head")]


class NodeKey(models.Model):
    """A public key of a node; the algorithm belongs to the key, so another can join later."""

    id = models.CharField(primary_key=True, max_length=32)
    node = models.CharField(max_length=64)
    algorithm = models.CharField(max_length=16)
    public = models.BinaryField()
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)  # what it signed after that is not believed
    replaces = models.CharField(max_length=32, blank=True)  # the key that announced it


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
    home = models.CharField(max_length=64, default="")  # who writes the subject from here on
    time = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=200)
    audience = models.TextField(default="  ")  # node ids, each between blanks
    relay = models.CharField(max_length=8, default="none")
    hour = models.IntegerField(default=0, db_index=True)  # of `time`, since 1970
    hash = models.BinaryField(max_length=32, default=b"")  # SHA-256 of the header
    header = models.BinaryField()
    signature = models.BinaryField()
    key = models.CharField(max_length=32)
    public = models.BinaryField(null=True)
    public_salt = models.BinaryField(max_length=16)
    personal = models.BinaryField(null=True)
    personal_salt = models.BinaryField(max_length=16, null=True)
    chain = models.BinaryField(max_length=32)
    epoch = models.BinaryField(max_length=16)
    via = models.TextField(default="  ")  # nodes passed on the way here, each between blanks
    waits = False  # no column: set by `tail.read` on what is parked

    class Meta:
        indexes = [
            models.Index(fields=["subject", "position"], name="envelope_subject"),
            models.Index(fields=["about", "position"], name="envelope_about"),
            # these two hold all that is asked of them: bodies are long and need not be read
            models.Index(
                fields=["position", "hour", "hash", "audience", "relay", "about", "type"],
                name="envelope_sums",
            ),
            models.Index(
                fields=["subject", "source", "term", "home", "realm", "relay", "audience"],
                name="envelope_sharing",
            ),
        ]


class Blob(models.Model):
    """A file that an envelope names, and whether its content is here."""

    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.BigIntegerField()
    here = models.BooleanField()
    wanted = models.BooleanField()  # to be fetched: it is small, or somebody asked for it

    class Meta:
        indexes = [
            models.Index(
                fields=["sha256"], name="blob_missing", condition=models.Q(here=False, wanted=True)
            )
        ]


class Peer(models.Model):
    """A node that this one is paired with, and how far each is with the other's log."""

    node = models.CharField(primary_key=True, max_length=64)
    name = models.CharField(max_length=120)
    upper = models.BooleanField()  # above this node, which therefore dials it
    url = models.CharField(max_length=200, blank=True)
    key = models.ForeignKey(NodeKey, on_delete=models.PROTECT)
    number = models.CharField(max_length=9)  # what both administrators compare
    cleared = models.BooleanField(default=False)  # may hold personal parts
    clearance_at = models.DateTimeField(null=True)  # when that was last switched
    paired_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    epoch = models.CharField(max_length=32, blank=True)  # of the peer's log, as taken in here
    position = models.BigIntegerField(default=0)
    last = models.UUIDField(null=True)  # the envelope at that position, where it came here
    acked_epoch = models.CharField(max_length=32, blank=True)  # of this log, as taken in there
    acked = models.BigIntegerField(default=0)

    session = models.CharField(max_length=32, blank=True)  # the one that may speak now
    linked_at = models.DateTimeField(null=True)  # null while there is no link
    heard_at = models.DateTimeField(null=True)
    clock_ms = models.IntegerField(null=True)  # its clock minus this node's
    refused = models.PositiveIntegerField(default=0)  # of this node's envelopes, over there
    refusal = models.CharField(max_length=200, blank=True)  # the last reason
    equal_at = models.DateTimeField(null=True)  # when both last proved that they hold the same
    compare = models.BooleanField(default=False)  # somebody asked whether they do now
    renewed_at = models.DateTimeField(null=True)  # when its log was last seen to go on from a copy


class PairingCode(models.Model):
    """A one-use code that lets one named node pair; only its SHA-256 is kept."""

    digest = models.CharField(primary_key=True, max_length=64)
    node = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Share(models.Model):
    """A thing that one more node may hold; a table kept from the share envelopes of the log."""

    id = models.UUIDField(primary_key=True)
    thing = models.CharField(max_length=120)
    node = models.CharField(max_length=64)
    by = models.CharField(max_length=64)
    rev = models.PositiveIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)  # as that node confirms

    class Meta:
        indexes = [models.Index(fields=["thing", "node"], name="share_thing")]


class Parked(models.Model):
    """An envelope that is in the log but could not be applied yet, and why."""

    envelope = models.OneToOneField(Envelope, primary_key=True, on_delete=models.PROTECT)
    reason = models.CharField(max_length=200)
    parked_at = models.DateTimeField()


class Quarantined(models.Model):
    """What a peer sent and this node refused to hold, and why; the bytes as they came."""

    peer = models.CharField(max_length=64)
    envelope = models.CharField(max_length=36, blank=True)
    hash = models.CharField(max_length=64)
    reason = models.CharField(max_length=200)
    item = models.BinaryField()
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["peer", "hash"], name="quarantined_once")]

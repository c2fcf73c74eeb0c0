"""Documents (公文) that the desk issues, their kinds and the templates that they are made from.

Owns: fields and constraints. Promises: a document never changes; its numbers run without a gap by
realm, kind, organisation and year; of a kind one template of the office is in force, or none, which
means the one that comes with the platform. Must not know: what a document says, who may issue one.
Source: domain rules of the duty desk's documents (numbering per type, year and organisation).
"""

import uuid

from django.db import models
from django.db.models import Q

from .duty import Word


class DocumentKind(Word):
    """What kind of document, as an office calls it and writes its number: `number_form` has {year}
    and {n}."""

    number_form = models.CharField(max_length=60)


class DocumentTemplate(models.Model):
    """A .docx with tags that the office made for a kind; its file lies under its hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    kind = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    in_force = models.BooleanField(default=True)
    note = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    author = models.CharField(max_length=120)
    author_name = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="one_template_per_version"),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(in_force=True), name="one_template_in_force"
            ),
        ]


class Document(models.Model):
    """One that was issued. `of` is what it tells: `report/<id>`, `day/2026-11-28`; `said` all that
    it says, as its template and its page had it; its file lies under its hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    home = models.CharField(max_length=64)
    realm = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    organisation = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    shown_number = models.CharField(max_length=80)
    title = models.CharField(max_length=300)
    of = models.CharField(max_length=80)
    incident = models.UUIDField(null=True, db_index=True)  # may not be here any more
    recipients = models.CharField(max_length=300)
    copies = models.CharField(max_length=300, blank=True)
    said = models.JSONField(default=dict)
    template = models.UUIDField(null=True)  # None: the one that comes with the platform
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    author = models.CharField(max_length=120)
    author_name = models.CharField(max_length=120)
    recorded_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-recorded_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["realm", "kind", "organisation", "year", "number"], name="document_number"
            ),
        ]

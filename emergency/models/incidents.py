"""Incidents, their classes, their numbers, and which organisations they reach.

Owns: fields and constraints after the national report elements. Promises: grade, warning colour
and response level are three fields and never one; a casualty figure is a number or NULL, which
means 不详 (unknown), never 0 by default; class code and name are a snapshot; `realm` is on every
record and in every unique key. Must not know: who may do what, how a change is written.
"""

import uuid

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ..states import State


class IncidentType(models.Model):
    """A node of the class tree, 11000 to 14Y00; data with its source."""

    code = models.CharField(primary_key=True, max_length=5)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    symbol = models.CharField(max_length=40, blank=True)
    words = models.JSONField(default=list, blank=True, help_text="words that suggest this class")
    source = models.CharField(max_length=120, blank=True)
    verified = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def shown_name(self) -> str:
        """Its name in the language of the page."""
        english = (get_language() or "").startswith("en")
        return self.name_en if english and self.name_en else self.name


class Grade(models.IntegerChoices):
    """Grade of an event; social-safety events need none."""

    I = 1, _("Ⅰ especially serious")  # noqa: E741
    II = 2, _("Ⅱ serious")
    III = 3, _("Ⅲ fairly serious")
    IV = 4, _("Ⅳ ordinary")


class WarningColour(models.TextChoices):
    """Level of a warning."""

    RED = "red", _("Red")
    ORANGE = "orange", _("Orange")
    YELLOW = "yellow", _("Yellow")
    BLUE = "blue", _("Blue")


def unknown_or_number() -> models.PositiveIntegerField:
    """A figure of people; NULL = 不详."""
    return models.PositiveIntegerField(null=True)


def other_incident(name: str) -> models.ForeignKey:
    """Another incident, which this node need not have."""
    return models.ForeignKey(
        "self",
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name=name,
    )


class Incident(models.Model):
    """One incident as its home node knows it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    home = models.CharField(max_length=64)
    realm = models.CharField(max_length=64)
    term = models.PositiveIntegerField(default=1)
    rev = models.PositiveIntegerField(default=1)
    number = models.CharField(max_length=60)
    state = models.CharField(max_length=20, choices=State.choices)
    state_reason = models.CharField(max_length=500, blank=True)
    merged_into = other_incident("merged")
    parent = other_incident("children")  # that this one came of
    split_from = other_incident("parts")  # with which it was reported as one

    title = models.CharField(max_length=200)
    type_code = models.CharField(max_length=5)
    type_name = models.CharField(max_length=60)
    grade = models.PositiveSmallIntegerField(null=True, choices=Grade.choices)
    warning_colour = models.CharField(max_length=8, blank=True, choices=WarningColour.choices)
    response_level = models.CharField(max_length=40, blank=True)

    occurred_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    source = models.CharField(max_length=120, blank=True)
    received_by = models.CharField(max_length=120)
    reporter = models.JSONField(default=dict)  # personal: unit, name, post, phone

    lon = models.FloatField(null=True, db_index=True)
    lat = models.FloatField(null=True, db_index=True)
    declared = models.JSONField(null=True)  # lon, lat, crs as they were given
    accuracy_m = models.PositiveIntegerField(null=True)
    address = models.CharField(max_length=300, blank=True)
    district = models.CharField(max_length=40, blank=True)
    district_name = models.CharField(max_length=60, blank=True)
    affected_area = models.JSONField(null=True)  # GeoJSON geometry, WGS 84

    summary = models.TextField(blank=True)
    cause = models.TextField(blank=True)
    trend = models.TextField(blank=True)
    measures = models.TextField(blank=True)
    next_steps = models.TextField(blank=True)
    leaders_present = models.CharField(max_length=300, blank=True)
    site_contact = models.JSONField(default=dict)  # personal: name, phone
    reported_to = models.TextField(blank=True)
    dead = unknown_or_number()
    injured = unknown_or_number()
    serious = unknown_or_number()
    missing = unknown_or_number()
    trapped = unknown_or_number()
    affected = unknown_or_number()
    loss_cny = models.DecimalField(null=True, max_digits=16, decimal_places=2)
    foreigners = models.BooleanField(default=False)
    sensitive = models.BooleanField(default=False)
    grading = models.JSONField(default=dict)  # as `GradingData`: how its grade was decided
    limits = models.JSONField(default=list)  # of reports, as `LimitData`, in their order
    fingerprint = models.CharField(max_length=64, blank=True)  # of what was given at first
    audience = models.JSONField(default=list)  # nodes that may hold it from the start

    class Meta:
        ordering = ["-received_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(grade__isnull=True) | models.Q(grade__in=Grade.values),
                name="incident_grade",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=State.values), name="incident_state"
            ),
            models.CheckConstraint(
                condition=(models.Q(lon__isnull=True) & models.Q(lat__isnull=True))
                | (models.Q(lon__range=(-180, 180)) & models.Q(lat__range=(-90, 90))),
                name="incident_point",
            ),
        ]
        indexes = [
            models.Index(fields=["realm", "state", "-received_at"], name="incident_open"),
            # not unique: after a restore from an old copy a number may come back that was given
            # out again before the loss was noticed; both incidents are kept (services/numbers.py)
            models.Index(fields=["home", "realm", "number"], name="incident_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Reach(models.Model):
    """An organisation that an incident reaches, on what ground, and until when."""

    class Ground(models.TextChoices):
        OWNER = "owner", _("wrote it down")
        PLACE = "place", _("it lies in its area")
        SHARED = "shared", _("was shown it")
        HERE = "here", _("was shown it by this node alone")

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="reaches")
    organisation = models.CharField(max_length=40, db_index=True)
    ground = models.CharField(max_length=8, choices=Ground.choices)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "organisation", "ground"], name="reach_once"
            )
        ]


class SharingRule(models.Model):
    """Which incidents of this node another node holds from the start; an empty prefix is every
    class, a least grade of none is every grade and the ungraded."""

    node = models.CharField(max_length=64)
    type_prefix = models.CharField(max_length=5, blank=True)
    least_grade = models.PositiveSmallIntegerField(null=True, choices=Grade.choices)
    source = models.CharField(max_length=120, blank=True)
    verified = models.BooleanField(default=False)

    class Meta:
        ordering = ["node", "type_prefix"]
        constraints = [
            models.UniqueConstraint(fields=["node", "type_prefix"], name="sharing_rule_once")
        ]


class NumberSeries(models.Model):
    """The last number given out, by realm, kind and year; locked while the next is taken."""

    realm = models.CharField(max_length=64)
    kind = models.CharField(max_length=80)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["realm", "kind", "year"], name="series_once")
        ]

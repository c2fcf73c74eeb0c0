"""Rows of the geo platform: layers, their immutable versions, and the office's own values.

Owns: `Layer` (what a map shows and a survey asks), `LayerVersion` (one immutable content, whose
files are named by its hash), `SurveyRing` and `Extent` (values an office may change, each with
`source` and `verified`). Promises: a version's row and files never change after they are made;
`Layer.current` is the version in force. Must not know: users, organisations, incidents; the
`audience` tags are opaque and answered by `realtime.access`.
"""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    AREA = "area", _("area")
    LINE = "line", _("line")
    POINT = "point", _("point")
    GRID = "grid", _("grid")


class Role(models.TextChoices):
    """What a survey does with a layer."""

    DISTRICT = "district", _("district")
    ZONE = "zone", _("zone")
    FACILITY = "facility", _("facility")
    PLACE = "place", _("place")
    POPULATION = "population", _("population")
    BASE = "base", _("base map")


class Layer(models.Model):
    """One theme of the map; its content is that of `current`."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    role = models.CharField(max_length=12, choices=Role.choices)
    nearest = models.PositiveSmallIntegerField(default=0, help_text=_("0 = not asked"))
    audience = models.JSONField(default=list, blank=True, help_text=_("empty = all signed in"))
    note = models.CharField(max_length=60, blank=True)
    attribution = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300, blank=True)
    verified = models.BooleanField(default=False)
    symbol = models.CharField(max_length=60, blank=True)
    order = models.IntegerField(default=100)
    visible = models.BooleanField(default=True, help_text=_("on the map by default"))
    rev = models.PositiveIntegerField(default=0)
    current = models.ForeignKey(
        "LayerVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["order", "slug"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="layer_kind"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="layer_role"),
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.title}"


class LayerVersion(models.Model):
    """One immutable content of a layer; its files carry `sha256` in their names."""

    layer = models.ForeignKey(Layer, on_delete=models.PROTECT, related_name="versions")
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    declared_crs = models.CharField(max_length=120)
    conversion = models.CharField(max_length=200, blank=True)
    residual_m = models.FloatField(null=True, help_text=_("distance at the check point"))
    feature_count = models.PositiveIntegerField()
    bbox = models.JSONField(help_text=_("west, south, east, north in WGS 84"))
    min_zoom = models.PositiveSmallIntegerField(null=True)
    max_zoom = models.PositiveSmallIntegerField(null=True)
    report = models.JSONField(default=dict)
    imported_by = models.CharField(max_length=150)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["layer", "sha256"], name="version_once_per_layer")
        ]

    def __str__(self) -> str:
        return f"{self.layer_id} {self.sha256[:12]}"


class SurveyRing(models.Model):
    """A radius around a point within which a survey counts people and lists facilities."""

    radius_m = models.PositiveIntegerField(unique=True)
    source = models.CharField(max_length=300)
    verified = models.BooleanField(default=False)

    class Meta:
        ordering = ["radius_m"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(radius_m__gte=1, radius_m__lte=50_000), name="ring_radius"
            )
        ]

    def __str__(self) -> str:
        return f"{self.radius_m} m"


class Extent(models.Model):
    """A box (WGS 84) outside of which a typed point is asked about, such as the province."""

    name = models.CharField(max_length=60, unique=True)
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    source = models.CharField(max_length=300)
    verified = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(west__lt=models.F("east"), south__lt=models.F("north")),
                name="extent_is_a_box",
            )
        ]

    def __str__(self) -> str:
        return self.name


def version_file(slug: str, sha256: str, suffix: str) -> Path:
    """Where a version's file of this suffix ("fgb", "npz", "pmtiles") is kept."""
    return Path(settings.FILES_DIR) / "layers" / slug / f"{sha256}.{suffix}"

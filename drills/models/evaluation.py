"""What evaluators judge by, and what they judged.

Owns: fields and constraints. Promises: the criteria of an exercise travel whole and carry the
points of their scales, so that a score needs no table; a mark is of one evaluator and one row of
the score. Must not know: who may mark, how marks make a score.
"""

import uuid

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .exercises import Exercise


class ScaleValue(models.Model):
    """A value of a scale and how many points of a hundred it is; of `grade`: from how many on."""

    class Scale(models.TextChoices):
        YES_NO = "yes_no", _("yes / no")
        FIVE = "five", _("1 to 5")
        PSMU = "psmu", _("P / S / M / U")
        GRADE = "grade", _("grade of the whole")

    scale = models.CharField(max_length=8, choices=Scale.choices)
    value = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    points = models.PositiveIntegerField()
    place = models.PositiveIntegerField()
    source = models.CharField(max_length=120)
    verified = models.BooleanField(default=False)

    class Meta:
        ordering = ["scale", "place"]
        constraints = [
            models.UniqueConstraint(fields=["scale", "value"], name="one_of_each_scale_value"),
        ]

    def __str__(self) -> str:
        return f"{self.scale} {self.value}"

    @property
    def shown_name(self) -> str:
        """Its name in the reader's language."""
        return self.name if (get_language() or "").startswith("zh") else self.name_en


class Criteria(models.Model):
    """What evaluators judge in an exercise, and from how many points on which grade is given.

    `items`: each {id, organisation ("" for the exercise as a whole), objective, text, scale,
    points ({value: of a hundred}), weight, veto}; `grades`: {grade: points}. Its id is that of the
    exercise.
    """

    id = models.UUIDField(primary_key=True)
    exercise = models.OneToOneField(Exercise, on_delete=models.CASCADE, related_name="criteria")
    home = models.CharField(max_length=64)
    realm = models.CharField(max_length=64)
    term = models.PositiveIntegerField(default=1)
    rev = models.PositiveIntegerField(default=1)
    items = models.JSONField(default=list)
    grades = models.JSONField(default=dict)
    author = models.CharField(max_length=120)
    author_name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return f"{len(self.items)} items"


class Mark(models.Model):
    """What one evaluator says of one row: a value of its scale, `na` for 不适用, empty for taken
    back; of a measured row 0 to 100. `given_at`: when it was given, which may be before it got
    here."""

    NA = "na"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="marks")
    home = models.CharField(max_length=64)
    realm = models.CharField(max_length=64)
    term = models.PositiveIntegerField(default=1)
    rev = models.PositiveIntegerField(default=1)
    row = models.CharField(max_length=120)
    value = models.CharField(max_length=12, blank=True)
    note = models.CharField(max_length=500, blank=True)
    organisation = models.CharField(max_length=40)
    given_at = models.DateTimeField()
    author = models.CharField(max_length=120)
    author_name = models.CharField(max_length=120)

    class Meta:
        ordering = ["given_at", "id"]

    def __str__(self) -> str:
        return f"{self.row} {self.value}"

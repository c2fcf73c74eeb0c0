"""How near two reports have to be to be perhaps of one incident: the table.

Owns: fields and constraints. Promises: of a class there is one row; an empty beginning of a class
code is every class. Must not know: which incidents are alike (emergency/family/).
"""

from django.db import models


class AlikeRule(models.Model):
    """Incidents of these classes, of one kind, so near and so soon after each other."""

    type_prefix = models.CharField(max_length=5, unique=True, blank=True)
    distance_m = models.PositiveIntegerField()
    minutes = models.PositiveIntegerField()
    source = models.CharField(max_length=300, blank=True)
    verified = models.BooleanField(default=False)

    class Meta:
        ordering = ["type_prefix"]

    def __str__(self) -> str:
        return f"{self.type_prefix or '*'} {self.distance_m} m {self.minutes} min"

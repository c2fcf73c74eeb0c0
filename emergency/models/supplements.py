"""Supplements (补报): how long after an accident a change of its casualties is to be reported, and
what was said of changes that nobody has reported yet.

Owns: fields and constraints. Promises: what was said is written once. Must not know: what time it
is, what a report said (emergency/supplements/).
Source: 《生产安全事故报告和调查处理条例》 (State Council order 493), article 13.
"""

from django.db import models

from .written import Written


class SupplementRule(models.Model):
    """So many days after an accident of these classes; of the rules that fit the closest holds."""

    type_prefix = models.CharField(max_length=5, unique=True)
    days = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300, blank=True)
    verified = models.BooleanField(default=False)

    class Meta:
        ordering = ["type_prefix"]

    def __str__(self) -> str:
        return f"{self.type_prefix} {self.days}"


class SupplementReminder(Written):
    """Casualties are not what this report says: `moved` is name to [reported, now]. `until` is when
    the days are over, `days` and `source` are of the rule then, `roles` are to know."""

    report = models.UUIDField()  # may be at another node and come later
    moved = models.JSONField(default=dict)
    days = models.PositiveSmallIntegerField()
    until = models.DateTimeField()
    source = models.CharField(max_length=300, blank=True)
    verified = models.BooleanField(default=False)
    roles = models.JSONField(default=list)

"""From which figures on an incident is of which grade (分级标准): the table.

Owns: fields and constraints. Promises: of a class a figure stands once. Must not know: which grade
an incident has, who decides (emergency/grading/).
Source: 《生产安全事故报告和调查处理条例》 (State Council order 493), article 3.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class GradeRule(models.Model):
    """Of these classes: from how much of a figure on each grade begins, a bound included; null
    where the source says nothing. Without a figure they are not graded."""

    class Figure(models.TextChoices):
        NONE = "", _("not graded")
        DEAD = "dead", _("Dead")
        SERIOUS = "serious", _("Seriously injured")
        INJURED = "injured", _("Injured")
        MISSING = "missing", _("Missing")
        TRAPPED = "trapped", _("Trapped")
        AFFECTED = "affected", _("Affected")
        LOSS = "loss_cny", _("Direct loss (CNY)")

    type_prefix = models.CharField(max_length=5)
    figure = models.CharField(max_length=10, choices=Figure.choices, blank=True)
    least_1 = models.PositiveBigIntegerField(null=True)
    least_2 = models.PositiveBigIntegerField(null=True)
    least_3 = models.PositiveBigIntegerField(null=True)
    least_4 = models.PositiveBigIntegerField(null=True)
    source = models.CharField(max_length=300, blank=True)
    verified = models.BooleanField(default=False)

    class Meta:
        ordering = ["type_prefix", "id"]
        constraints = [
            models.UniqueConstraint(fields=["type_prefix", "figure"], name="grade_rule_once")
        ]

    def __str__(self) -> str:
        return f"{self.type_prefix} {self.figure or '-'}"

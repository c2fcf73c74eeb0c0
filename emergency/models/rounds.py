"""Rounds of reports that a level of a plan asks for: the order, what was reported, who was missing.

Owns: fields and constraints. Promises: what was reported and who was missing is written once. Must
not know: what time it is, who counts (emergency/rounds/).
Source: domain rules of information reporting (零报告, 一小时一报 from a level on).
"""

from django.db import models

from .written import Written


class RoundOrder(Written):
    """From now on these organisations report every so many minutes, until another order of the plan
    or its end. `every` 0 is none any more; `reporters` are each {organisation, name, node}."""

    activation = models.UUIDField()  # may be at another node and come later
    plan = models.CharField(max_length=40)
    plan_name = models.CharField(max_length=120)
    level_name = models.CharField(max_length=40)
    every = models.PositiveIntegerField()
    reporters = models.JSONField(default=list)


class RoundReport(Written):
    """What an organisation reported in a round, `late` by so many minutes."""

    order = models.UUIDField(db_index=True)  # may be at another node and come later
    no = models.PositiveIntegerField()  # of the round, from 1 on
    organisation = models.CharField(max_length=40)
    nothing_new = models.BooleanField()
    text = models.TextField(blank=True)
    late = models.PositiveIntegerField(default=0)


class RoundReminder(Written):
    """So many per cent of a round had passed, and these organisations had not reported."""

    order = models.UUIDField(db_index=True)
    no = models.PositiveIntegerField()
    percent = models.PositiveSmallIntegerField()
    missing = models.JSONField(default=list)
    roles = models.JSONField(default=list)


class RoundShift(models.Model):
    """By how many seconds the clock of this machine was set back since an order of an incident of
    this node; told to nobody."""

    order = models.UUIDField(primary_key=True)
    seconds = models.IntegerField(default=0)

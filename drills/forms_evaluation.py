"""Forms of what evaluators judge by, and of what they judge.

Owns: which fields they take, and their shape. Promises: a line that stays empty is no item. Must
not know: rights (services ask), how marks make a score.
"""

import csv
from functools import cache
from pathlib import Path
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from emergency.formfields import LineField, PageForm
from emergency.forms import SourcedForm

from .forms import CHOOSE, LONGEST
from .models import Exercise, ScaleValue
from .script.lint import PLAYING
from .selectors import people
from .services.evaluation import ITEMS

Scale = ScaleValue.Scale
WHOLE = ("", _("the exercise as a whole"))
NONE = ("", _("of no objective"))
JUDGED = [one for one in Scale.choices if one[0] != Scale.GRADE]
STANDARD = Path(__file__).resolve().parent / "fixtures" / "criteria.csv"


class CriterionForm(PageForm):
    """What is judged, of whom and on which scale."""

    text = LineField(label=_("What is judged"), max_length=LONGEST)
    organisation = forms.ChoiceField(label=_("Organisation"), required=False)
    objective = forms.ChoiceField(label=_("Objective"), required=False)
    scale = forms.ChoiceField(label=_("Scale"), choices=JUDGED, initial=Scale.FIVE)
    weight = forms.IntegerField(label=_("Weight"), min_value=0, max_value=100, initial=1)
    veto = forms.BooleanField(label=_("Veto"), required=False)
    id = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)

    def __init__(self, *args: Any, exercise: Exercise, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [WHOLE, *playing(exercise)]
        self.fields["objective"].choices = [NONE, *((one, one) for one in exercise.objectives)]


CriterionLines = forms.formset_factory(
    CriterionForm,
    extra=3,
    can_delete=True,
    max_num=ITEMS,
    absolute_max=ITEMS + 3,
    validate_max=True,
)


class CriteriaForm(PageForm):
    """The criteria as the writer saw them."""

    rev = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class MarkForm(PageForm):
    """What an evaluator says of a row; of a measured one as marks of a hundred."""

    row = forms.CharField(widget=forms.HiddenInput, max_length=120)
    value = forms.CharField(label=_("Marks"), max_length=12, required=False)
    note = LineField(label=_("Remark"), max_length=500, required=False)


class ScaleForm(SourcedForm):
    """How many points a value of a scale is."""

    value = forms.ChoiceField(label=_("Value"))
    points = forms.IntegerField(label=_("Points of a hundred"), min_value=0, max_value=100)
    field_order = ["value", "points", "source", "verified"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        values = [
            (f"{one.scale}:{one.value}", f"{one.get_scale_display()} – {one.shown_name}")
            for one in ScaleValue.objects.all()
        ]
        self.fields["value"].choices = [CHOOSE, *values]


def playing(exercise: Exercise) -> list[tuple[str, str]]:
    """Code and name of those that are judged."""
    return [
        (one["organisation"], one["organisation_name"])
        for one in people(exercise)
        if one["part"] in PLAYING
    ]


def proposed(exercise: Exercise) -> list[dict[str, Any]]:
    """Items to begin with: the standard ones, those of each organisation for each that plays."""
    codes = [code for code, _name in playing(exercise)]
    return [
        {"text": one["text"], "organisation": code, "objective": "", "scale": one["scale"],
         "weight": int(one["weight"]), "veto": bool(one["veto"])}
        for one in _standard()
        for code in (codes if one["each"] else [""])
    ]  # fmt: skip


@cache
def _standard() -> list[dict[str, str]]:
    with STANDARD.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))

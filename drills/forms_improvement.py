"""Forms of findings: a finding with its correction, and what was done about it.

Owns: which fields they take, and their shape. Must not know: rights (services ask).
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from emergency.formfields import LineField, PageForm

from .forms import CHOOSE
from .models import Exercise, Improvement, Progress
from .selectors import names


class FindingForm(PageForm):
    """A finding; `rev` is what the writer saw, `row` the row of the score that shows it."""

    text = LineField(label=_("What was found"), max_length=500)
    kind = forms.ChoiceField(label=_("Concerns"), choices=Improvement.Kind.choices)
    severity = forms.ChoiceField(
        label=_("Severity"), choices=Improvement.Severity.choices, initial="notable"
    )
    cause = LineField(label=_("Cause"), max_length=500, required=False)
    action = LineField(label=_("Correction"), max_length=500)
    owner = forms.ChoiceField(label=_("Owner"))
    due = forms.DateField(
        label=_("Due on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    row = forms.CharField(widget=forms.HiddenInput, required=False, max_length=120)
    rev = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1
    )

    def __init__(self, *args: Any, exercise: Exercise, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [CHOOSE, *names(exercise).items()]


class ProgressForm(PageForm):
    """What was done about a finding."""

    kind = forms.ChoiceField(choices=Progress.Kind.choices, widget=forms.HiddenInput)
    text = LineField(label=_("What was done, or why"), max_length=500)

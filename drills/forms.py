"""Forms of the drill pages: an exercise, who takes part, a rule of what is due.

Owns: which fields they take, and their shape. Promises: lines that stay empty are nobody. Must not
know: rights (services ask).
"""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from emergency.formfields import LineField, MomentField, PageForm
from emergency.forms import SourcedForm
from emergency.models import Plan
from emergency.schemas import one_line
from emergency.selectors_accounts import organisation_choices

from .models import Exercise, Part

CHOOSE = ("", _("choose"))
MOST, LONGEST = 12, 200  # objectives, characters of one
PARTICIPANTS = 60


class LinesField(forms.CharField):
    """Sentences, each on a line of its own; as a list."""

    widget = forms.Textarea(attrs={"rows": 4})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        try:
            lines = [one_line(line) for line in super().clean(value).splitlines()]
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        lines = list(dict.fromkeys(line for line in lines if line))
        if len(lines) > MOST or any(len(line) > LONGEST for line in lines):
            said = gettext("At most %(count)s lines of %(longest)s characters.")
            raise forms.ValidationError(said % {"count": MOST, "longest": LONGEST})
        return lines


class ExerciseForm(PageForm):
    """An exercise; `rev` is what the writer saw."""

    title = LineField(label=_("Name of the exercise"), max_length=120)
    plan = forms.ChoiceField(label=_("Plan"))
    starts_at = MomentField(label=_("Starts at"))
    minutes = forms.IntegerField(
        label=_("Planned length in minutes"), min_value=5, max_value=4320, initial=120
    )
    form = forms.ChoiceField(label=_("Form"), choices=Exercise.Form.choices)
    scope = forms.ChoiceField(label=_("Content"), choices=Exercise.Scope.choices)
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Exercise.Purpose.choices)
    objectives = LinesField(
        label=_("Objectives"), help_text=_("One on each line: what is to be shown or tested.")
    )
    rev = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        plans = Plan.objects.filter(in_force=True).values_list("code", "name")
        self.fields["plan"].choices = [CHOOSE, *plans]


class ParticipantForm(PageForm):
    """Who takes part as what."""

    organisation = forms.ChoiceField(label=_("Organisation"))
    part = forms.ChoiceField(label=_("Takes part as"), choices=[CHOOSE, *Part.choices])

    def __init__(self, *args: Any, organisations: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [CHOOSE, *organisations]


ParticipantLines = forms.formset_factory(
    ParticipantForm,
    extra=8,
    can_delete=True,
    max_num=PARTICIPANTS,
    absolute_max=PARTICIPANTS + 4,
    validate_max=True,
)


class CancelForm(PageForm):
    """Why an exercise does not take place."""

    reason = LineField(label=_("Reason"), max_length=300)
    rev = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class HeldForm(PageForm):
    """The exercise as the writer saw it."""

    rev = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class DueRuleForm(SourcedForm):
    """How often an organisation exercises a plan."""

    plan = forms.ChoiceField(label=_("Plan"))
    organisation = forms.ChoiceField(label=_("Organisation"))
    months = forms.IntegerField(
        label=_("At least once in months"), min_value=1, max_value=120, initial=36
    )
    last_on = forms.DateField(
        label=_("Last exercised on, before this platform"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    warn_days = forms.IntegerField(
        label=_("Warn how many days before"), min_value=0, max_value=730, initial=90
    )
    field_order = ["plan", "organisation", "months", "last_on", "warn_days", "source", "verified"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        plans = Plan.objects.filter(in_force=True).values_list("code", "name")
        self.fields["plan"].choices = [CHOOSE, *plans]
        self.fields["organisation"].choices = [CHOOSE, *organisation_choices()]

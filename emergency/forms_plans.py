"""Forms of the page of plans: a plan, its levels, its tasks.

Owns: which fields they take, and their shape. Promises: lines that stay empty are no levels and no
tasks. Must not know: rights (services ask), what is wrong with a plan as a whole (plans.lint).
"""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from .formfields import LineField, PageForm, WordsField
from .plans.lint import LEVELS, MINUTES, TASKS
from .rounds.counting import MOST

CHOOSE = ("", _("choose"))
CODE = RegexValidator(r"\A[A-Za-z0-9][A-Za-z0-9_-]*\Z", _("Letters a-z, figures, - and _ only."))


class PlanForm(PageForm):
    """What a plan says besides levels and tasks; `version` is what the writer saw."""

    name = LineField(label=_("Name of the plan"), max_length=120)
    number = LineField(label=_("Number of the document"), max_length=60, required=False)
    type_codes = WordsField(
        label=_("Classes"),
        max_length=300,
        help_text=_("Beginnings of class codes, with blanks between them: 11A 11B03."),
    )
    phone_minutes = forms.IntegerField(
        label=_("First report by phone, minutes after receipt"),
        required=False,
        min_value=1,
        max_value=MINUTES,
    )
    written_minutes = forms.IntegerField(
        label=_("First report in writing, minutes after receipt"),
        required=False,
        min_value=1,
        max_value=MINUTES,
    )
    reporters = forms.MultipleChoiceField(
        label=_("Who reports in rounds"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "At the levels that ask for it, these report at a fixed interval, also that "
            "nothing is new."
        ),
    )
    source = LineField(label=_("Where it comes from"), max_length=300)
    verified = forms.BooleanField(label=_("Checked against the source"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, *args: Any, organisations: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["reporters"].choices = organisations


class NewPlanForm(PlanForm):
    """A plan that is not there yet: its code too."""

    code = LineField(
        label=_("Code of the plan"),
        max_length=40,
        validators=[CODE],
        help_text=_("Letters, figures, - and _. It cannot be changed later."),
    )
    version = None
    field_order = ["code", "name"]


class LevelForm(PageForm):
    """A level, in the words of its plan."""

    code = LineField(label=_("Code"), max_length=20, validators=[CODE])
    name = LineField(label=_("Name of the level"), max_length=40)
    when = LineField(label=_("When it is activated"), max_length=300, required=False)
    every = forms.IntegerField(
        label=_("A report every … minutes"), required=False, min_value=0, max_value=MOST
    )

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """None asked for is an empty field."""
        return super().get_initial_for_field(field, field_name) or None

    def clean_every(self) -> int:
        """0 where the level asks for none."""
        return self.cleaned_data["every"] or 0


class TaskForm(PageForm):
    """A task from a level on."""

    no = forms.IntegerField(label=_("No."), min_value=1, max_value=999)
    level = forms.ChoiceField(label=_("From level"))
    organisation = forms.ChoiceField(label=_("Organisation"))
    text = LineField(
        label=_("What is to be done"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1, max_value=MINUTES)
    acknowledge = forms.BooleanField(label=_("Acknowledge"), required=False, initial=True)

    def __init__(
        self,
        *args: Any,
        levels: list[tuple[str, str]],
        organisations: list[tuple[str, str]],
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [CHOOSE, *levels]
        self.fields["organisation"].choices = [CHOOSE, *organisations]


def _lines(form: type[PageForm], most: int) -> type[forms.BaseFormSet]:
    return forms.formset_factory(
        form, extra=3, can_delete=True, max_num=most, absolute_max=most + 3, validate_max=True
    )


LevelLines = _lines(LevelForm, LEVELS)
TaskLines = _lines(TaskForm, TASKS)


def kept(lines: forms.BaseFormSet) -> list[dict[str, Any]]:
    """What the lines of a valid set say, without empty ones and those to be removed."""
    given = [dict(one.cleaned_data) for one in lines if one.cleaned_data]
    return [one for one in given if not one.pop("DELETE", False)]

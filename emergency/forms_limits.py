"""Forms of the limits of reports, of reminders, of supplements, of grades and of what is alike.

Owns: which fields they take. Promises: as `emergency/forms.py`. Must not know: rights, the log.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .deadlines.limits import MOST_MINUTES, MOST_PERCENT
from .family.tables import MOST_METRES
from .family.tables import MOST_MINUTES as MOST_APART
from .forms import SourcedForm
from .grading.thresholds import MOST
from .models import Deadline, Grade, GradeRule, IncidentType, Organisation, Role
from .selectors_sharing import prefix_of
from .supplements.window import MOST_DAYS

LEAST = ("least_1", "least_2", "least_3", "least_4")


def _classes() -> list[tuple[str, str]]:
    """The beginnings of class codes that stand for a class, with its code and name."""
    kinds = {prefix_of(kind.code): kind for kind in IncidentType.objects.exclude(parent=None)}
    return [(prefix, f"{kind.code} {kind.shown_name}") for prefix, kind in kinds.items()]


class LimitForm(SourcedForm):
    """Minutes for a report."""

    kind = forms.ChoiceField(label=_("Report"), choices=Deadline.Kind.choices)
    type_prefix = forms.ChoiceField(label=_("Classes"), required=False)
    grade = forms.TypedChoiceField(
        label=_("Grade"),
        required=False,
        coerce=int,
        empty_value=0,
        choices=[("", _("all, and not graded")), *Grade.choices],
    )
    level = forms.ChoiceField(
        label=_("Level that reports"),
        required=False,
        choices=[("", _("every level")), *Organisation.Kind.choices],
    )
    minutes = forms.IntegerField(
        label=_("Minutes after receipt"), min_value=1, max_value=MOST_MINUTES
    )
    field_order = ["kind", "type_prefix", "grade", "level", "minutes", "source", "verified"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["type_prefix"].choices = [("", _("every class")), *_classes()]


class ReminderForm(SourcedForm):
    """Who is reminded, and when."""

    percent = forms.IntegerField(
        label=_("Per cent of the limit"), min_value=1, max_value=MOST_PERCENT
    )
    roles = forms.MultipleChoiceField(
        label=_("Who is reminded"),
        choices=[one for one in Role.choices if not one[0].endswith("_admin")],
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ["percent", "roles", "source", "verified"]


class SupplementForm(SourcedForm):
    """Days for supplements."""

    type_prefix = forms.ChoiceField(label=_("Classes"))
    days = forms.IntegerField(label=_("Days after the accident"), min_value=1, max_value=MOST_DAYS)
    field_order = ["type_prefix", "days", "source", "verified"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["type_prefix"].choices = _classes()


class GradeRuleForm(SourcedForm):
    """From how much of a figure on each grade begins."""

    type_prefix = forms.ChoiceField(label=_("Classes"))
    figure = forms.ChoiceField(
        label=_("Figure"), required=False, choices=GradeRule.Figure.choices[::-1]
    )
    field_order = ["type_prefix", "figure", "least_1", "least_2", "least_3", "least_4"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["type_prefix"].choices = _classes()
        for grade, name in zip(Grade, LEAST, strict=True):
            self.fields[name] = forms.IntegerField(
                label=_("%(grade)s from") % {"grade": grade.label},
                required=False,
                min_value=0,
                max_value=MOST,
            )
        self.order_fields(self.field_order)

    def values(self) -> dict[str, Any]:
        """What `set_grade_rule` takes."""
        given = dict(self.cleaned_data)
        return given | {"least": [given.pop(name) for name in LEAST]}


class AlikeForm(SourcedForm):
    """How near and how soon after each other."""

    type_prefix = forms.ChoiceField(label=_("Classes"), required=False)
    distance_m = forms.IntegerField(label=_("Metres apart"), min_value=1, max_value=MOST_METRES)
    minutes = forms.IntegerField(label=_("Minutes apart"), min_value=1, max_value=MOST_APART)
    field_order = ["type_prefix", "distance_m", "minutes", "source", "verified"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["type_prefix"].choices = [("", _("every class")), *_classes()]

"""Forms of the pages of a script: an inject, what it expects, a workbook, a file.

Owns: which fields they take, and their shape; the way from a form to what an inject says and back.
Promises: a figure that stays empty is 不详; a position is read in any of the four systems. Must not
know: rights (services ask), what is wrong with a script (script.lint).
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from emergency.formfields import LineField, PageForm, TextField
from emergency.forms import SourcedForm
from emergency.models import Grade, IncidentType

from .forms import CHOOSE
from .models import Inject, Metric
from .script.sheet import LONGEST, RANGES, deep, flat, position

UNKNOWN = ("", _("unknown"))


class PositionField(LineField):
    """A pair of coordinates, as (lon, lat) in WGS 84; (None, None) where none is given."""

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return "" if value[0] is None else f"{value[0]}, {value[1]}"
        return value

    def clean(self, value: Any) -> tuple[float | None, float | None]:
        text = super().clean(value)
        try:
            return position(text) if text else (None, None)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


def _whole(label: Any, name: str, **more: Any) -> forms.IntegerField:
    least, most = RANGES.get(name, (0, 10_000_000))
    return forms.IntegerField(label=label, min_value=least, max_value=most, **more)


class InjectForm(PageForm):
    """An inject; `rev` is what the writer saw."""

    number = _whole(_("No."), "number")
    minutes = _whole(_("Minute of the exercise"), "minutes")
    phase = LineField(label=_("Phase"), max_length=LONGEST["phase"], required=False)
    channel = forms.ChoiceField(label=_("Channel"), choices=Inject.Channel.choices)
    sender = LineField(
        label=_("Sender"),
        max_length=LONGEST["sender"],
        help_text=_("Who is heard."),
    )
    late = forms.ChoiceField(label=_("Where its minute has passed"), choices=Inject.Late.choices)
    optional = forms.BooleanField(label=_("Held ready, sent by hand only"), required=False)
    recipients = forms.MultipleChoiceField(
        label=_("Recipients"), widget=forms.CheckboxSelectMultiple, required=False
    )
    content = TextField(label=_("Content"), max_length=LONGEST["content"])
    place = LineField(label=_("Place, as it is told"), max_length=LONGEST["place"], required=False)
    rev = forms.IntegerField(
        widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1
    )

    def __init__(self, *args: Any, playing: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["recipients"].choices = playing


class TruthForm(PageForm):
    """What is true, and what players do not read."""

    type_code = forms.ChoiceField(label=_("Class"), required=False)
    grade = forms.TypedChoiceField(
        label=_("Grade"), choices=[UNKNOWN, *Grade.choices], coerce=int, empty_value=None,
        required=False,
    )  # fmt: skip
    level = forms.ChoiceField(label=_("Response level"), required=False)
    position = PositionField(
        label=_("Position"), max_length=200, required=False,
        help_text=_("Longitude and latitude; WGS 84 unless another system is named."),
    )  # fmt: skip
    dead = _whole(_("Dead"), "dead", required=False)
    injured = _whole(_("Injured"), "injured", required=False)
    missing = _whole(_("Missing"), "missing", required=False)
    trapped = _whole(_("Trapped"), "trapped", required=False)
    share_with = forms.MultipleChoiceField(
        label=_("To be informed"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(
        self,
        *args: Any,
        levels: list[tuple[str, str]],
        everybody: list[tuple[str, str]],
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        classes = IncidentType.objects.values_list("code", "name")
        named = [(code, f"{code} {name}") for code, name in classes]
        self.fields["type_code"].choices = [UNKNOWN, *named]
        self.fields["level"].choices = [UNKNOWN, *levels]
        self.fields["share_with"].choices = everybody


class ExpectedForm(PageForm):
    """What is expected of an organisation; the metric's target and limit where none is given."""

    metric = forms.ChoiceField(label=_("Metric"))
    organisation = forms.ChoiceField(label=_("Organisation"))
    target = _whole(_("Target"), "target", required=False)
    limit = _whole(_("Limit"), "limit", required=False)
    weight = _whole(_("Weight"), "weight", initial=1)
    note = LineField(label=_("Note"), max_length=LONGEST["note"], required=False)

    def __init__(self, *args: Any, playing: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["metric"].choices = [CHOOSE, *metric_choices()]
        self.fields["organisation"].choices = [CHOOSE, *playing]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        metric = Metric.objects.filter(pk=said.get("metric", "")).first()
        for name in ("target", "limit"):
            if metric and said.get(name) is None and not self.errors.get(name):
                said[name] = getattr(metric, name)
        return said


ExpectedLines = forms.formset_factory(
    ExpectedForm, extra=3, can_delete=True, max_num=40, absolute_max=43, validate_max=True
)


XLSX = forms.FileInput(attrs={"accept": ".xlsx"})


class WorkbookForm(PageForm):
    """A script as a workbook."""

    file = forms.FileField(
        label=_("Workbook (XLSX)"),
        max_length=200,
        widget=XLSX,
    )


class FileForm(PageForm):
    """A picture or PDF that goes with an inject."""

    file = forms.FileField(label=_("Picture or PDF"), max_length=200)
    rev = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class SeenForm(PageForm):
    """The inject as the writer saw it."""

    rev = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class MetricForm(SourcedForm):
    """When a metric earns full marks, and when none."""

    metric = forms.ChoiceField(label=_("Metric"))
    target = _whole(_("Target"), "target")
    limit = _whole(_("Limit"), "limit")
    field_order = ["metric", "target", "limit", "source", "verified"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["metric"].choices = [CHOOSE, *metric_choices()]


def metric_choices() -> list[tuple[str, str]]:
    """Code of each metric with its name in the reader's language and its unit."""
    return [
        (one.code, f"{one.code} {one.shown_name} ({one.get_unit_display()})")
        for one in Metric.objects.all()
    ]


def to_form(one: dict[str, Any]) -> dict[str, Any]:
    """What the forms of an inject begin with."""
    line = flat(one)
    return line | {"position": (line.get("lon"), line.get("lat"))}


def from_forms(
    form: InjectForm, truth: TruthForm, expected: list[dict[str, Any]]
) -> dict[str, Any]:
    """What an inject says, after valid forms."""
    said = form.cleaned_data | truth.cleaned_data
    said.pop("rev")
    return deep(said) | {"expected": expected}

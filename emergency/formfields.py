"""Form fields that read what people type: lines without control characters, local days, words.

Owns: cleaning, the same as at the API. Promises: half characters, marks that turn the direction of
writing and the like never reach a row; times are aware. Must not know: which form uses them.
"""

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .schemas import clean, one_line

EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
LATEST_YEAR = 2199
LATEST = datetime(LATEST_YEAR, 12, 31, tzinfo=UTC)


class LineField(forms.CharField):
    """A text on one line, cleaned."""

    def to_python(self, value: Any) -> str:
        try:
            return one_line(super().to_python(value))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class TextField(forms.CharField):
    """A text of several lines, cleaned."""

    widget = forms.Textarea(attrs={"rows": 4})

    def to_python(self, value: Any) -> str:
        try:
            return clean(super().to_python(value))
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class WordsField(LineField):
    """Words with blanks between them, each once; as a list."""

    at_most, longest = 40, 20

    def prepare_value(self, value: Any) -> Any:
        return " ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        words = list(dict.fromkeys(super().clean(value).replace("，", " ").split()))
        if len(words) > self.at_most or any(len(word) > self.longest for word in words):
            message = _("At most %(count)s words of %(longest)s characters.")
            raise forms.ValidationError(message % {"count": self.at_most, "longest": self.longest})
        return words


class LastDayField(forms.DateField):
    """A day; as the moment at which that day ends here."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: Any) -> datetime | None:
        day = super().clean(value)
        if day is None:
            return None
        if not EARLIEST.year < day.year <= LATEST_YEAR:
            raise forms.ValidationError(_("Give a year between 1971 and 2199."))
        return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


class MomentField(forms.DateTimeField):
    """A local minute, as the browser's own field gives it."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_validators = [
        MinValueValidator(EARLIEST, gettext_lazy("Give a time after 1970.")),
        MaxValueValidator(LATEST, gettext_lazy("Give a time before 2200.")),
    ]


class PageForm(forms.Form):
    """Base of the pages' forms: a label is a label, without a colon."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, label_suffix="", **kwargs)

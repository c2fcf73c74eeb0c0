"""Forms of documents: to whom one goes, of what it is, templates.

Owns: which fields they take. Promises: as `emergency/forms.py`. Must not know: rights, the log.
"""

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .documents import selectors
from .formfields import LineField, MomentField, PageForm
from .forms import ANY
from .forms_duty import WordForm

PLACE = re.compile(r"\{[^{}]*\}")


class DocumentForm(PageForm):
    """To whom a document goes."""

    recipients = LineField(label=_("Sent to"), max_length=300)
    copies = LineField(label=_("Copies to"), max_length=300, required=False)
    id = forms.UUIDField(widget=forms.HiddenInput)


class DocumentFilter(PageForm):
    """Which documents are shown."""

    q = LineField(label=_("Words in title or number"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        found = selectors.kinds().items()
        self.fields["kind"].choices = [ANY, *((code, one.shown_name) for code, one in found)]


def _this_morning() -> Any:
    """Eight o'clock, the last that has passed."""
    now = timezone.localtime()
    morning = now.replace(hour=8, minute=0, second=0, microsecond=0)
    return morning if morning <= now else morning - timedelta(days=1)


class DailyForm(PageForm):
    """The day that a daily report tells of ends then."""

    until = MomentField(label=_("The 24 hours before"), initial=_this_morning)


class DayForm(PageForm):
    """A day of the duty log."""

    day = forms.DateField(
        label=_("Day"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class KindForm(WordForm):
    """A kind of document, and how its number is written."""

    code = None
    name = LineField(label=_("Called"), max_length=20)
    number_form = LineField(
        label=_("How its number is written"),
        max_length=60,
        help_text=_("{n} is the number, {year} the year."),
    )
    field_order = ["name", "name_en", "number_form", "order", "in_use", "source", "verified"]

    def clean_number_form(self) -> str:
        """With {n} once, and nothing else in braces but {year}."""
        said = self.cleaned_data["number_form"]
        if said.count("{n}") != 1 or set(PLACE.findall(said)) - {"{n}", "{year}"}:
            raise forms.ValidationError(gettext("Write {n} once, and {year} where it belongs."))
        return said


class TemplateForm(PageForm):
    """A template of the office."""

    file = forms.FileField(
        label=_("Template (.docx)"), widget=forms.FileInput(attrs={"accept": ".docx"})
    )
    note = LineField(label=_("What is new in it"), max_length=120)

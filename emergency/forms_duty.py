"""Forms of the duty log: an entry, which entries are shown, words of the duty desk.

Owns: which fields they take. Promises: as `emergency/forms.py`. Must not know: rights, the log.
"""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .duty import selectors
from .formfields import LineField, MomentField, PageForm, TextField
from .forms import ANY, SourcedForm
from .models import DutyChannel, DutyEntry


class DutyForm(PageForm):
    """What came in or went out."""

    at = MomentField(label=_("Time"), initial=timezone.localtime)
    channel = forms.ChoiceField(label=_("Channel"))
    direction = forms.ChoiceField(label=_("Direction"), choices=DutyEntry.Direction.choices)
    party = LineField(label=_("The other end"), max_length=120, help_text=_("Unit, post and name."))
    phone = LineField(label=_("Phone"), max_length=40, required=False)
    number = LineField(
        label=_("Incident"),
        max_length=60,
        required=False,
        help_text=_("Its number; open ones are offered."),
        widget=forms.TextInput(attrs={"list": "incidents", "autocomplete": "off"}),
    )
    summary = TextField(label=_("What it was about"), max_length=4000)
    handling = TextField(
        label=_("Handling"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    of = forms.UUIDField(widget=forms.HiddenInput, required=False)  # the entry that was shown

    def __init__(self, *args: Any, besides: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["channel"].choices = selectors.channels(besides=besides)


class DutyFilter(PageForm):
    """Which entries are shown."""

    q = LineField(label=_("Words in it"), required=False, max_length=60)
    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    number = LineField(label=_("Incident"), required=False, max_length=60)
    before = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean_day(self) -> date | None:
        """A day that can be."""
        day = self.cleaned_data["day"]
        if day and not 1971 < day.year < 2199:
            raise forms.ValidationError(gettext("Give a year between 1971 and 2199."))
        return day

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        every = DutyChannel.objects.all()
        self.fields["channel"].choices = [ANY, *((one.code, one.shown_name) for one in every)]


class WordForm(SourcedForm):
    """A word of the duty desk, such as a channel."""

    code = forms.SlugField(
        label=_("Code"), max_length=20, help_text=_("Letters, figures, - and _.")
    )
    name = LineField(label=_("Called"), max_length=20)
    name_en = LineField(label=_("English name"), max_length=40, required=False)
    order = forms.IntegerField(label=_("Place in the list"), min_value=0, max_value=999)
    in_use = forms.BooleanField(label=_("Offered"), required=False, initial=True)
    field_order = ["code", "name", "name_en", "order", "needed", "in_use", "source", "verified"]


class PostForm(WordForm):
    """A post of a shift."""

    needed = forms.BooleanField(label=_("Every shift has it"), required=False)

"""Forms of a handover: its words, and a note for each report that is overdue.

Owns: which fields they take. Promises: as `emergency/forms.py`; the fields of notes are named by
the keys of their items. Must not know: rights, what is open.
"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .formfields import LineField, PageForm, TextField

MOST = 300


class NotesForm(PageForm):
    """A note for each of these items."""

    @property
    def lacks_notes(self) -> bool:
        """Is it a note that is missing?"""
        return any(name in self.errors for name in self.keys)

    def __init__(self, *args: Any, items: Sequence[dict[str, Any]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.keys = [one["key"] for one in items if one["owed"] and not one["note"]]
        for key in self.keys:
            self.fields[key] = LineField(
                label=_("Why it is overdue"), max_length=MOST, required=False
            )

    def notes(self) -> dict[str, str]:
        """Key to note."""
        return {key: self.cleaned_data[key] for key in self.keys}


class HandoverForm(NotesForm):
    """What the data do not say."""

    warnings = TextField(label=_("Weather and warnings in force"), max_length=2000, required=False)
    faults = TextField(label=_("Faults of equipment"), max_length=2000, required=False)
    sensitive = TextField(label=_("Sensitive matters"), max_length=2000, required=False)
    remarks = TextField(label=_("Other remarks"), max_length=2000, required=False)
    id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("warnings", "faults", "sensitive", "remarks"):
            self.fields[name].widget.attrs["rows"] = 2

    def texts(self) -> dict[str, str]:
        """What was written beside the notes."""
        return {
            name: said for name, said in self.cleaned_data.items() if name not in ("id", *self.keys)
        }


class TakeForm(NotesForm):
    """Taking over, as one has read it."""

    rev = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

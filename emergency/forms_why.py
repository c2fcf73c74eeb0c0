"""The question of who sees what: an officer and an incident.

Owns: which fields it takes. Promises: as `emergency/forms.py`. Must not know: the rules.
"""

from django import forms
from django.utils.translation import gettext_lazy as _

from .formfields import LineField, PageForm


class WhyForm(PageForm):
    """Of whom, and of what."""

    officer = LineField(
        label=_("Officer (sign-in name)"),
        max_length=40,
        widget=forms.TextInput(attrs={"list": "officers", "autocapitalize": "none"}),
    )
    incident = LineField(label=_("Number of the incident"), max_length=60)
    unknown_officer = _("There is no such officer.")
    unknown_incident = _("There is no such incident, or you do not see it.")

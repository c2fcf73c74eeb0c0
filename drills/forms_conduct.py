"""Forms of the console: how fast, to which minute, why it is broken off.

Owns: which fields they take, and their shape. Must not know: rights, what the clock shows.
"""

from django import forms
from django.utils.translation import gettext_lazy as _

from emergency.formfields import LineField, PageForm

from .clock import FASTEST


class SpeedForm(PageForm):
    """How many times as fast as the wall."""

    speed = forms.IntegerField(label=_("Speed"), min_value=1, max_value=FASTEST)


class JumpForm(PageForm):
    """The minute to which the clock is put forward."""

    minute = forms.IntegerField(label=_("Minute"), min_value=1, max_value=4320)


class AbortForm(PageForm):
    """Why it is broken off."""

    reason = LineField(label=_("Reason"), max_length=300)

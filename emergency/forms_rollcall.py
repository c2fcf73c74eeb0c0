"""Forms of a roll call and of its answer.

Owns: which fields they take. Promises: as `emergency/forms.py`. Must not know: rights.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .formfields import LineField, PageForm
from .rollcall import selectors
from .rollcall.services import MOST_MINUTES


class RollCallForm(PageForm):
    """Which nodes, how long, and a word to them."""

    nodes = forms.MultipleChoiceField(label=_("Nodes"), widget=forms.CheckboxSelectMultiple)
    minutes = forms.IntegerField(
        label=_("Minutes to answer"), min_value=1, max_value=MOST_MINUTES, initial=5
    )
    text = LineField(label=_("A word to them"), max_length=300, required=False)
    id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        peers = selectors.callable_nodes()
        self.fields["nodes"].choices = [(peer.node, peer.name) for peer in peers]
        self.fields["nodes"].initial = [peer.node for peer in peers]
        self.has_nodes = bool(peers)


class AnswerRollForm(PageForm):
    """Which call."""

    call = forms.UUIDField()

"""Forms of the page of nodes and of the sharing rules.

Owns: which fields they take, and their shape. Promises: what ends or opens a link is said twice: by
a tick that the numbers are equal, by the node's name typed out; so is a new key. Must not know:
rights (services ask), what pairing means.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from realtime.models import Peer

from .formfields import LineField, PageForm
from .forms import SourcedForm
from .models import Grade, IncidentType
from .selectors_sharing import prefix_of, shown_node_names

PLAIN = {"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}


class CodeForm(PageForm):
    """For which node a code is."""

    node = LineField(
        label=_("Name of the node below"),
        max_length=64,
        help_text=_("As its administrator gives it: small letters, digits and hyphens."),
        widget=forms.TextInput(attrs=PLAIN),
    )


class JoinForm(PageForm):
    """Where the node above is, and its code."""

    url = LineField(
        label=_("Address of the node above"),
        max_length=200,
        widget=forms.TextInput(attrs=PLAIN | {"inputmode": "url", "placeholder": "https://"}),
    )
    code = LineField(
        label=_("Pairing code"),
        max_length=40,
        help_text=_("16 characters; the hyphens may be left out."),
        widget=forms.TextInput(attrs=PLAIN | {"class": "code-input"}),
    )


class ConfirmForm(PageForm):
    """The numbers were compared."""

    equal = forms.BooleanField(
        label=_("The other administrator reads the same number"),
        error_messages={"required": _("Compare the numbers first, by telephone or in person.")},
    )
    cleared = forms.BooleanField(label=_("Personal details may go there too"), required=False)


class ClearanceForm(PageForm):
    """Do personal parts go there?"""

    cleared = forms.BooleanField(label=_("Personal details may go there too"), required=False)


class RevokeForm(PageForm):
    """The node's name, typed out."""

    typed = LineField(max_length=64, widget=forms.TextInput(attrs=PLAIN))

    def __init__(self, *args: Any, node: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.node = node
        self.fields["typed"].label = gettext("Type %(node)s to confirm") % {"node": node}

    def clean_typed(self) -> str:
        if self.cleaned_data["typed"] != self.node:
            raise forms.ValidationError(_("This is not the name of the node."))
        return self.node


class RotateForm(PageForm):
    """A new key is wanted."""

    sure = forms.BooleanField(
        label=_("Replace the key of this node"),
        error_messages={"required": _("Tick that you mean it.")},
    )


class RuleForm(SourcedForm):
    """Which new incidents another node holds from the start."""

    node = forms.ChoiceField(label=_("Node"))
    type_prefix = forms.ChoiceField(label=_("Classes"), required=False)
    least_grade = forms.TypedChoiceField(
        label=_("Grades"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", _("all, and not graded")),
            (Grade.IV.value, _("Ⅳ and graver")),
            (Grade.III.value, _("Ⅲ and graver")),
            (Grade.II.value, _("Ⅱ and graver")),
            (Grade.I.value, _("Ⅰ only")),
        ],
    )
    field_order = ["node", "type_prefix", "least_grade", "source", "verified"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        names = shown_node_names()
        peers = Peer.objects.filter(revoked_at=None).order_by("node").values_list("node", flat=True)
        self.fields["node"].choices = [
            (node, f"{names.get(node, node)} ({node})") for node in peers
        ]
        kinds = {prefix_of(kind.code): kind for kind in IncidentType.objects.exclude(parent=None)}
        self.fields["type_prefix"].choices = [
            ("", _("every class")),
            *((prefix, f"{kind.code} {kind.name}") for prefix, kind in kinds.items()),
        ]

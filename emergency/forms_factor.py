"""Forms of the second factor: setting it up, confirming by the password, who is asked for one.

Owns: which fields they take. Promises: as `emergency/forms.py`; a wrong password counts like one at
sign-in. Must not know: codes, the log.
"""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .formfields import LineField, PageForm
from .models import Role


class ConfirmForm(PageForm):
    """The password once more, of who is signed in."""

    password = forms.CharField(
        label=_("Present password"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self) -> dict[str, Any]:
        given, officer = super().clean(), self.request.user
        if not self.errors and officer != authenticate(
            self.request, username=officer.username, password=given["password"]
        ):
            self.add_error("password", _("This is not the present password."))
        return given


class CodeForm(PageForm):
    """The code that an authenticator shows now."""

    code = LineField(
        label=_("Code of six figures"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class SetUpForm(CodeForm, ConfirmForm):
    """An authenticator's first code, and the password of who is signed in."""

    field_order = ["password", "code"]


class RolesForm(PageForm):
    """The roles of which a second factor is asked."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

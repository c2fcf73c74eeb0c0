"""Forms of the second factor: setting it up, confirming by the password, who is asked for one.

Owns: which fields they take. Promises: as `emergency/forms.py`; a wrong password counts like one at
sign-in. Must not know: codes, the log.
"""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .factor.selectors import factor_of
from .factor.services import use
from .formfields import LineField, PageForm
from .models import Role


class ConfirmForm(PageForm):
    """The password once more, of who is signed in, and a code where there is a second factor."""

    password = forms.CharField(
        label=_("Present password"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    present = LineField(
        label=_("Code of the present authenticator, or a recovery code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.request = request
        if factor_of(request.user) is None:
            del self.fields["present"]

    def clean(self) -> dict[str, Any]:
        given, officer = super().clean(), self.request.user
        if self.errors:
            return given
        said = {"username": officer.username, "password": given["password"]}
        if officer != authenticate(self.request, **said):
            self.add_error("password", _("This is not the present password."))
        elif "present" in given and not use(officer=officer, code=given["present"]):
            user_login_failed.send(sender=__name__, credentials=said, request=self.request)
            self.add_error("present", _("This code is wrong or was used. Wait for the next one."))
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

    field_order = ["password", "present", "code"]


class RolesForm(PageForm):
    """The roles of which a second factor is asked."""

    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

"""Forms of the pages around the desk: officers, the audit's filter, one's own account, tables.

Owns: which fields a page takes, and their shape. Promises: what is not named here is not read;
choices come from the database or the table of roles. Must not know: rights (services ask), the
log.
"""

from typing import Any

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.core.validators import RegexValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from realtime import registry

from .audit_words import topic_word, type_word
from .formfields import LastDayField, LineField, MomentField, PageForm, WordsField
from .models import Officer, Organisation, ReportElement, Role
from .selectors_accounts import organisation_choices
from .selectors_audit import Filter

ANY = ("", _("all"))
TOO = {  # by code: where the framework's own words have no Chinese, or name a column
    "password_too_short": _("At least %(min_length)s characters."),
    "password_too_similar": _("This is too like your name."),
}


class OfficerFilter(PageForm):
    """Which officers the list shows."""

    q = LineField(label=_("Name or sign-in name"), required=False, max_length=60)
    organisation = forms.ChoiceField(label=_("Organisation"), required=False)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[ANY, *Role.choices])
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[ANY, ("active", _("active")), ("ended", _("deactivated or expired"))],
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = [ANY, *organisation_choices()]


class OfficerForm(PageForm):
    """What an administrator changes of an officer."""

    name = LineField(label=_("Name"), max_length=60)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    organisation = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Organisation.objects.all(), empty_label=None
    )
    phone = LineField(
        label=_("Phone"),
        required=False,
        max_length=40,
        validators=[RegexValidator(r"\A[0-9+()/ -]*\Z", _("Figures, blanks and + - ( ) / only."))],
    )
    valid_until = LastDayField(
        label=_("Appointed until"),
        required=False,
        help_text=_("The last day. Empty: until somebody ends it."),
    )
    rev = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def values(self) -> dict[str, Any]:
        """The columns of an officer."""
        return {name: value for name, value in self.cleaned_data.items() if name != "rev"}


class NewOfficerForm(OfficerForm):
    """A new officer: the sign-in name too."""

    username = forms.CharField(
        label=_("Sign-in name"),
        max_length=40,
        validators=[
            RegexValidator(
                r"\A[a-z0-9][a-z0-9_-]*\Z", _("Small letters a-z, figures, - and _ only.")
            )
        ],
        help_text=_("Small letters, figures, - and _. It cannot be changed later."),
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    rev = None
    field_order = ["username", "name", "role", "organisation", "phone", "valid_until"]


class AuditFilter(PageForm):
    """Which rows of the log the audit shows."""

    topic = forms.ChoiceField(label=_("Topic"), required=False)
    type = forms.ChoiceField(label=_("Type"), required=False)
    actor = LineField(label=_("Who"), required=False, max_length=100)
    subject = LineField(label=_("About what"), required=False, max_length=120)
    since = MomentField(label=_("From"), required=False)
    until = MomentField(label=_("To"), required=False)
    before = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        kinds = registry.declared()
        topics = sorted({kind.topic for kind in kinds.values()})
        self.fields["topic"].choices = [ANY, *((name, topic_word(name)) for name in topics)]
        self.fields["type"].choices = [ANY, *((name, type_word(name)) for name in sorted(kinds))]

    def wanted(self) -> Filter:
        """The filter without the place in the list."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "before"}
        return Filter(**given)


class PasswordForm(PageForm):
    """One's own password: the old one, and the new one twice."""

    old = forms.CharField(
        label=_("Present password"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 12 characters; several words that nobody guesses are best."),
    )
    again = forms.CharField(
        label=_("New password again"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if self.errors:
            return given
        officer: Officer = self.request.user
        if given["new"] != given["again"]:
            self.add_error("again", _("The two are not the same."))
        try:
            password_validation.validate_password(given["new"], officer)
        except forms.ValidationError as error:
            for one in error.error_list:
                self.add_error(
                    "new",
                    forms.ValidationError(TOO.get(one.code, one.message), one.code, one.params),
                )
        # counted like a sign-in: whoever finds an open screen does not guess without end
        known = not self.errors and authenticate(
            self.request, username=officer.username, password=given["old"]
        )
        if not self.errors and known != officer:
            self.add_error("old", _("This is not the present password."))
        elif not self.errors and given["old"] == given["new"]:
            self.add_error("new", _("This is the present password."))
        return given


class TokenForm(PageForm):
    """A new API token."""

    label = LineField(label=_("For which program"), max_length=60)
    days = forms.TypedChoiceField(
        label=_("Good for"),
        coerce=int,
        initial=90,
        choices=[(7, _("7 days")), (30, _("30 days")), (90, _("90 days")), (365, _("a year"))],
    )


class SourcedForm(PageForm):
    """Where a value comes from, and whether somebody checked it."""

    source = LineField(label=_("Where it comes from"), max_length=120)
    verified = forms.BooleanField(label=_("Checked against the source"), required=False)


class ClassForm(SourcedForm):
    """An incident class."""

    name = LineField(label=_("Class name"), max_length=60)
    name_en = LineField(label=_("English name"), max_length=80, required=False)
    words = WordsField(
        label=_("Words"),
        required=False,
        max_length=900,
        help_text=_("Words in a report that suggest this class, with blanks between them."),
    )
    field_order = ["name", "name_en", "words", "source", "verified"]


class ElementForm(SourcedForm):
    """An element of a report."""

    needed = forms.ChoiceField(label=_("Asked for"), choices=ReportElement.Needed.choices)
    weight = forms.IntegerField(
        label=_("Weight"),
        min_value=1,
        max_value=100,
        help_text=_("How much it counts in how complete a report is."),
    )
    field_order = ["needed", "weight", "source", "verified"]


class RingForm(SourcedForm):
    """A ring of the survey."""

    radius_m = forms.IntegerField(label=_("Radius in metres"), min_value=1, max_value=50_000)
    field_order = ["radius_m", "source", "verified"]


class ExtentForm(SourcedForm):
    """The edges of an extent, WGS 84."""

    west = forms.FloatField(label=_("West"), min_value=-180, max_value=180)
    south = forms.FloatField(label=_("South"), min_value=-90, max_value=90)
    east = forms.FloatField(label=_("East"), min_value=-180, max_value=180)
    north = forms.FloatField(label=_("North"), min_value=-90, max_value=90)
    field_order = ["west", "south", "east", "north", "source", "verified"]

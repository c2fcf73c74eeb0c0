"""Forms of the roster: a shift and who is on duty in it, a repetition, a swap, an answer.

Owns: which fields they take. Promises: as `emergency/forms.py`. Must not know: rights, which shifts
there are.
"""

from datetime import datetime, time
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .formfields import LineField, MomentField, PageForm
from .models import DutyPost, Shift
from .roster import selectors
from .roster.services import MOST_DAYS, MOST_TIMES

NOBODY = ("", _("nobody"))
PHONE = RegexValidator(r"\A[0-9+()/ -]*\Z", _("Figures, blanks and + - ( ) / only."))


def _choices(but: set[str]) -> list[tuple[str, str]]:
    """Officers of the desk, but for some."""
    return [
        (one.username, f"{one.name} {one.get_role_display()}")
        for one in selectors.officers()
        if one.username not in but
    ]


class ShiftForm(PageForm):
    """A shift: from when to when; for each post an officer, or a name and phone of somebody without
    an account."""

    starts_at = MomentField(label=_("From"))
    ends_at = MomentField(label=_("To"))
    rev = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, shift: Shift | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        people = {one["post"]: one for one in shift.people} if shift else {}
        self.posts: list[DutyPost] = selectors.posts(besides=set(people))
        desk = _choices(set())
        for post in self.posts:
            stood = people.get(post.code, {"username": "", "name": "", "phone": ""})
            gone = stood["username"] and stood["username"] not in dict(desk)
            own = [(stood["username"], stood["name"])] if gone else []
            self.fields[f"post_{post.code}"] = forms.ChoiceField(
                label=post.shown_name,
                required=False,
                choices=[NOBODY, *desk, *own],
                initial=stood["username"],
            )
            free = not stood["username"]
            self.fields[f"name_{post.code}"] = LineField(
                label=_("Somebody without an account"),
                max_length=60,
                required=False,
                initial=stood["name"] if free else "",
            )
            self.fields[f"phone_{post.code}"] = LineField(
                label=_("Phone"),
                max_length=40,
                required=False,
                validators=[PHONE],
                initial=stood["phone"] if free else "",
            )

    def rows(self) -> list[list[forms.BoundField]]:
        """The fields of each post."""
        return [
            [self[f"{name}_{post.code}"] for name in ("post", "name", "phone")]
            for post in self.posts
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        for post in self.posts:
            if said.get(f"post_{post.code}") and said.get(f"name_{post.code}"):
                self.add_error(f"post_{post.code}", gettext("Either an officer or another name."))
        return said

    def values(self) -> dict[str, Any]:
        """A shift as the service takes it."""
        said = self.cleaned_data
        people = [
            {
                "post": post.code,
                "username": said[f"post_{post.code}"],
                "name": said[f"name_{post.code}"],
                "phone": said[f"phone_{post.code}"],
            }
            for post in self.posts
            if said[f"post_{post.code}"] or said[f"name_{post.code}"]
        ]
        return {name: said[name] for name in ("starts_at", "ends_at")} | {"people": people}


class CancelForm(PageForm):
    """Which state of a shift is cancelled."""

    rev = forms.IntegerField(min_value=1)


class RepeatForm(PageForm):
    """Shifts of some days, again and again after them."""

    first = forms.DateField(
        label=_("Beginning with the shifts of"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    days = forms.IntegerField(label=_("so many days"), min_value=1, max_value=MOST_DAYS, initial=7)
    times = forms.IntegerField(
        label=_("so many times again"), min_value=1, max_value=MOST_TIMES, initial=1
    )

    def clean_first(self) -> datetime:
        """The moment at which that day begins here."""
        day = self.cleaned_data["first"]
        if not 1971 < day.year < 2199:
            raise forms.ValidationError(gettext("Give a year between 1971 and 2199."))
        return timezone.make_aware(datetime.combine(day, time()))


class SwapForm(PageForm):
    """Who is to stand in, and why."""

    taker = forms.ChoiceField(label=_("Who is to stand in"))
    reason = LineField(label=_("Reason"), max_length=300)
    id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, shift: Shift, **kwargs: Any):
        super().__init__(*args, **kwargs)
        stand = {one["username"] for one in shift.people}
        self.fields["taker"].choices = _choices(stand)


class PublishForm(PageForm):
    """Whether a node is told of the roster."""

    node = forms.SlugField(max_length=64)
    told = forms.BooleanField(required=False)


class AnswerForm(PageForm):
    """What becomes of a swap."""

    swap = forms.UUIDField()
    act = forms.ChoiceField(
        choices=[(one, one) for one in ("take", "decline", "withdraw", "approve", "refuse")]
    )
    answer = LineField(max_length=300, required=False)

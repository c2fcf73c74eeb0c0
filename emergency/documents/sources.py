"""What a document of each kind is made from.

Owns: the shape of it, which kinds there are, who may ask for which. Promises: a document says what
this node wrote itself, and of incidents of other nodes no more than their number, so that nothing
that they may withdraw stays in it; it is made in Chinese, whatever the language of the page. Must
not know: templates, numbers, what a kind says (the files beside this one).
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Model
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from realtime.problems import Invalid, NotFound

from ..models import Incident, Officer
from ..permissions import require
from ..realms import REAL
from ..selectors import written

LANGUAGE = "zh-hans"
MARK = "演练"  # on every page of what is not of the real realm
LONGEST = 300  # characters of a title
DIGITS = "〇一二三四五六七八九"
Kind = TypeVar("Kind", bound=Model)


@dataclass(frozen=True)
class Source:
    """What a document tells: `of` names it, `said` is what each tag says (JSON), `recipients` who
    it may be for; `places` of a sketch, each {name, lon, lat}."""

    of: str
    title: str
    said: dict[str, Any]
    recipients: str = ""
    realm: str = REAL
    incident: uuid.UUID | None = None
    places: list[dict[str, Any]] = field(default_factory=list)


MAKERS = {  # what of -> who makes it, and the verb it needs
    "report": ("emergency.documents.of_reports.bulletin", "report.draft"),
    "special": ("emergency.documents.of_reports.special", "report.draft"),
    "response": ("emergency.documents.of_plans.response", "plan.see"),
    "notice": ("emergency.documents.of_directives.notice", "directive.see"),
    "directives": ("emergency.documents.of_directives.table_of", "duty.see"),
    "daily": ("emergency.documents.of_duty.daily", "duty.see"),
    "dutylog": ("emergency.documents.of_duty.log_of", "duty.see"),
    "handover": ("emergency.documents.of_duty.handover", "duty.see"),
}


def source(officer: Officer, kind: str, of: str) -> Source:
    """What a document of this kind would say now. Raises NotFound, NotAllowed, Invalid."""
    if kind not in MAKERS:
        raise NotFound
    path, verb = MAKERS[kind]
    require(officer, "document.issue")
    require(officer, verb)
    make: Callable[[Officer, str], Source] = import_string(path)
    with override(LANGUAGE):
        return make(officer, of)


def with_head(
    found: Source, officer: Officer, *, kind: str, recipients: str, copies: str = ""
) -> dict[str, Any]:
    """What it says with what stands at the head and foot of every document; number and date are
    empty until it is issued."""
    return found.said | {
        "organisation": officer.organisation.name,
        "kind": kind,
        "number": "",
        "year": "",
        "date": "",
        "time": "",
        "title": found.title,
        "recipients": recipients,
        "copies": copies,
        "editor": officer.name,
        "mark": "" if found.realm == REAL else MARK,
    }


def own(kind: type[Kind], officer: Officer, of: str, *, by: str = "author") -> Kind:
    """What somebody of the officer's organisation wrote here about a visible incident, by
    `name/id`; `by` is the column that says who. Raises NotFound."""
    found = written(kind, officer, key(of))
    if found.home != settings.NODE_ID or not ours(getattr(found, by), officer):
        raise NotFound
    return found


def ours(actor: str, officer: Officer) -> bool:
    """Is this actor, as the log keeps one, of the officer's organisation?"""
    return actor.partition("@")[0] in colleagues(officer)


def colleagues(officer: Officer) -> frozenset[str]:
    """The accounts of the officer's organisation at this node."""
    found = Officer.objects.filter(organisation=officer.organisation_id)
    return frozenset(found.values_list("username", flat=True))


def key(of: str) -> uuid.UUID:
    """The id in `name/id`. Raises NotFound."""
    try:
        return uuid.UUID(of.partition("/")[2])
    except ValueError as error:
        raise NotFound from error


def day(of: str) -> date:
    """The day in `day/2026-11-28`. Raises Invalid for what is none, or is still to come."""
    try:
        found = date.fromisoformat(of.removeprefix("day/"))
    except ValueError as error:
        raise Invalid(fields={"day": _("This is no day.")}) from error
    if not 1971 < found.year < 2199:
        raise Invalid(fields={"day": _("Give a year between 1971 and 2199.")})
    if found > timezone.localdate():
        raise Invalid(fields={"day": _("This day has not come yet.")})
    return found


def about(incident: Incident) -> dict[str, str]:
    """Number and title, the latter of what this node answers for alone."""
    own_one = incident.home == settings.NODE_ID
    return {
        "incident": incident.number,
        "incident_title": incident.title if own_one else "",
    }


def when(at: datetime | None) -> str:
    """A moment as documents give it."""
    return f"{timezone.localtime(at):%Y年%m月%d日 %H:%M}" if at else ""


def lines(text: str) -> list[str]:
    """Paragraphs."""
    return [line for line in text.splitlines() if line.strip()]


def chinese(number: int) -> str:
    """1 to 99 as documents count."""
    if number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    ten = ("" if tens == 1 else DIGITS[tens]) + "十" if tens else ""
    return ten + (DIGITS[ones] if ones or not tens else "")

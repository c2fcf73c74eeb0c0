"""The elements of a report, what an incident says of each, and which of them are open.

Owns: the list of the sheet and the way from an incident to the values of a report. Promises: 不详
is said and still open; personal details are never a value; the list is the same as
`static/js/elements.js`, a test compares them. Must not know: who asks, which elements an office
asks for (the table of elements).
Source: the union of the national and city report forms (国办 and Xi'an flood plan 2024).
"""

from collections.abc import Callable, Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from ..events import CASUALTIES, moment
from ..models import Incident
from ..selectors import withheld

ELEMENTS = (  # what a sheet counts as open, from the first minute on
    "summary address type_code grade casualties occurred_at received_at source reporter measures "
    "cause"
).split()
UNCLASSIFIED = "10000"
TOLD = "known"  # the value of what a report says is known and does not carry
LABELS = {
    "summary": _("What happened"),
    "address": _("Place"),
    "type_code": _("Class"),
    "grade": _("Grade"),
    "casualties": _("Casualties"),
    "occurred_at": _("Occurred at"),
    "received_at": _("Received at"),
    "source": _("Source"),
    "reporter": _("Reporter"),
    "received_by": _("Taken by"),
    "measures": _("Measures taken"),
    "cause": _("Cause and nature"),
    "trend": _("Likely development"),
    "next_steps": _("Next steps"),
    "leaders_present": _("Leaders on site"),
    "site_contact": _("Contact on site"),
    "loss_cny": _("Direct loss (CNY)"),
    "affected_area": _("Affected area"),
}
FIGURES = {
    "dead": _("Dead"),
    "serious": _("Seriously injured"),
    "injured": _("Injured"),
    "missing": _("Missing"),
    "trapped": _("Trapped"),
    "affected": _("Affected"),
}


def _place(one: Incident) -> str:
    if one.lon is None:
        return ""
    return f"{one.address} ({one.lon:.5f}, {one.lat:.5f})".strip()


def _class(one: Incident) -> str:
    known = one.type_code not in ("", UNCLASSIFIED)
    return f"{one.type_code} {one.type_name}" if known else ""


def _told(value: object) -> str:
    return TOLD if value else ""


SPECIAL: dict[str, Callable[[Incident], Any]] = {
    "address": _place,
    "type_code": _class,
    "casualties": lambda one: {name: getattr(one, name) for name in CASUALTIES},
    "occurred_at": lambda one: moment(one.occurred_at),
    "received_at": lambda one: moment(one.received_at),
    "reporter": lambda one: _told(any(one.reporter.values())),
    "site_contact": lambda one: _told(any(one.site_contact.values())),
    "affected_area": lambda one: _told(one.affected_area),
    "loss_cny": lambda one: None if one.loss_cny is None else f"{one.loss_cny:.2f}",
}


def values(incident: Incident, names: Collection[str]) -> dict[str, Any]:
    """What the incident says of these elements now; personal details are "known" or empty."""
    return {
        name: SPECIAL[name](incident) if name in SPECIAL else getattr(incident, name)
        for name in names
    }


def is_known(name: str, value: Any) -> bool:
    """Is nothing of this element open? Of casualties, every figure is a number."""
    if name == "casualties" and value:
        return all(figure is not None for figure in value.values())
    return value not in (None, "")


def is_said(name: str, value: Any) -> bool:
    """Is anything said of this element? Of casualties, one figure is enough."""
    if name == "casualties" and value:
        return any(figure is not None for figure in value.values())
    return value not in (None, "")


def standing(incident: Incident) -> tuple[list[str], list[str]]:
    """Names of the elements of the sheet that are known and that are open, in its order; of a
    reporter whose name this node was never given neither can be said."""
    counted = [name for name in ELEMENTS if name != "reporter" or not withheld([incident])]
    said = values(incident, counted)
    filled = [name for name in counted if is_known(name, said[name])]
    return filled, [name for name in counted if name not in filled]

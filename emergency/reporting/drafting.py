"""A report proposed from what was logged: its elements, what changed since the last, its words.

Owns: the rules of a report's text: a first report says what is known, a follow-up or a supplement
only what changed and what was done since the last, a final one everything. Promises: pure; the same
in, the same out; nothing is said that was not logged. Must not know: where it is from, who signs.
Source: domain rules of information reporting (续报 does not repeat the initial story).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ..models import Grade, Report
from ..models.reports import NUMBERED
from .elements import FIGURES, LABELS, TOLD, is_known, is_said

LINES = 60  # of what was done: a report is read on one page
Elements = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """Something that was written down: when it was, and what."""

    at: datetime
    text: str


def changed(before: Elements, now: Elements) -> dict[str, Any]:
    """Name of each element that changed to its value in the last report; what that did not have
    counts as open there."""
    return {
        name: before.get(name)
        for name, value in now.items()
        if before.get(name) != value and (is_said(name, before.get(name)) or is_said(name, value))
    }


def contradictions(before: Elements, now: Elements) -> list[dict[str, Any]]:
    """Figures that fell since the last report: name, before, now. They may be right: a person is
    asked."""
    was, becomes = before.get("casualties") or {}, now.get("casualties") or {}
    return [
        {"name": name, "before": was[name], "now": becomes[name]}
        for name in FIGURES
        if None not in (was.get(name), becomes.get(name)) and becomes[name] < was[name]
    ]


def completeness(
    said: Elements, unknown: Sequence[str], needed: Mapping[str, int]
) -> dict[str, Any]:
    """Of the needed elements, name to weight: `filled` (known, or said to be 不详), `unknown` (said
    to be 不详), `lacking`, and how `complete` it is, the filled weight in per cent of all."""
    known = {name for name in needed if is_known(name, said.get(name))}
    stated = [name for name in needed if name in unknown and name not in known]
    filled = [name for name in needed if name in known or name in stated]
    whole = sum(needed.values())
    return {
        "filled": filled,
        "unknown": stated,
        "lacking": [name for name in needed if name not in filled],
        "complete": sum(needed[name] for name in filled) * 100 // whole if whole else 100,
    }


def words(kind: str, before: Elements, now: Elements, lines: Sequence[Line]) -> str:
    """The text that is proposed."""
    if kind in NUMBERED:
        return "\n".join([*_changes(before, now), *_done(lines)])
    told = [_said(name, now[name]) for name in now if now[name] not in (None, "", TOLD)]
    return "\n".join([*told, *(_done(lines) if kind == Report.Kind.FINAL else [])])


def _changes(before: Elements, now: Elements) -> list[str]:
    found = changed(before, now)
    if not found:
        return [_("No element has changed since the last report.")]
    said = [_changed(name, was, now[name]) for name, was in found.items()]
    return [_("Changed since the last report:"), *said]


def _changed(name: str, was: Any, now: Any) -> str:
    if name == "casualties":
        was = was or {}
        moved = [
            f"{FIGURES[one]} {_figure(was.get(one))} → {_figure(now[one])}"
            for one in FIGURES
            if was.get(one) != now[one]
        ]
        return f"· {_pair(name, _(', ').join(moved))}"
    if not was:
        return f"· {_said(name, now)}"
    return f"· {_pair(name, f'{_value(name, was)} → {_value(name, now)}')}"


def _done(lines: Sequence[Line]) -> list[str]:
    if not lines:
        return []
    left = len(lines) - LINES
    more = [_("(%s earlier lines are in the log)") % left] if left > 0 else []
    shown = [f"· {_time(one.at)} {one.text}" for one in lines[-LINES:]]
    return [_("Done since then:"), *more, *shown]


def _said(name: str, value: Any) -> str:
    return _pair(name, shown(name, value))


def _pair(name: str, said: str) -> str:
    return _("%(element)s: %(said)s") % {"element": LABELS[name], "said": said}


def shown(name: str, value: Any) -> str:
    """The value of an element in words."""
    if name == "casualties" and value:
        figures = [f"{label} {_figure(value.get(one))}" for one, label in FIGURES.items()]
        return _(", ").join(figures)
    return _value(name, value)


def _value(name: str, value: Any) -> str:
    if value in (None, ""):
        return str(_("unknown"))
    if value == TOLD:
        return str(_("known"))
    if name == "grade":
        return str(Grade(value).label)
    return _time(datetime.fromisoformat(value)) if name.endswith("_at") else str(value)


def _figure(value: int | None) -> str:
    return str(_("unknown")) if value is None else str(value)


def _time(at: datetime) -> str:
    return date_format(localtime(at), "n-j H:i")

"""What is wrong with a plan, before anybody works by it.

Owns: the rules. Promises: a plan without a fault can be activated at each of its levels; every
fault names its place. Must not know: where a plan is kept, who edits it.
Source: domain rules for a digital plan (a task has an owner, a level, a deadline).
"""

from collections import Counter
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from ..rounds.counting import LEAST, MOST, MOST_REPORTERS, is_every

LEVELS, TASKS, MINUTES = 9, 200, 43_200  # at most; a task is due within thirty days


def faults(
    *,
    levels: list[dict[str, Any]],
    tasks: list[dict[str, Any]],
    type_codes: list[str],
    reporters: list[str],
    phone_minutes: int | None,
    written_minutes: int | None,
    organisations: Collection[str],
    classes: Collection[str],
) -> dict[str, str]:
    """Field to what is wrong with it; empty for a plan that can be worked by."""
    found = {
        "levels": _of_levels(levels),
        "tasks": _of_tasks(tasks, {one["code"] for one in levels}, organisations),
        "type_codes": _of_classes(type_codes, classes),
        "reporters": _of_rounds(levels, reporters, organisations),
        "written_minutes": _of_limits(phone_minutes, written_minutes),
    }
    return {field: said for field, said in found.items() if said}


def _of_levels(levels: list[dict[str, Any]]) -> str:
    if not levels:
        return _("A plan has at least one level.")
    if len(levels) > LEVELS:
        return _("A plan has at most %s levels.") % LEVELS
    for one in levels:
        if not is_every(one["every"]):
            span = {"code": one["code"], "least": LEAST, "most": MOST}
            return _("Level %(code)s asks for a report every %(least)s to %(most)s minutes.") % span
    twice = _twice(one["code"] for one in levels)
    return _("Two levels have the code %s.") % twice if twice else ""


def _of_tasks(
    tasks: list[dict[str, Any]], levels: Collection[str], organisations: Collection[str]
) -> str:
    if len(tasks) > TASKS:
        return _("A plan has at most %s tasks.") % TASKS
    twice = _twice(one["no"] for one in tasks)
    if twice:
        return _("Two tasks have the number %s.") % twice
    for one in tasks:
        if one["no"] < 1:
            return _("The numbers of tasks begin with 1.")
        if one["level"] not in levels:
            return _("Task %(no)s is of a level that is not there.") % one
        if one["organisation"] not in organisations:
            return _("Task %(no)s is for an organisation that is not there.") % one
        if not one["text"].strip():
            return _("Task %(no)s says nothing.") % one
        if not 1 <= one["minutes"] <= MINUTES:
            return _("Task %(no)s is due between a minute and thirty days.") % one
    return ""


def _of_classes(type_codes: list[str], classes: Collection[str]) -> str:
    unknown = [code for code in type_codes if not any(one.startswith(code) for one in classes)]
    return _("No class begins with %s.") % unknown[0] if unknown else ""


def _of_rounds(
    levels: list[dict[str, Any]], reporters: list[str], organisations: Collection[str]
) -> str:
    if gone := sorted(set(reporters) - set(organisations)):
        return _("No such organisation: %s") % ", ".join(gone)
    if len(reporters) > MOST_REPORTERS:
        return _("At most %s organisations report.") % MOST_REPORTERS
    asked = any(one["every"] for one in levels)
    return _("Say who reports at the levels that ask for it.") if asked and not reporters else ""


def _of_limits(phone: int | None, written: int | None) -> str:
    early = phone and written and written < phone
    return _("The report in writing cannot be due before the one by phone.") if early else ""


def _twice(values: Any) -> Any:
    value, count = next(iter(Counter(values).most_common(1)), (None, 0))
    return value if count > 1 else None

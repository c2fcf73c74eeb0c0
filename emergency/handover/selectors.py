"""Handovers, the one that waits first, and the words of their items.

Owns: reads. Promises: for the desk of the node's own organisation; of an incident that may not be
seen the number alone is told. Must not know: how anything is written.
"""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from realtime.problems import NotFound

from ..models import Deadline, Directive, Handover, Officer, Report, Task
from ..permissions import require
from ..realms import REAL
from ..selectors import visible_incidents
from ..states import State
from .open_items import Item, needs_note, open_items

LISTED = 30


def waiting(officer: Officer) -> Handover | None:
    """The handover that waits to be taken over."""
    require(officer, "duty.see")
    return Handover.objects.filter(home=settings.NODE_ID, state=Handover.State.SIGNED).first()


def taken(officer: Officer) -> list[Handover]:
    """The latest that were taken, the newest first."""
    require(officer, "duty.see")
    return list(Handover.objects.filter(state=Handover.State.TAKEN)[:LISTED])


def handover(officer: Officer, pk: uuid.UUID) -> Handover:
    """One handover. Raises NotFound."""
    require(officer, "duty.see")
    found = Handover.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def now_open(officer: Officer) -> tuple[list[Item], int]:
    """What is open now, and how much more."""
    require(officer, "duty.see")
    return open_items(officer, datetime.now(UTC))


def shown(
    officer: Officer, items: Sequence[Item], notes: dict[str, str] | None = None
) -> list[dict[str, Any]]:
    """Items in words: {text, linked, due, overdue, owed, note} beside what they are; what is not
    kept of incidents of other nodes is shown as it is now, while it may be seen."""
    ids = {one["incident"] for one in items}
    seen = visible_incidents(REAL, officer).filter(pk__in=ids)
    now = {str(pk): said for pk, *said in seen.values_list("pk", "title", "grade", "state")}
    texts = _texts([one for one in items if one["incident"] in now])
    shown = []
    for one in items:
        title, grade, state = now.get(one["incident"], ("", None, ""))
        whole = {"title": title, "grade": grade, "state": state, "text": texts.get(one["key"], "")}
        whole |= {name: said for name, said in one.items() if name != "title" or said}
        if one["kind"] != "incident":
            whole["grade"] = None
        shown.append(
            whole
            | {
                "linked": one["incident"] in now,
                "text": words(whole),
                "due": datetime.fromisoformat(one["due_at"]) if one["due_at"] else None,
                "owed": needs_note(one),
                "note": (notes or {}).get(one["key"], ""),
            }
        )
    return shown


def _texts(items: Sequence[Item]) -> dict[str, str]:
    """Words of tasks and directives as they stand here, by the keys of these items."""
    kinds = {"task": (Task, "text"), "directive": (Directive, "leader")}
    found = {}
    for kind, (model, field) in kinds.items():
        keys = {one["key"].partition(":")[2] for one in items if one["kind"] == kind}
        rows = model.objects.filter(pk__in=keys).values_list("pk", field)
        found |= {f"{kind}:{pk}": text for pk, text in rows}
    return found


def words(one: Item) -> str:
    """An item in words, as far as it tells of it."""
    kind = one["kind"]
    if kind == "limit":
        return str(Deadline.Kind(one["of"]).label)
    if kind in ("round", "awaited"):
        said = {"no": _span(one["nos"]), "who": "、".join(one.get("missing", ()))}
        if not said["who"]:
            return _("Round %s, not reported") % said["no"]
        return _("Round %(no)s, not reported: %(who)s") % said
    if kind == "supplement":
        return _("Casualties that changed are not reported")
    if kind == "draft":
        return _("Waits for signature: %s") % Report.Kind(one["of"]).label
    if kind == "report":
        return _("Not taken: %s") % Report.Kind(one["of"]).label
    if kind == "receipt":
        return _("Not acknowledged")
    if kind == "request":
        return _("Not answered: %s") % one.get("text", "")
    if kind == "directive":
        return _("Directive of %s") % one.get("text", "")
    if kind == "task":
        return _("Task: %s") % one.get("text", "")
    return str(State(one["state"]).label) if one["state"] else _("Incident")


def _span(nos: Sequence[int]) -> str:
    """Rounds that follow each other, from the first to the last; others one by one."""
    if len(nos) > 1 and nos[-1] - nos[0] == len(nos) - 1:
        return f"{nos[0]}–{nos[-1]}"
    return "、".join(map(str, nos))

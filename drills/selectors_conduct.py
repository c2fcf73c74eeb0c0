"""An exercise as it runs, for those who control it, staff it or play in it.

Owns: reads. Promises: who plays reads what was delivered to the own organisation, who staffs the
exercise or looks on reads every delivery, nobody else any. Must not know: how anything is written.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from emergency.models import Officer
from emergency.selectors_links import links
from emergency.selectors_sharing import shown_node_names
from realtime.link.outgoing import arrivals
from realtime.models import Envelope
from realtime.problems import NotFound

from . import events
from .clock import MINUTE
from .models import Clock, Delivery, Exercise, Inject, Part
from .selectors import is_office, part_of, people


def clock_of(one: Exercise) -> Clock | None:
    """Its clock; None for one that has not begun."""
    return Clock.objects.filter(exercise=one).first()


def began_at(one: Exercise) -> datetime | None:
    """When it began; None for one that has not."""
    history = clock_history(one)
    return datetime.fromisoformat(history[0]["since"]) if history else None


def deliveries(officer: Officer, one: Exercise) -> list[Delivery]:
    """What was delivered and this officer may read, the earliest first."""
    part, found = part_of(officer, one), list(one.deliveries.all())
    if part not in ("", Part.PLAY):
        return found
    if is_office(officer) and one.home == settings.NODE_ID:
        return found
    own = officer.organisation_id
    return [delivery for delivery in found if part and own in delivery.recipients]


def delivery(officer: Officer, one: Exercise, pk: uuid.UUID) -> Delivery:
    """One of them. Raises NotFound."""
    for found in deliveries(officer, one):
        if found.pk == pk:
            return found
    raise NotFound


def detail(officer: Officer, one: Exercise) -> dict[str, Any]:
    """An exercise with its clock and what was delivered to this officer, as the API tells it."""
    clock = clock_of(one)
    return events.data(one) | {
        "part": part_of(officer, one),
        "clock": events.clock_data(clock) if clock else None,
        "history": clock_history(one),
        "deliveries": [events.delivery_data(each) for each in deliveries(officer, one)],
        "answered": answered(officer, one),
    }


def clock_history(one: Exercise) -> list[dict[str, Any]]:
    """Every state of its clock, as this node was told, the earliest first."""
    rows = Envelope.objects.filter(realm=one.realm, type=events.CLOCK_SET.name, parked=None)
    said = [orjson.loads(bytes(row)) for row in rows.values_list("public", flat=True) if row]
    return sorted(said, key=lambda row: row["rev"])


def answered(officer: Officer, one: Exercise) -> list[str]:
    """Ids of the injects that the officer's organisation has answered at this node."""
    rows = Envelope.objects.filter(realm=one.realm, type=events.ANSWERED.name)
    said = [orjson.loads(bytes(row)) for row in rows.values_list("public", flat=True) if row]
    own = officer.organisation_id
    return sorted({row["inject"] for row in said if row["organisation"] == own})


@dataclass(frozen=True)
class Coming:
    """An inject on the console: to whom, and when by the wall as the clock runs now; `missing` are
    the nodes of its recipients that have not confirmed that they hold it."""

    inject: Inject
    recipients: list[str]
    due_at: datetime | None
    delivery: Delivery | None
    missing: list[str]


def console(one: Exercise, injects: list[Inject], names: dict[str, str]) -> list[Coming]:
    """The injects of an exercise as they stand; those that were taken out are left out."""
    clock, sent = clock_of(one), {each.pk: each for each in one.deliveries.all()}
    missing = _missing(one, sent.values())
    reading = clock.reading if clock and clock.state in Clock.OPEN else None
    return [
        Coming(
            inject=each,
            recipients=[names.get(code, code) for code in each.recipients],
            due_at=reading.wall_at(each.minutes * MINUTE) if reading and _waits(each) else None,
            delivery=sent.get(each.pk),
            missing=missing.get(each.pk, []),
        )
        for each in injects
        if each.state != Inject.State.CANCELLED
    ]


def _missing(one: Exercise, sent: Iterable[Delivery]) -> dict[uuid.UUID, list[str]]:
    """Of what this node has delivered, the nodes that it has not arrived at."""
    own = [each for each in sent if each.home == settings.NODE_ID]
    there = arrivals([f"delivery/{each.pk}" for each in own])
    where = {part["organisation"]: part["node"] for part in one.participants}
    names = shown_node_names()
    return {
        each.pk: [names.get(node, node) for node in sorted(to)]
        for each in own
        if (to := {where[code] for code in each.recipients if code in where}
            - {settings.NODE_ID, *there.get(f"delivery/{each.pk}", ())})
    }  # fmt: skip


def outstanding(one: Exercise) -> list[str]:
    """Of which nodes this one cannot be sure to hold all that they wrote in the exercise, each a
    sentence: until both have proven that they are equal after its end; while it runs, where no link
    stands. Away from the home of the exercise nodes without a link are the home's to judge."""
    clock = clock_of(one)
    found = []
    for node in nodes(one) if clock else []:
        if _is_told_by_home(one, node):
            continue
        equal = node.get("equal_at")
        runs = clock.state in Clock.OPEN
        if node["state"] == "live" if runs else equal and equal >= clock.since:
            continue
        name = node["name"]
        if equal:
            text = _("%(name)s: what it wrote after %(time)s may not all be here yet.")
            found.append(text % {"name": name, "time": date_format(localtime(equal), "m-d H:i")})
        else:
            found.append(_("%(name)s: what it wrote is not here yet.") % {"name": name})
    return found


def told_by_home(one: Exercise) -> str:
    """A sentence on the nodes whose writing comes by way of the home of the exercise, so that only
    the home knows whether all of it has come; empty where there is none."""
    told = [node for node in nodes(one) if _is_told_by_home(one, node)]
    names = [node["name"] for node in told if node["node"] != one.home]
    if not names or clock_of(one) is None:
        return ""
    text = _("%(names)s: told by way of %(home)s; whether all of it has come is said there alone.")
    home = shown_node_names().get(one.home, one.home)
    return text % {"names": "、".join(names), "home": home}


def _is_told_by_home(one: Exercise, node: dict[str, Any]) -> bool:
    return "equal_at" not in node and one.home != settings.NODE_ID


def _waits(inject: Inject) -> bool:
    return inject.state == Inject.State.PLANNED and not inject.optional


def nodes(one: Exercise) -> list[dict[str, Any]]:
    """The other nodes that take part, each with its organisations and its link as the page of nodes
    tells it; one without a link of this node is offline and was never heard."""
    peers = {peer["node"]: peer for peer in links()["peers"]}
    found: dict[str, list[str]] = {}
    for part in people(one):
        if part["node"] != settings.NODE_ID:
            found.setdefault(part["node"], []).append(part["organisation_name"])
    unknown = {"state": "offline", "heard_at": None, "clock_ms": None}
    names = shown_node_names()
    return [
        {"name": names.get(node, node), "node": node, **peers.get(node, unknown)}
        | {"organisations": own}
        for node, own in sorted(found.items())
    ]

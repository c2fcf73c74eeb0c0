"""An exercise as it runs, for those who control it, staff it or play in it.

Owns: reads. Promises: who plays reads what was delivered to the own organisation, who staffs the
exercise or looks on reads every delivery, nobody else any. Must not know: how anything is written.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.conf import settings

from emergency.models import Officer
from emergency.selectors_links import links
from emergency.selectors_sharing import shown_node_names
from realtime.models import Envelope
from realtime.problems import NotFound

from . import events
from .clock import MINUTE
from .models import Clock, Delivery, Exercise, Inject, Part
from .selectors import is_office, part_of


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
    """An inject on the console: to whom, and when by the wall as the clock runs now."""

    inject: Inject
    recipients: list[str]
    due_at: datetime | None
    delivery: Delivery | None


def console(one: Exercise, injects: list[Inject], names: dict[str, str]) -> list[Coming]:
    """The injects of an exercise as they stand; those that were taken out are left out."""
    clock, sent = clock_of(one), {each.pk: each for each in one.deliveries.all()}
    reading = clock.reading if clock and clock.state in Clock.OPEN else None
    return [
        Coming(
            inject=each,
            recipients=[names.get(code, code) for code in each.recipients],
            due_at=reading.wall_at(each.minutes * MINUTE) if reading and _waits(each) else None,
            delivery=sent.get(each.pk),
        )
        for each in injects
        if each.state != Inject.State.CANCELLED
    ]


def _waits(inject: Inject) -> bool:
    return inject.state == Inject.State.PLANNED and not inject.optional


def nodes(one: Exercise) -> list[dict[str, Any]]:
    """The other nodes that take part, each with its organisations and its link as the page of nodes
    tells it; one without a link of this node is offline and was never heard."""
    peers = {peer["node"]: peer for peer in links()["peers"]}
    found: dict[str, list[str]] = {}
    for part in one.participants:
        if part["node"] != settings.NODE_ID:
            found.setdefault(part["node"], []).append(part["organisation_name"])
    unknown = {"state": "offline", "heard_at": None, "clock_ms": None}
    names = shown_node_names()
    return [
        {"name": names.get(node, node), **peers.get(node, unknown), "organisations": own}
        for node, own in sorted(found.items())
    ]

"""What a node tells that was not upgraded: applied, shown at once, and no change of its own."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import transaction

from emergency import events, selectors
from emergency.models import Incident
from emergency.services.incidents import change_incident
from realtime import access, log, tail
from realtime.hub import Frames
from realtime.models import Parked, Quarantined
from tests.link.world import YANTA, Wire


def tell(node, made, change: Callable[[dict], dict]) -> None:
    """The incident as its home says it, in a shape that this version does not write."""
    with node.here(), transaction.atomic():
        one = Incident.objects.get(pk=made.pk)
        one.rev += 1
        one.save()
        public = change(dict(events.incident_data(one)))
        kind = replace(events.INCIDENT_CHANGED, public=frozenset(public))
        log.append(
            kind,
            subject=f"incident/{one.pk}",
            actor="x@xian-yanta d",
            realm="real",
            rev=one.rev,
            public=public,
            audience=one.audience,
            relay="parent",
        )


def as_before(public: dict) -> dict:
    """Without the fields that came later."""
    return {name: value for name, value in public.items() if name not in events.LATER} | {
        "title": "旧版"
    }


def seen(node, after: int) -> list[bool]:
    """Whether an open screen of this node is told of each envelope after this position."""
    with node.here():
        rights = access.resolver().user_rights(node.officer)
        _head, rows, scopes = tail.read(after)
        frames = [
            Frames(row).seen_by(rights, "real", frozenset(), "incidents", scopes) for row in rows
        ]
        return [frame is not None for frame in frames]


def test_an_incident_of_a_node_that_was_not_upgraded_is_shown_at_once(city, paired):
    yanta = paired(YANTA)
    made = yanta.report("罐车泄漏")
    wire = Wire(yanta, city).settle()
    position = city.head().position
    tell(yanta, made, as_before)
    wire.settle()
    assert seen(city, position) == [True]
    with city.here():
        assert Incident.objects.get(pk=made.pk).title == "旧版"


def test_fields_that_came_with_an_upgrade_are_no_change_of_the_officer(city, paired):
    yanta = paired(YANTA)
    made = yanta.report("罐车泄漏")
    tell(yanta, made, as_before)
    with yanta.here():
        one = Incident.objects.get(pk=made.pk)
        change_incident(actor=yanta.officer, incident=one, rev=one.rev, summary="新")
    Wire(yanta, city).settle()
    with city.here():
        line = selectors.history(Incident.objects.get(pk=made.pk))[-1]
        assert {"summary"} <= line["changed"].keys() <= {"summary", "title"}


@pytest.mark.parametrize("wrong", ["x", 5, [], {"a": 1}, True], ids=range(5))
@pytest.mark.parametrize("name", events.OTHERS)
def test_a_relative_that_is_none_is_left_out_and_the_incident_is_not(city, paired, name, wrong):
    yanta = paired(YANTA)
    made = yanta.report("罐车泄漏")
    wire = Wire(yanta, city).settle()
    tell(yanta, made, lambda public: public | {name: wrong, "title": "新"})
    wire.settle()
    with city.here():
        one = Incident.objects.get(pk=made.pk)
        assert (one.title, getattr(one, f"{name}_id")) == ("新", None)
        assert not Parked.objects.exists() and not Quarantined.objects.exists()


def test_a_decision_with_half_a_character_is_left_out_on_every_database(city, paired):
    yanta = paired(YANTA)
    made = yanta.report("罐车泄漏", grade=3)
    wire = Wire(yanta, city).settle()
    decided = made.grading | {"reason": "a\0b"}
    tell(yanta, made, lambda public: public | {"grading": decided, "title": "新"})
    wire.settle()
    with city.here():
        one = Incident.objects.get(pk=made.pk)
        assert (one.title, one.grading) == ("新", {})

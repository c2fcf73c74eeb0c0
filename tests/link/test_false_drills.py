"""What another node says of an exercise counts from its home alone, and nothing stops for it."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from drills import events
from drills.models import Clock, Delivery, Exercise, Inject
from drills.services import conduct, exercises, script
from emergency.rights import OfficerRights
from emergency.selectors_activity import activity
from realtime import log
from realtime.link.erasing import erase_due
from realtime.models import Envelope, Parked
from tests import factories
from tests.drills.scene import line, said
from tests.link.test_conduct import begin, nodes, settle  # noqa: F401

PLAIN = {"expected": [], "truth": line()["truth"] | {"share_with": []}}


def people(part: str = "play") -> list[dict[str, str]]:
    return [
        {"organisation": "dept-emergency", "part": "control"},
        {"organisation": "610100", "part": "play"},
        {"organisation": "610113", "part": part},
    ]


def scheduled(city) -> tuple:
    """An exercise with a script that has not begun, and the office."""
    factories.plan()
    factories.organisation("dept-emergency")
    office = factories.officer("emergency_office")
    made = exercises.schedule_exercise(actor=office, **said(participants=people()))
    script.write_inject(
        actor=office, exercise=made, **line(1, minutes=1, recipients=["610113"], **PLAIN)
    )
    return office, made


def forge(node, kind, row, **header) -> None:
    """An envelope of this node about an exercise of another."""
    build = {
        events.INJECT_WRITTEN: events.inject_data,
        events.DELIVERED: events.delivery_data,
        events.CLOCK_SET: events.clock_data,
    }[kind]
    with node.here(), transaction.atomic():
        log.append(
            kind, actor="x", realm=row.realm, rev=1, public=build(row), audience=["xian"], **header
        )


def rows(node, made: Exercise) -> list:
    own = {
        "home": node.name, "realm": made.realm, "exercise_id": made.pk, "author": "x",
        "author_name": "y",
    }  # fmt: skip
    now, number = datetime.now(UTC), len(node.name)
    inject = Inject(
        id=uuid.uuid4(), recorded_at=now, **own,
        **line(70 + number, minutes=0, recipients=["610100"], content="forged", **PLAIN),
    )  # fmt: skip
    delivery = Delivery(
        id=uuid.uuid4(), number=9, channel="phone", sender="120", recipients=["610100"],
        content="forged", minutes=0, at=0, sent_at=now, **own,
    )  # fmt: skip
    clock = Clock(id=uuid.uuid4(), state="running", since=now, **own)
    about = f"exercise/{made.pk}"
    return [
        (events.INJECT_WRITTEN, inject, f"inject/{inject.pk}", f"script/{made.pk}"),
        (events.DELIVERED, delivery, f"delivery/{delivery.pk}", f"delivery/{delivery.pk}"),
        (events.CLOCK_SET, clock, f"clock/{clock.pk}", about),
    ]


def test_what_another_node_writes_into_an_exercise_is_not_believed(nodes):  # noqa: F811
    city, *others = nodes
    made = begin(city)
    settle(nodes)
    for node in others:
        for kind, row, subject, about in rows(node, made):
            forge(node, kind, row, subject=subject, about=about)
    settle(nodes)
    with city.here():
        assert Parked.objects.count() == 6
        conduct.deliver_due()
        told = {one.content for one in Delivery.objects.all()}
        assert "forged" not in told and len(told) == 2
        assert [clock.home for clock in Clock.objects.all()] == ["xian"]


def test_a_player_cannot_keep_an_exercise_from_beginning(nodes):  # noqa: F811
    city, yanta, _changan = nodes
    with city.here():
        office, made = scheduled(city)
    settle(nodes)
    (_inject, _delivery, (kind, row, subject, about)) = rows(yanta, made)
    forge(yanta, kind, row, subject=subject, about=about)
    settle(nodes)
    with city.here():
        conduct.start_exercise(actor=office, exercise=made)
    settle(nodes)
    with yanta.here():
        assert Clock.objects.get().home == "xian"


@pytest.mark.parametrize(
    "wrong",
    [[{"part": "play"}], [{"part": "play", "node": 1, "organisation": "a"}], ["x"], "x",
     [{"organisation": "a", "organisation_name": "a", "node": "b", "part": "play", "more": 1}]],
)  # fmt: skip
def test_who_takes_part_in_another_shape_is_parked_and_stops_no_feed(nodes, wrong):  # noqa: F811
    city, yanta, _changan = nodes
    with city.here():
        _office, made = scheduled(city)
        data = events.data(made) | {"participants": wrong, "rev": 2}
        with transaction.atomic():
            log.append(
                events.CHANGED, subject=events.subject(made), actor="a@b c", realm=made.realm,
                rev=2, public=data, relay="about",
            )  # fmt: skip
    settle(nodes)
    with yanta.here():
        assert Parked.objects.count() == 1
        assert Exercise.objects.get().rev == 1
        assert OfficerRights().scopes([events.subject(made)])


def test_a_home_put_back_to_before_a_delivery_goes_on(nodes, databases, monkeypatch):  # noqa: F811
    city, yanta, _changan = nodes
    with city.here():
        office, made = scheduled(city)
        conduct.start_exercise(actor=office, exercise=made)
    for _round in range(2):
        wires = settle(nodes)
    copy = databases.copy(city.connection)
    with city.here():
        conduct.send_inject(actor=office, inject=Inject.objects.get())
    for wire in wires * 2:
        wire.settle()
    for wire in wires:
        wire.cut()
    city.restore(copy)
    for _round in range(3):
        settle(nodes)
    with city.here():
        monkeypatch.setattr(conduct, "wall", lambda: datetime.now(UTC) + timedelta(minutes=2))
        conduct.deliver_due()
        assert Inject.objects.get().state == "sent" and Delivery.objects.count() == 1
        conduct.end_exercise(actor=office, exercise=Exercise.objects.get())
    with yanta.here():
        assert Delivery.objects.count() == 1


def test_a_script_that_was_never_seen_is_erased_in_its_own_realm(nodes):  # noqa: F811
    city, yanta, _changan = nodes
    with city.here():
        office, made = scheduled(city)
    for wire in settle(nodes):
        wire.cut()
    with city.here():
        for rev, part in ((1, "evaluate"), (2, "play")):
            made = exercises.change_exercise(
                actor=office, exercise=made, rev=rev,
                **said(participants=people(part), starts_at=made.starts_at),
            )  # fmt: skip
    settle(nodes)
    with yanta.here():
        erase_due()
        erased = Envelope.objects.filter(type="share.erased", about=f"script/{made.pk}")
        assert {row.realm for row in erased} == {made.realm}
        assert activity("real", factories.officer("district_officer", "610113")) == []

"""Roll calls over links: asked at once, answered once, measured where they were called."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from emergency.apply import NotYet
from emergency.errors import WrongState
from emergency.models import RollAnswer, RollCall
from emergency.rollcall import selectors, services
from emergency.rollcall.apply import apply_answers, apply_calls
from realtime.models import Envelope, Parked, Quarantined
from realtime.problems import NotFound
from realtime.registry import Fact
from tests.link.world import CHANGAN, CITY, YANTA, Wire

SECOND = timedelta(seconds=1)
ABOVE = "shaanxi"


def call(city, *nodes, minutes=5):
    with city.here():
        return services.call_roll(actor=city.officer, nodes=nodes, minutes=minutes)


def waits(node):
    with node.here():
        return [one["id"] for one in selectors.waiting(node.officer)]


def answer(node, made):
    with node.here():
        found = RollCall.objects.get(pk=made.pk)
        return services.answer_roll(actor=node.officer, call=found)


def rows(node, made):
    with node.here():
        found = selectors.shown(selectors.call(node.officer, made.pk))
        return {row["node"]: row["state"] for row in found["rows"]}


def clean(*nodes):
    for node in nodes:
        with node.here():
            assert not Parked.objects.exists() and not Quarantined.objects.exists()


@pytest.fixture
def yanta(paired):
    return paired(YANTA)


def test_a_district_is_called_answers_and_its_seconds_are_measured_at_the_city(city, yanta, paired):
    changan = paired(CHANGAN)
    made = call(city, YANTA)
    wires = [Wire(yanta, city).settle(), Wire(changan, city).settle()]
    assert (waits(yanta), waits(changan), waits(city)) == ([str(made.pk)], [], [])
    with yanta.here():
        RollCall.objects.update(here_since=datetime.now(UTC) - 12 * SECOND)
    assert answer(yanta, made).seconds == 12
    assert waits(yanta) == []
    with city.here():
        RollCall.objects.update(here_since=datetime.now(UTC) - 30 * SECOND)
    wires[0].settle()
    with city.here():
        assert services.close_due() == 1
        assert services.close_due() == 0
        (result,) = RollCall.objects.get().results
    assert result["node"] == YANTA and 30 <= result["seconds"] <= 32
    assert rows(city, made) == {YANTA: "answered"}
    wires[0].settle()
    with yanta.here():
        assert RollCall.objects.get().results == [result]
        assert selectors.answered(yanta.officer)[0]["seconds"] == result["seconds"]
    with changan.here():
        assert not RollCall.objects.exists()
    clean(city, yanta, changan)


def test_who_has_not_answered_by_the_end_is_missing_and_an_answer_after_it_is_late(city, yanta):
    made = call(city, YANTA, minutes=1)
    wire = Wire(yanta, city).settle()
    with city.here():
        assert services.close_due() == 0
        assert services.close_due(now=datetime.now(UTC) + timedelta(minutes=2)) == 1
    assert rows(city, made) == {YANTA: "none"}
    answer(yanta, made)  # the end has not come here yet
    wire.settle()
    with city.here():
        assert services.close_due(now=datetime.now(UTC) + timedelta(minutes=9)) == 0
        found = selectors.shown(RollCall.objects.get())["rows"]
    assert [(row["state"], row["seconds"]) for row in found] == [("late", None)]
    clean(city, yanta)


def test_a_call_that_is_closed_when_it_comes_asks_nobody(city, yanta):
    made = call(city, YANTA)
    with city.here():
        services.close_due(now=datetime.now(UTC) + timedelta(minutes=6))
    Wire(yanta, city).settle()
    assert waits(yanta) == []
    with pytest.raises(WrongState):
        answer(yanta, made)


def test_two_officers_who_press_at_once_are_one_answer(city, yanta):
    made = call(city, YANTA)
    wire = Wire(yanta, city).settle()
    first = answer(yanta, made)
    assert answer(yanta, made) == first
    wire.settle()
    with city.here():
        assert RollAnswer.objects.count() == 1


def test_nobody_answers_a_call_of_others(city, yanta, paired):
    changan = paired(CHANGAN)
    made = call(city, YANTA)
    Wire(yanta, city).settle()
    with yanta.here():
        RollCall.objects.update(nodes=[{"node": CHANGAN, "name": "长安区"}])
    with pytest.raises(NotFound):
        answer(yanta, made)
    assert waits(yanta) == waits(changan) == []


def test_a_call_lost_by_the_city_comes_back_with_no_seconds_made_up(city, yanta):
    made = call(city, YANTA)
    wire = Wire(yanta, city).settle()
    answer(yanta, made)
    with city.here():
        at = RollCall.objects.get().at
        told = Envelope.objects.get(type="rollcall.called")
        fact = Fact(
            id=told.id, type=told.type, subject=told.subject, about=told.about, source=CITY,
            home=CITY, realm="real", term=1, rev=1, time=told.time,
            public=json.loads(bytes(told.public)), personal=None,
        )  # fmt: skip
        RollCall.objects.all().delete()
        apply_calls([fact])
        assert RollCall.objects.get().here_since == at
    wire.settle()


def call_fact(**changes):
    pk = uuid.uuid4()
    now = datetime.now(UTC)
    public = {
        "id": str(pk), "home": ABOVE, "home_name": "西安市", "rev": 1, "at": now.isoformat(),
        "minutes": 5, "nodes": [{"node": YANTA, "name": "雁塔区"}], "text": "", "author": "a",
        "author_name": "a", "closed_at": None, "results": [],
    }  # fmt: skip
    head = {"home": ABOVE, "subject": f"rollcall/{pk}", "rev": 1}
    kind = changes.pop("type", "rollcall.called")
    return Fact(
        id=uuid.uuid4(), type=kind, about=head["subject"], source=ABOVE, realm="real",
        term=1, time=now, public=public | changes, personal=None, **head,
    )  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [{"home": YANTA}, {"id": str(uuid.uuid4())}, {"rev": 2}, {"minutes": 0}, {"minutes": "5"},
     {"minutes": True}, {"minutes": 10**9}, {"nodes": "x"}, {"nodes": [{"node": 1, "name": "a"}]},
     {"nodes": [{"node": "a"}]}, {"results": [{"node": "a", "seconds": -1}]},
     {"results": [{"node": "a", "seconds": "1"}]}, {"text": "字" * 301}, {"text": None},
     {"at": "soon"}, {"closed_at": 5}, {"type": "incident.handed_over"},
     {"at": "9999-12-31T23:59:59+00:00"}, {"nodes": [{"node": "A B", "name": "a"}]},
     {"nodes": [{"node": "a", "name": "字" * 121}]}],
    ids=range(20),
)  # fmt: skip
def test_what_is_no_roll_call_is_not_applied(node, changes):
    with pytest.raises((ValueError, TypeError)):
        apply_calls([call_fact(**changes)])
    assert not RollCall.objects.exists()


def answer_fact(call, *, home=YANTA, **changes):
    pk, now = uuid.uuid4(), datetime.now(UTC)
    public = {
        "id": str(pk), "call": str(call.pk), "home": home, "rev": 1, "seconds": 3, "author": "a",
        "author_name": "a", "recorded_at": now.isoformat(),
    }  # fmt: skip
    about = changes.pop("about", f"rollcall/{call.pk}")
    kind = changes.pop("type", "rollcall.answered")
    return Fact(
        id=uuid.uuid4(), type=kind, subject=f"rollanswer/{pk}", about=about,
        source=home, home=home, realm="real", term=1, rev=1, time=now,
        public=public | changes, personal=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [{"home": CHANGAN}, {"id": str(uuid.uuid4())}, {"seconds": -1}, {"seconds": "3"},
     {"seconds": True}, {"author": 5}, {"about": "rollcall/other"}, {"recorded_at": "now"},
     {"type": "incident.handed_over"}, {"recorded_at": "9999-12-31T23:59:59+00:00"}],
    ids=range(10),
)  # fmt: skip
def test_what_is_no_answer_of_who_was_called_is_not_applied(node, changes):
    apply_calls([call_fact()])
    with pytest.raises((ValueError, TypeError)):
        apply_answers([answer_fact(RollCall.objects.get(), **changes)])
    assert not RollAnswer.objects.exists()


def test_an_answer_waits_for_its_call_and_what_comes_again_came_the_first_time(node):
    told = call_fact()
    with pytest.raises(NotYet):
        apply_answers([answer_fact(RollCall(pk=uuid.uuid4()))])
    apply_calls([told])
    fact = answer_fact(RollCall.objects.get())
    apply_answers([fact])
    since = [kind.objects.get().here_since for kind in (RollCall, RollAnswer)]
    apply_answers([fact])
    apply_calls([told])
    assert [kind.objects.get().here_since for kind in (RollCall, RollAnswer)] == since

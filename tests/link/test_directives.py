"""Directives over links: passed on by the city, answered in the district, decided in the city."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from emergency.directives.apply import apply_directives, apply_reminders
from emergency.directives.events import REMINDER, SHAPE
from emergency.directives.reminders import remind
from emergency.directives.services import record_directive
from emergency.models import Directive, Incident, Task, TaskReminder
from emergency.plans.services.tasks import take_step
from realtime.models import Parked, Quarantined
from realtime.problems import NotAllowed
from realtime.registry import Fact
from tests import factories
from tests.link.world import CODES, YANTA, Wire

HOUR = timedelta(hours=1)


def record(node, made, *, lead):
    now = datetime.now(UTC)
    with node.here():
        return record_directive(
            actor=node.officer, incident=Incident.objects.get(pk=made.pk), leader="王书记",
            post="市委书记", channel="oral", text="立即处置", received_at=now, read_back=True,
            what="报处置情况", due_at=now + HOUR, lead=lead,
        )  # fmt: skip


def answer(node, kind, text="已处置"):
    with node.here():
        return take_step(actor=node.officer, task=Task.objects.get(), kind=kind, text=text)


def kinds(node):
    with node.here():
        found = Incident.objects.get().tasksteps.order_by("recorded_at", "id")
        return list(found.values_list("kind", flat=True))


@pytest.mark.parametrize("own", [True, False], ids=["of the city", "of the district"])
def test_a_district_answers_and_the_city_decides(city, paired, own):
    yanta = paired(YANTA)
    made = (city if own else yanta).report("内涝")
    wire = Wire(yanta, city).settle()
    record(city, made, lead=CODES[YANTA])
    wire.settle()
    with yanta.here():
        assert Directive.objects.get().text == "立即处置"
        assert Task.objects.get().node == YANTA
    with pytest.raises(NotAllowed):
        answer(yanta, "done")
    answer(yanta, "acknowledged", "")
    wire.cut()
    answer(yanta, "feedback")
    wire = Wire(yanta, city).settle()
    answer(city, "returned", "原因未说明")
    wire.settle()
    answer(yanta, "feedback", "原因为管涌")
    wire.settle()
    answer(city, "done", "")
    wire.settle()
    for node in (city, yanta):
        assert kinds(node) == ["acknowledged", "feedback", "returned", "feedback", "done"]
        with node.here():
            assert not Parked.objects.exists() and not Quarantined.objects.exists()


def fact(incident, **changes):
    now = datetime.now(UTC)
    row = Directive(
        id=uuid.uuid4(), incident=incident, home="xian-yanta", realm="real", author="a",
        author_name="a", recorded_at=now, leader="王", post="书记", channel="written", text="a",
        received_at=now, what="b", due_at=now,
        units=[{"organisation": "x", "organisation_name": "x", "part": "lead"}],
    )  # fmt: skip
    return Fact(
        id=uuid.uuid4(), type="directive.recorded", subject=f"directive/{row.pk}",
        about=f"incident/{incident.pk}", source="xian-yanta", home="xian-yanta", realm="real",
        term=1, rev=1, time=now, public=SHAPE.data(row) | changes, personal=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [{"leader": ""}, {"leader": 5}, {"post": "字" * 121}, {"channel": "pigeon"},
     {"text": "字" * 4001}, {"read_back": "yes"}, {"what": ""}, {"units": []}, {"units": "x"},
     {"units": [{"organisation": "x"}]}, {"due_at": "9999-12-31T23:59:59+00:00"},
     {"units": [{"organisation": "x", "organisation_name": "x", "part": "cook"}]},
     {"received_at": "soon"}, {"incident": str(uuid.uuid4())}],
    ids=range(14),
)  # fmt: skip
def test_what_is_no_directive_is_not_applied(node, changes):
    made = factories.incident()
    with pytest.raises((ValueError, TypeError)):
        apply_directives([fact(made, **changes)])
    assert not Directive.objects.exists()
    apply_directives([fact(made)])
    assert Directive.objects.count() == 1


def test_a_reminder_of_the_city_stands_in_the_district(city, paired):
    yanta = paired(YANTA)
    made = city.report("内涝")
    wire = Wire(yanta, city).settle()
    record(city, made, lead=CODES[YANTA])
    with city.here():
        assert remind(now=datetime.now(UTC) + 2 * HOUR) == 1
    wire.settle()
    with yanta.here():
        assert TaskReminder.objects.get().percent == 100
        assert remind(now=datetime.now(UTC) + 2 * HOUR) == 0


@pytest.mark.parametrize(
    "changes", [{"percent": "50"}, {"percent": 0}, {"percent": True}, {"roles": "all"},
                {"roles": [1]}, {"organisation": ""}, {"node": None}],
    ids=range(7),
)  # fmt: skip
def test_what_is_no_reminder_is_not_applied(node, changes):
    made = factories.incident()
    now = datetime.now(UTC)
    row = TaskReminder(
        incident=made, home="xian-yanta", realm="real", author="a", author_name="",
        recorded_at=now, task=uuid.uuid4(), organisation="x", node="", percent=50, roles=["a"],
    )  # fmt: skip
    told = Fact(
        id=uuid.uuid4(), type="task.reminded", subject=f"taskreminder/{row.pk}",
        about=f"incident/{made.pk}", source="xian-yanta", home="xian-yanta", realm="real",
        term=1, rev=1, time=now, public=REMINDER.data(row) | changes, personal=None,
    )  # fmt: skip
    with pytest.raises((ValueError, TypeError)):
        apply_reminders([told])
    assert not TaskReminder.objects.exists()

"""A roster over links: at the nodes it is told to, as it stands, and nowhere else."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from emergency.models import Shift
from emergency.roster import selectors, services
from emergency.roster.apply import apply_shifts
from emergency.roster.events import shift_data
from realtime.link import erasing
from realtime.models import Envelope, Parked, Quarantined
from realtime.registry import Fact
from tests import factories
from tests.link.world import CHANGAN, YANTA, Wire

HOUR = timedelta(hours=1)
PERSON = {"post": "main", "post_name": "主班", "username": "", "name": "a", "phone": ""}


def plan(node, name="canary-person", **fields):
    with node.here():
        leader = factories.officer("shift_leader", node.officer.organisation_id)
        start = datetime.now(UTC) - HOUR
        made = services.keep_shift(
            actor=leader,
            **{"starts_at": start, "ends_at": start + 12 * HOUR}
            | {"people": [{"post": "main", "username": "", "name": name, "phone": "135"}]}
            | fields,
        )
    return leader, made


def names(node, of):
    with node.here():
        row = selectors.on_duty(of)
        return row and [one["name"] for one in row.people]


def clean(*nodes):
    for node in nodes:
        with node.here():
            assert not Parked.objects.exists() and not Quarantined.objects.exists()


def test_a_roster_is_at_the_node_it_is_told_to_with_later_changes_and_at_no_other(city, paired):
    yanta, changan = paired(YANTA, cleared=True), paired(CHANGAN, cleared=True)
    leader, made = plan(city)
    with city.here():
        services.publish(actor=leader, node=YANTA)
    wires = [Wire(yanta, city).settle(), Wire(changan, city).settle()]
    assert names(yanta, "xian") == ["canary-person"]
    plan(city, "another", shift=made, rev=1)
    for wire in wires:
        wire.settle()
    assert names(yanta, "xian") == ["another"]
    assert names(changan, "xian") is None
    assert not [frame for _to, frame in wires[1].sent if b"canary-person" in frame]
    clean(city, yanta, changan)


def test_a_node_that_is_not_cleared_is_told_the_hours_and_nobody(city, paired):
    yanta = paired(YANTA, cleared=False)
    leader, _made = plan(city)
    with city.here():
        services.publish(actor=leader, node=YANTA)
    wire = Wire(yanta, city).settle()
    assert names(yanta, "xian") == []
    assert not [frame for _to, frame in wire.sent if b"canary-person" in frame]


def test_a_district_tells_its_roster_to_the_city_and_takes_it_back(city, paired):
    yanta = paired(YANTA, cleared=True)
    leader, _made = plan(yanta)
    with yanta.here():
        services.publish(actor=leader, node="xian")
    wire = Wire(yanta, city).settle()
    assert names(city, YANTA) == ["canary-person"]
    with city.here():
        seen = selectors.elsewhere(factories.officer())
        assert [(peer.node, rows[0].now) for peer, rows in seen] == [(YANTA, True)]
    with yanta.here():
        services.withdraw(actor=leader, node="xian")
    wire.settle()
    with city.here():
        erasing.erase_due()
        assert not Shift.objects.filter(home=YANTA).exists()
        told = Envelope.objects.filter(type="shift.kept", source=YANTA)
        assert told.exists() and not told.exclude(personal=None).exists()
    clean(city, yanta)


def fact(**changes):
    start = datetime.now(UTC)
    row = Shift(id=uuid.uuid4(), home=YANTA, rev=1, starts_at=start, ends_at=start + HOUR)
    row.author, row.author_name, row.recorded_at = f"a@{YANTA} x", "a", start
    said = {"public": shift_data(row), "personal": {"people": [PERSON]}} | changes
    return Fact(
        id=uuid.uuid4(), type=said.pop("type", "shift.kept"), subject=f"shift/{row.pk}",
        source=said.pop("source", YANTA), home=YANTA, about=said.pop("about", f"roster/{YANTA}"),
        realm="real", term=1, rev=1, time=start, **said,
    )  # fmt: skip


def public(**changes):
    return {"public": fact().public | changes}


@pytest.mark.parametrize(
    "changes",
    [{"about": "roster/xian"}, {"source": "xian"}, public(), {"personal": {"people": [1]}},
     {"personal": {"people": [{"name": "a"}]}}, {"type": "incident.handed_over"},
     {"personal": {"people": [PERSON] * 21}}, {"personal": {"people": None}}],
    ids=["of another node", "by another node", "of another id", "no person", "half a person",
         "of another type", "too many", "none"],
)  # fmt: skip
def test_what_is_no_shift_of_its_node_is_not_applied(node, changes):
    with pytest.raises(ValueError):
        apply_shifts([fact(**changes)])
    assert not Shift.objects.exists()


@pytest.mark.parametrize(
    "name",
    ["cancelled", "rev", "starts_at", "ends_at", "author"],
)
def test_a_shift_of_another_shape_is_not_applied(node, name):
    good = fact()
    wrong = {"cancelled": "no", "rev": 7, "starts_at": "soon", "ends_at": good.public["starts_at"]}
    wrong["author"] = "字" * 121
    bad = Fact(**vars(good) | {"public": good.public | {name: wrong[name]}})
    with pytest.raises(ValueError):
        apply_shifts([bad])
    apply_shifts([good])
    assert Shift.objects.count() == 1


def test_names_that_are_withheld_later_are_not_those_of_before(node):
    first = fact()
    apply_shifts([first])
    said = first.public | {"rev": 2}
    apply_shifts([Fact(**vars(first) | {"rev": 2, "public": said, "personal": None})])
    assert (Shift.objects.get().rev, Shift.objects.get().people) == (2, [])

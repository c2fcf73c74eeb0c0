"""What this node shows its own organisations of the incidents of others: here, and nowhere else."""

import orjson
import pytest

from emergency import selectors
from emergency.errors import NotHomeNode
from emergency.models import Incident, Officer, Organisation, Reach
from emergency.services import homes, reaching
from realtime import access, registry, tail
from realtime.hub import Frames
from realtime.link import erasing, sharing
from realtime.models import Envelope, Peer
from realtime.problems import NotFound
from realtime.start import open_log
from realtime.verify import verify_log
from tests import factories
from tests.emergency import pictures
from tests.link.world import CHANGAN, YANTA, Node, Wire

FIRE, PHONE = "dept-fire", "029-canary"
SHOWN, ENDED = "showing.begun", "showing.ended"


class Department:
    """The fire service of a node, and an officer of it who looks at a screen."""

    def __init__(self, node: Node):
        self.node = node
        with node.here():
            self.liaison: Officer = factories.officer("liaison", FIRE)
            self.organisation = Organisation.objects.get(pk=FIRE)

    def _do(self, verb, made) -> Incident:
        with self.node.here():
            one = Incident.objects.get(pk=made.pk)
            return verb(actor=self.node.officer, incident=one, organisation=self.organisation)

    def show(self, made) -> Incident:
        return self._do(reaching.open_to, made)

    def end(self, made) -> Incident:
        return self._do(reaching.close_to, made)

    def sees(self, made) -> dict | None:
        """The incident as the liaison opens it, None where it is hidden."""
        with self.node.here():
            listed = selectors.incident_list("real", self.liaison, state="all")["items"]
            try:
                found = selectors.incident(self.liaison, made.pk)
            except NotFound:
                assert listed == []
                return None
            assert [one["id"] for one in listed] == [str(made.pk)]
            return selectors.detail(self.liaison, found)

    def told(self, after: int) -> list[dict]:
        """The frames of the liaison's screen about what was written after this position."""
        with self.node.here():
            rights = access.resolver().user_rights(self.liaison)
            _head, rows, scopes = tail.read(after)
            topics = frozenset({"incidents", "shares"})
            frames = [
                Frames(row).seen_by(rights, "real", topics, registry.find(row.type).topic, scopes)
                for row in rows
            ]
            return [orjson.loads(frame.payload) for frame in frames if frame]

    def kinds(self, after: int) -> list[str]:
        """The same, by kind of frame or type of event."""
        return [frame.get("type", frame["kind"]) for frame in self.told(after)]


@pytest.fixture
def yanta(paired):
    return paired(YANTA)


@pytest.fixture
def fire(city):
    return Department(city)


@pytest.fixture
def made(yanta, city):
    """Reported by the district, with a line and a file, and held by the city."""
    made = yanta.report("电梯困人", reporter={"phone": PHONE})
    yanta.write(made, "已到场")
    yanta.attach(made, pictures.pdf())
    Wire(yanta, city).settle()
    return made


def position(node) -> int:
    return node.head().position


def test_a_department_sees_what_a_district_reported_once_the_city_shows_it(city, yanta, fire, made):
    assert fire.sees(made) is None
    at = position(city)
    fire.show(made)
    (frame,) = fire.told(at)
    assert (frame["type"], frame["about"]) == (SHOWN, f"incident/{made.pk}")
    assert frame["item"]["organisation"] == FIRE
    seen = fire.sees(made)
    assert [entry["text"] for entry in seen["entries"]] == ["已到场"]
    assert len(seen["attachments"]) == 1
    assert PHONE not in str(seen), "a liaison is told no names and phones"
    assert PHONE in str(city.incident(made))


def test_what_is_written_later_comes_too_and_its_end_hides_it_at_once(city, yanta, fire, made):
    fire.show(made)
    at, wire = position(city), Wire(yanta, city)
    yanta.change(made, title="电梯困人，已救出一人")
    yanta.write(made, "一人获救")
    wire.settle()
    assert {"incident.changed", "entry.written"} <= set(fire.kinds(at))
    assert fire.sees(made)["title"] == "电梯困人，已救出一人"
    at = position(city)
    fire.end(made)
    assert [(one["kind"], one["subject"]) for one in fire.told(at)] == [
        ("gone", f"incident/{made.pk}")
    ]
    assert fire.sees(made) is None
    at = position(city)
    yanta.write(made, "不再可见")
    wire.settle()
    assert fire.told(at) == [], "nothing that is written afterwards, not even that it was"


def test_it_stays_on_this_node_and_out_of_the_incident(city, yanta, fire, made):
    before = yanta.incident(made)
    fire.show(made)
    Wire(yanta, city).settle()
    assert yanta.envelopes(type=SHOWN) == {} and yanta.incident(made) == before
    assert city.incident(made) == before, "revision, organisations and all"
    with city.here():
        row = Envelope.objects.get(type=SHOWN)
        assert (row.relay, row.audience.split(), row.subject[:8]) == ("none", ["xian"], "showing/")
        assert Peer.objects.get(node=YANTA).equal_at is not None
        assert verify_log().bad is None


def test_twice_is_once_and_ending_what_is_not_shown_is_harmless(city, fire, made):
    for verb in (fire.end, fire.show, fire.show, fire.end, fire.end, fire.show):
        verb(made)
    with city.here():
        kinds = Envelope.objects.filter(type__startswith="showing.").order_by("position")
        assert list(kinds.values_list("type", flat=True)) == [SHOWN, ENDED, SHOWN]
    assert fire.sees(made)["shown_here"] == [FIRE]


def test_a_revision_of_its_home_leaves_what_is_shown_here_alone(city, yanta, fire, made):
    other = Department(yanta)
    fire.show(made)
    with yanta.here():
        police = factories.organisation("dept-police")
        one = Incident.objects.get(pk=made.pk)
        reaching.open_to(actor=yanta.officer, incident=one, organisation=police)
    Wire(yanta, city).settle()
    assert fire.sees(made)["shown_here"] == [FIRE]
    other.show(made)  # the district shows it to the fire service as well
    Wire(yanta, city).settle()
    with pytest.raises(NotHomeNode):
        fire.end(made)
    other.end(made)
    Wire(yanta, city).settle()
    assert fire.sees(made)["shown_here"] == [FIRE], "what the city shows is for the city to end"
    fire.end(made)
    assert fire.sees(made) is None


@pytest.mark.parametrize("how", ["handed over", "taken over"])
def test_what_was_shown_stays_shown_when_this_node_becomes_its_home(city, yanta, fire, made, how):
    fire.show(made)
    wire = Wire(yanta, city)
    wire.settle()
    if how == "handed over":
        with yanta.here():
            one = Incident.objects.get(pk=made.pk)
            homes.hand_over(actor=yanta.officer, incident=one, rev=one.rev, node=city.name)
        wire.run()
    else:
        wire.cut()
        with city.here():
            Peer.objects.filter(node=YANTA).update(linked_at=None)
            homes.take_over(actor=city.officer, incident=Incident.objects.get(pk=made.pk))
    assert fire.sees(made)["shown_here"] == [FIRE]
    rev = fire.show(made).rev
    Wire(yanta, city).settle()
    assert FIRE not in str(city.incident(made)["organisations"]), "it is shown once"
    at = position(city)
    assert fire.end(made).rev == rev
    assert fire.kinds(at) == ["gone"] and fire.sees(made) is None
    fire.show(made)
    assert {"code": FIRE, "ground": "shared"} in fire.sees(made)["organisations"]
    assert fire.sees(made)["shown_here"] == []
    Wire(yanta, city).settle()
    assert city.incident(made) == yanta.incident(made)


def test_after_a_restart_it_is_shown_as_before(city, fire, made):
    fire.show(made)
    city.connection.close()
    with city.here():
        open_log()
    assert fire.sees(made)["shown_here"] == [FIRE]


def test_what_its_home_withdraws_is_gone_here_too_and_not_shown_by_itself_again(city, paired):
    changan = paired(CHANGAN)
    fire, made = Department(changan), city.report("canary")
    wire = Wire(changan, city)

    def share():
        with city.here():
            given = sharing.grant(thing=f"incident/{made.pk}", node=CHANGAN, actor="a@b c")
        wire.settle()
        return given

    given = share()
    fire.show(made)
    with city.here():
        sharing.end(share=given, actor="a@b c")
    wire.run()
    at = position(changan)
    with changan.here():
        assert erasing.erase_due() == 1
        assert not Reach.objects.exists() and verify_log().bad is None
        shown = Envelope.objects.get(type=SHOWN)
        assert b"canary" not in bytes(shown.public), "it outlives the incident"
    assert [(one["kind"], one["subject"]) for one in fire.told(at)] == [
        ("gone", f"incident/{made.pk}")
    ]
    assert fire.sees(made) is None
    wire.settle()
    share()
    assert changan.incident(made) is not None and fire.sees(made) is None
    fire.show(made)
    assert fire.sees(made)["title"] == "canary"

"""A peer whose key is proven sends what it should not: refused or parked, and nothing else happens.

The lies are those of `faults/lies.py`, told here to a node in this process; the real node behind a
socket hears them in tests/faults.
"""

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from emergency import selectors
from emergency.models import Incident
from faults.liar import Forge, elsewhere, entry_data
from faults.lies import PARKED, QUARANTINED, Ground
from faults.nodes import HONEST
from realtime import access, blobs, tail
from realtime.hub import Frames
from realtime.link import pairing
from realtime.link.files import FileSession
from realtime.link.frames import Broken, frame
from realtime.link.incoming import Taken, take
from realtime.models import Envelope, Parked, Peer, Quarantined
from realtime.verify import verify_log
from tests.link.world import YANTA, Wire

SESSION = "s"


class Told:
    """A node that listens to a liar."""

    def __init__(self, node):
        self.node = node
        key = Ed25519PrivateKey.generate()
        public = key.public_key().public_bytes_raw()
        self.forge = Forge(HONEST, key)
        with node.here():
            code = pairing.issue_code(node=HONEST, actor="admin")
            pairing.accept(code=code, node=HONEST, name=HONEST, public=public)
            pairing.confirm(node=HONEST, actor="admin", cleared=True)
            Peer.objects.filter(node=HONEST).update(session=SESSION)

    def take(self, *items) -> Taken:
        with self.node.here():
            raws = orjson.loads(orjson.dumps(items))
            return take(peer=HONEST, session=SESSION, raws=raws, cursor=None)

    def waiting(self) -> tuple[int, int]:
        """How many are quarantined and parked."""
        with self.node.here():
            return Quarantined.objects.count(), Parked.objects.count()

    def shown(self, pk):
        """An incident as the duty officer sees it, by its id."""
        return self.node.incident(type("Incident", (), {"pk": pk}))


@pytest.fixture
def told(city):
    return Told(city)


@pytest.fixture
def on(told, city, paired):
    """An incident of the liar and one of a district, both at the city."""
    yanta = paired(YANTA)
    foreign = yanta.report("an incident of the district")
    yanta.write(foreign, "a line")
    Wire(yanta, city).run()
    own = told.forge.incident("an incident of the liar")
    told.take(own)
    pk = orjson.loads(own["header"])["subject"].removeprefix("incident/")
    return Ground(told.forge, pk, str(foreign.pk))


@pytest.mark.parametrize("name", QUARANTINED)
def test_what_no_honest_node_sends_is_quarantined_and_changes_nothing(told, on, name):
    before, head = told.shown(on.foreign), told.node.head()
    taken = told.take(on.forge.entry(on.own, "before"), QUARANTINED[name](on))
    assert (taken.kept, len(taken.refused)) == (1, 1)
    assert told.waiting() == (1, 0)
    assert told.shown(on.foreign) == before
    assert told.node.head().position == head.position + 1


@pytest.mark.parametrize("name", PARKED)
def test_what_is_genuine_and_cannot_be_applied_is_kept_and_parked(told, on, name):
    before, head = told.shown(on.foreign), told.node.head()
    taken = told.take(PARKED[name](on), on.forge.entry(on.own, "after"))
    assert (taken.kept, taken.refused) == (2, [])
    assert told.waiting() == (0, 1)
    assert told.shown(on.foreign) == before
    assert [entry["text"] for entry in told.shown(on.own)["entries"]] == ["after"]
    with told.node.here():
        assert verify_log().bad is None
        _head, rows, _scopes = tail.read(head.position)
        assert [row.waits for row in rows] == [True, False]


@pytest.mark.parametrize("parked_as", ["the year 2099", "a type nobody knows", "nothing in it"])
@pytest.mark.parametrize("order", ["older first", "newer first", "together"])
def test_what_is_parked_is_not_in_force_whatever_came_first(told, order, parked_as):
    pk = "6f3c0a4e-6c1c-4bd5-9f39-0d8a26a3f6a1"
    odd = {
        "the year 2099": {"time": "2099-01-01T00:00:00.000000+00:00"},
        "a type nobody knows": {"type": "incident.dreamt"},
        "nothing in it": {},
    }[parked_as]
    good = told.forge.incident("good", pk, rev=1)
    bad = told.forge.item({}, subject=f"incident/{pk}", rev=2, **odd)
    for batch in {
        "older first": [[good], [bad]],
        "newer first": [[bad], [good]],
        "together": [[bad, good]],
    }[order]:
        assert told.take(*batch).refused == []
    assert told.shown(pk)["title"] == "good"
    assert told.waiting() == (0, 1)


def test_nobody_is_told_of_what_was_not_applied(told, on):
    position, subject = told.node.head().position, f"incident/{on.own}"
    told.take(on.forge.item({"id": on.own}, subject=subject, rev=2))
    told.take(on.forge.item({"id": on.own}, subject=subject, rev=3))
    told.take(on.forge.incident("changed", on.own, rev=4))  # nothing waits any more
    told.take(on.forge.item({"id": on.own}, subject=subject, rev=5))
    with told.node.here():
        rights = access.resolver().user_rights(told.node.officer)
        _head, rows, scopes = tail.read(position)
        seen = [
            Frames(row).seen_by(rights, "real", frozenset(), "incidents", scopes) for row in rows
        ]
        history = selectors.detail(told.node.officer, Incident.objects.get(pk=on.own))["history"]
    assert [frame is not None for frame in seen] == [False, False, True, False]
    assert told.shown(on.own)["title"] == "changed"
    assert history[-1]["rev"] == 4


def test_what_is_about_a_thing_of_the_same_batch_need_not_wait_for_it(told, on, caplog):
    pk = on.fresh()
    items = [on.forge.entry(on.own, "of old"), on.forge.incident("new", pk), on.forge.entry(pk, "")]
    assert told.take(*items).kept == 3
    assert "could not be applied at once" not in caplog.text
    assert len(told.shown(pk)["entries"]) == 1


def test_the_key_of_a_node_is_no_attachment(told, on):
    name = elsewhere("/../keys/node.pem")
    told.take(on.incident(blobs=[{"sha256": name, "size": 9, "media_type": "image/png"}]))
    with told.node.here():
        session = FileSession()
        session.peer, session.proven = HONEST, True
        with pytest.raises(Broken):
            session.receive(frame("ask", sha256=name, offset=0))
        for path in (blobs.path_of, blobs.part_of):
            with pytest.raises(ValueError):
                path(name)


def test_what_is_no_incident_is_handed_over_to_nobody(told, on):
    pk = on.fresh()
    given = {"subject": f"entry/{pk}", "about": f"incident/{on.own}", "relay": "about"}
    data = entry_data(pk, on.own, on.forge.node, "a line")
    assert told.take(on.forge.item(data, type="entry.written", **given)).kept == 1
    ours = data | {"home": told.node.name, "text": "a line of yours"}
    taken = told.take(on.forge.item(ours, type="incident.handed_over", term=2, **given))
    assert (taken.kept, len(taken.refused)) == (0, 1)
    with told.node.here():
        assert not Envelope.objects.filter(subject=f"entry/{pk}", home=told.node.name).exists()

"""A peer whose key is proven sends what it should not: refused or parked, and nothing else happens.

The lies are those of `faults/lies.py`, told here to a node in this process; the real node behind a
socket hears them in tests/faults.
"""

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from faults.liar import Forge
from faults.lies import PARKED, QUARANTINED, Ground
from faults.nodes import HONEST
from realtime.link import pairing
from realtime.link.incoming import Taken, take
from realtime.models import Parked, Peer, Quarantined
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
    before = told.shown(on.foreign)
    taken = told.take(PARKED[name](on), on.forge.entry(on.own, "after"))
    assert (taken.kept, taken.refused) == (2, [])
    assert told.waiting() == (0, 1)
    assert told.shown(on.foreign) == before
    assert [entry["text"] for entry in told.shown(on.own)["entries"]] == ["after"]
    with told.node.here():
        assert verify_log().bad is None

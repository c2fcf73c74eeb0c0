"""A layer of a restricted audience is seen by the cleared alone, at every door."""

import pytest

from realtime import access, log, registry
from realtime.hub import Frames
from tests import factories
from tests.emergency.desk import HERE, Api
from tests.gis import city

SECRET = "液氯库"
BOX = {"west": 108.9, "south": 34.2, "east": 109.0, "north": 34.3}


@pytest.fixture
def published(node):
    """A layer for everybody and one for the cleared."""
    city.layer("schools", city.points(["小学"], [HERE]))
    return city.layer("hazards", city.points([SECRET], [HERE]), audience=["sensitive"])


def fed(officer) -> str:
    """Everything that the feed tells this officer of layers."""
    rights = access.resolver().user_rights(officer)
    rows = log.read_after(0, 1000)
    scopes = access.resolver().scopes({row.about for row in rows})
    told = [
        Frames(row).seen_by(rights, "real", frozenset(), registry.find(row.type).topic, scopes)
        for row in rows
        if row.type == "layer.published"
    ]
    return " ".join(frame.text for frame in told if frame)


@pytest.mark.parametrize(
    ("role", "code", "cleared"),
    [("duty_officer", "610100", True), ("district_officer", "610122", True),
     ("liaison", "dept-fire", False), ("observer", "610100", False),
     ("system_admin", "610100", False)],
)  # fmt: skip
def test_a_restricted_layer_is_for_the_cleared_alone(published, role, code, cleared):
    officer = factories.officer(role, code)
    api = Api(officer)
    slugs = {layer["slug"] for layer in api.get("/layers").json()}
    assert slugs == ({"schools", "hazards"} if cleared else {"schools"})
    assert (api.get("/layers/hazards/features", **BOX).status_code == 200) is cleared
    for path, query in (
        ("/places", {"q": SECRET}), ("/survey", {"lon": HERE[0], "lat": HERE[1]})
    ):  # fmt: skip
        assert (SECRET in api.get(path, **query).content.decode()) is cleared, path
    assert ("hazards" in fed(officer)) is cleared
    assert "schools" in fed(officer), "what is for everybody is told to everybody"


def test_a_tile_of_a_restricted_layer_is_absent_for_the_others(published):
    address = f"/tiles/hazards/{published.sha256}/8/205/101"
    cleared, other = (factories.officer(role) for role in ("duty_officer", "observer"))
    assert factories.client(cleared).get(address).status_code in (200, 204)
    assert factories.client(other).get(address).status_code == 404


def test_a_topic_that_nobody_knows_is_shown_to_nobody(node):
    officer = factories.officer()
    rights = access.resolver().user_rights(officer)
    for topic in ("", "unknown", "Incidents"):
        assert access.resolver().view(rights, topic, "real", None) is access.View.NONE
    assert access.resolver().view(rights, "layers", "real", None) is access.View.NONE

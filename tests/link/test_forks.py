"""Two versions of one revision: one in force everywhere, the other a proposal, both ends told."""

import pytest
from django.db import transaction

from emergency import selectors
from emergency.models import Incident
from emergency.services import homes
from realtime.link import forks, health
from realtime.models import Envelope, Peer, Quarantined
from realtime.verify import verify_log
from tests.link.world import YANTA, Wire


@pytest.fixture
def yanta(paired):
    return paired(YANTA)


def forked(city, yanta, databases) -> Incident:
    """An incident that its home changed, forgot by going back to a copy, and changed otherwise."""
    made = yanta.report("as reported")
    Wire(yanta, city).settle()
    copy = databases.copy(yanta.connection)
    yanta.change(made, title="forgotten at home")
    Wire(yanta, city).settle()
    yanta.restore(copy)
    yanta.change(made, title="written anew")
    return made


def linked(lower, upper) -> None:
    """Lines until one stays, as after an old copy."""
    for _line in range(4):
        if Wire(lower, upper).settle().broken is None:
            return


def proposals(node, made) -> list[dict]:
    with node.here():
        lines = selectors.history(Incident.objects.get(pk=made.pk))
    return [line for line in lines if line["proposal"]]


def news(node) -> int:
    with node.here():
        found = health.states()["forks"]
    return found["count"] if found else 0


def test_of_two_versions_the_same_is_in_force_on_both_ends_and_the_other_a_proposal(
    city, yanta, databases
):
    made = forked(city, yanta, databases)
    linked(yanta, city)
    for node in (city, yanta):
        assert node.incident(made)["title"] == "written anew"
        (line,) = proposals(node, made)
        assert line["changed"] == {"title": ["as reported", "forgotten at home"]}
        with node.here():
            assert not Quarantined.objects.exists()
            assert verify_log().bad is None
    assert city.about(made) == yanta.about(made)


def test_both_ends_are_alarmed_once(city, yanta, databases):
    made = forked(city, yanta, databases)
    assert news(city) == news(yanta) == 0
    linked(yanta, city)
    assert news(city) == news(yanta) == 1
    linked(yanta, city)
    assert news(city) == news(yanta) == 1
    with city.here():
        row = Envelope.objects.get(subject=forks.SUBJECT)
        assert f'"subject":"incident/{made.pk}"' in bytes(row.public).decode()


def test_of_two_takeovers_at_once_one_is_in_force_everywhere(city, yanta, databases):
    made = yanta.report("as reported")
    Wire(yanta, city).settle()
    copy = databases.copy(city.connection)
    for title in ("led first", "led anew"):
        with city.here():
            Peer.objects.filter(node=YANTA).update(linked_at=None)
            homes.take_over(actor=city.officer, incident=Incident.objects.get(pk=made.pk))
        city.change(made, title=title)
        if title == "led first":
            Wire(yanta, city).settle()
            city.restore(copy)
    linked(yanta, city)
    assert city.incident(made)["title"] == yanta.incident(made)["title"] == "led anew"
    assert len(proposals(city, made)) == len(proposals(yanta, made)) == 2
    assert news(city) == news(yanta) == 2


def test_what_an_honest_home_writes_is_no_fork(city, yanta):
    made = yanta.report()
    for number in range(5):
        yanta.change(made, title=str(number))
        yanta.write(made, str(number))
    linked(yanta, city)
    assert news(city) == news(yanta) == 0
    assert proposals(city, made) == []


def test_the_lesser_of_two_revisions_is_a_proposal_though_it_came_last(city, yanta):
    made = yanta.report("as reported")
    for title in ("a", "b"):  # two at once, as two processes of a broken home would
        with yanta.here(), transaction.atomic():
            Incident.objects.filter(pk=made.pk).update(rev=1)
        yanta.change(made, title=title)
    Wire(yanta, city).settle()
    assert city.incident(made)["title"] == "b"
    assert [line["changed"]["title"][1] for line in proposals(city, made)] == ["a"]
    assert news(city) == 1
